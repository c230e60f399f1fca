"""Summary → a few plain sentences on what follows from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from lab.analysis.stats.counterparts import counterparts
from lab.analysis.stats.intervals import FEWEST_ROUNDS
from lab.analysis.stats.rounds import Measured
from lab.analysis.stats.summary import resolution
from lab.analysis.stats.verdicts import is_time
from lab.core.words import TIMES, does, interval, listing
from lab.core.work import AA_SUFFIX

MOST_CELLS = 3
"""With more cases of the baseline, only the first and the last have a sentence, and all a count."""

Row = Mapping[str, Any]


def sentences(results: Measured, summary: pl.DataFrame) -> list[str]:
    """Return what follows for the makespan (where there is none: for the first time), in plain words.

    A sentence for each case of the baseline: which model takes least, which tie, which takes most.
    Empty for an experiment that has no baseline or no time.
    """
    baseline = str(results.environment.get("experiment", {}).get("baseline") or "")
    rows = _rows(summary)
    cells = _cells(rows, results.axes, baseline)
    compared = [row for members in cells.values() for row in members if row["ratio"] is not None]
    if not compared:
        return []
    if not any(row["verdict"] in _WORDS for row in compared):
        rounds = max(row["rounds"] for row in compared)
        return [f"No verdicts: they need {FEWEST_ROUNDS} rounds, and there are {rounds}."]
    varying = [axis for axis in results.axes if len({rows[place][axis] for place in cells}) > 1]
    told = list(cells) if len(cells) <= MOST_CELLS else [min(cells), max(cells)]
    words = [_sentence(_place(rows[place], varying), baseline, cells[place]) for place in told]
    if len(told) < len(cells):
        cases = f"of {baseline}'s {len(cells)} cases"
        words.append(f"Over all, {len(compared)} comparisons with one {cases}: {_tally(compared)}.")
    words.append(_resolved(baseline, resolution(results, str(compared[0]["metric"]))))
    return [word for word in words if word]


def _resolved(baseline: str, ratio: float | None) -> str:
    if ratio is None:
        return ""
    return f"{baseline} against itself: this run tells differences of {100 * (ratio - 1):.1f} % and more."


_WORDS = {"faster": "faster", "slower": "slower", "tie": "tied", "undecided": "undecided"}
_WORDS["server-bound"] = "server-bound"


def _rows(summary: pl.DataFrame) -> Sequence[Row]:
    times = [metric for metric in summary["metric"].unique(maintain_order=True) if is_time(metric)]
    metric = "makespan_s" if "makespan_s" in times else times[0] if times else ""
    return summary.filter(pl.col("metric") == metric).to_dicts()


def _cells(rows: Sequence[Row], axes: Sequence[str], baseline: str) -> dict[int, list[Row]]:
    """Return the rows that are compared with each case of the baseline, by that case's place."""
    cases = [{axis: row[axis] for axis in axes} for row in rows]
    cells: dict[int, list[Row]] = {}
    for case, row in zip(cases, rows, strict=True):
        if row.get("model") not in (baseline, baseline + AA_SUFFIX):
            for partner in counterparts(case, baseline, cases):
                cells.setdefault(partner, []).append(row)
    return cells


def _place(row: Row, axes: Sequence[str]) -> str:
    named = [f"{axis}={row[axis]}" for axis in axes if row[axis] is not None]
    return f"At {' '.join(named)}: " if named else ""


def _sentence(place: str, baseline: str, members: Sequence[Row]) -> str:
    by_word = {word: [row for row in members if row["verdict"] == word] for word in _WORDS}
    faster = sorted(by_word["faster"], key=lambda row: row["ratio"])
    slower = sorted(by_word["slower"], key=lambda row: row["ratio"])
    parts = []
    if faster:
        parts.append(_extreme(faster[0], baseline, "the least" if len(members) > 1 else ""))
    if by_word["tie"]:
        ties = _names(by_word["tie"])
        tie = f"{listing(ties)} tie" if len(ties) > 1 else does(ties[0], "tie")
        parts.append(f"{tie} with {baseline}")
    if slower and len(members) > 1 and not faster and not by_word["tie"]:
        parts.append(f"{'nothing' if place else 'Nothing'} is shown to be faster than {baseline}")
    if slower:
        parts.append(_extreme(slower[-1], baseline, "the most" if len(members) > 1 else ""))
    if by_word["server-bound"]:
        parts.append(f"{listing(_names(by_word['server-bound']))} server-bound, so not ranked")
    if by_word["undecided"]:
        parts.append(f"{listing(_names(by_word['undecided']))} undecided")
    return f"{place}{'; '.join(parts)}." if parts else ""


def _extreme(row: Row, baseline: str, rank: str) -> str:
    ratio = interval(row["ratio"], row["ratio_low"], row["ratio_high"], unit=TIMES)
    return f"{does(row['model'], 'take')} {ratio} of {baseline}" + (f", {rank}" if rank else "")


def _names(rows: Sequence[Row]) -> list[str]:
    return list(dict.fromkeys(row["model"] for row in rows))


def _tally(rows: Sequence[Row]) -> str:
    counts = Counter(row["verdict"] for row in rows)
    return ", ".join(f"{counts[word]} {said}" for word, said in _WORDS.items() if counts[word])
