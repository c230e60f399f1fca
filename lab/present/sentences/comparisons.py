"""The models against the baseline, in a sentence for each of the baseline's cases."""

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

MOST_CASES = 3
"""With more cases of the baseline, only the first and the last have a sentence, and all a count."""
NO_VERDICTS = "No verdicts: they need {needed} rounds, and there are {rounds}."
OVERALL = "Overall, {comparisons} comparisons with {baseline}, in {cases} cases: {counts}."
RESOLVED = "{baseline} against itself: this run resolves differences of {percent} or more."
COMPARED = "{start} with {baseline}: {parts}."
NOT_FASTER = "nothing is shown to be faster"
RATIO = "{model_takes} {ratio} as long{rank}"
OTHERS = {
    "tie": "{models} tied",
    "server-bound": "{models} server-bound, so not ranked",
    "undecided": "{models} undecided",
}
COUNTED = {"faster": "faster", "slower": "slower", "tie": "tied"} | {
    word: word for word in ("undecided", "server-bound")
}

Row = Mapping[str, Any]


def findings(results: Measured, summary: pl.DataFrame) -> list[str]:
    """Return what follows for the makespan, or else for the first time; nothing without a baseline.

    That is the sentences of `rankings`, a count where some cases have none, and what the run resolves.
    """
    baseline = _baseline(results)
    _, cases = _by_case(results, summary)
    compared = [row for members in cases.values() for row in members if row["ratio"] is not None]
    if not compared:
        return []
    if not any(row["verdict"] in COUNTED for row in compared):
        rounds = max(row["rounds"] for row in compared)
        return [NO_VERDICTS.format(needed=FEWEST_ROUNDS, rounds=rounds)]
    words = rankings(results, summary)
    if len(cases) > MOST_CASES:
        often = Counter(row["verdict"] for row in compared)
        counts = ", ".join(f"{often[word]} {text}" for word, text in COUNTED.items() if often[word])
        words.append(
            OVERALL.format(comparisons=len(compared), baseline=baseline, cases=len(cases), counts=counts)
        )
    smallest = resolution(results, str(compared[0]["metric"]))
    if smallest is not None:
        words.append(RESOLVED.format(baseline=baseline, percent=difference(smallest)))
    return words


def rankings(results: Measured, summary: pl.DataFrame) -> list[str]:
    """Return which model is fastest and slowest in each case of the baseline, or in the first and last."""
    rows, cases = _by_case(results, summary)
    shown = list(cases) if len(cases) <= MOST_CASES else [min(cases), max(cases)]
    varying = [axis for axis in results.axes if len({rows[index][axis] for index in cases}) > 1]
    words = []
    for index in shown:
        named = [f"{axis}={rows[index][axis]}" for axis in varying if rows[index][axis] is not None]
        words.append(_sentence(" ".join(named), _baseline(results), cases[index]))
    return [each for each in words if each]


def difference(ratio: float) -> str:
    """Return the smallest ratio that a run resolves as a difference: "1.5 %"."""
    return f"{100 * (ratio - 1):.1f} %"


def _baseline(results: Measured) -> str:
    return str(results.environment.get("experiment", {}).get("baseline") or "")


def _by_case(results: Measured, summary: pl.DataFrame) -> tuple[Sequence[Row], dict[int, list[Row]]]:
    """Return the metric's rows, and index of each case of the baseline -> the rows compared with it."""
    times = [metric for metric in summary["metric"].unique(maintain_order=True) if is_time(metric)]
    metric = "makespan_s" if "makespan_s" in times else next(iter(times), "")
    rows, baseline = summary.filter(pl.col("metric") == metric).to_dicts(), _baseline(results)
    cases = [{axis: row[axis] for axis in results.axes} for row in rows]
    compared: dict[int, list[Row]] = {}
    for case, row in zip(cases, rows, strict=True):
        if row.get("model") not in (baseline, baseline + AA_SUFFIX):
            for index in counterparts(case, baseline, cases):
                compared.setdefault(index, []).append(row)
    return rows, compared


def _sentence(place: str, baseline: str, members: Sequence[Row]) -> str:
    by_word = {word: [row for row in members if row["verdict"] == word] for word in COUNTED}
    faster, slower = (sorted(by_word[word], key=lambda row: row["ratio"]) for word in ("faster", "slower"))
    several = len(members) > 1
    parts = [_ratio(row, ", the fastest" if several else "") for row in faster[:1]]
    if slower and several and not faster and not by_word["tie"]:
        parts.append(NOT_FASTER)
    parts += [_ratio(row, ", the slowest" if several else "") for row in slower[-1:]]
    for word, template in OTHERS.items():
        models = list(dict.fromkeys(row["model"] for row in by_word[word]))
        parts += [template.format(models=listing(models))] if models else []
    start = f"At {place}, compared" if place else "Compared"
    return COMPARED.format(start=start, baseline=baseline, parts="; ".join(parts)) if parts else ""


def _ratio(row: Row, rank: str) -> str:
    ratio = interval(row["ratio"], row["ratio_low"], row["ratio_high"], unit=TIMES)
    return RATIO.format(model_takes=does(row["model"], "take"), ratio=ratio, rank=rank)
