"""The models against the baseline, in a sentence for each of the baseline's cases."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import polars as pl

from lab.analysis.stats.counterparts import counterparts
from lab.analysis.stats.decision import is_time
from lab.analysis.stats.intervals import FEWEST_ROUNDS
from lab.analysis.stats.ratios import resolution_of
from lab.analysis.stats.rounds import by_round
from lab.core.work import AA_SUFFIX
from lab.present.templates import say
from lab.present.units import case_words
from lab.store.reading import Results

MOST_CASES = 3
"""With more cases of the baseline, only the first and the last have a sentence, and all a count."""
VERDICTS = ("faster", "slower", "tie", "undecided", "server-bound")

Row = Mapping[str, Any]


def findings(results: Results, summary: pl.DataFrame) -> list[str]:
    """Return what follows for the makespan, or else for the first time; nothing without a baseline.

    That is the sentences of `rankings`, a count where some cases have none, and what the run resolves.
    """
    baseline, conditions = _compared(results, summary)
    rows = [row for _, members in conditions for row in members if row["ratio"] is not None]
    if not rows:
        return []
    if not any(row["verdict"] in VERDICTS for row in rows):
        return [say("no_verdicts", needed=FEWEST_ROUNDS, rounds=max(row["rounds"] for row in rows))]
    words = rankings(results, summary)
    if len(conditions) > MOST_CASES:
        words.append(say("overall", rows=rows, baseline=baseline, cases=len(conditions), verdicts=VERDICTS))
    smallest = resolution_of(by_round(results), str(rows[0]["metric"]))
    return [*words, say("resolved", baseline=baseline, percent=difference(smallest))] if smallest else words


def rankings(results: Results, summary: pl.DataFrame) -> list[str]:
    """Return which model is fastest and slowest in each case of the baseline, or in the first and last."""
    baseline, conditions = _compared(results, summary)
    shown = conditions if len(conditions) <= MOST_CASES else [conditions[0], conditions[-1]]
    judged = [each for each in shown if any(row["verdict"] in VERDICTS for row in each[1])]
    return [say("compared", condition=case, baseline=baseline, rows=rows) for case, rows in judged]


def difference(ratio: float) -> str:
    """Return the smallest ratio that a run resolves as a difference: "1.5 %"."""
    return f"{100 * (ratio - 1):.1f} %"


def _compared(results: Results, summary: pl.DataFrame) -> tuple[str, list[tuple[str, list[Row]]]]:
    """Return the baseline, and for each of its cases the case in words and the rows compared with it."""
    times = [metric for metric in summary["metric"].unique(maintain_order=True) if is_time(metric)]
    metric = "makespan_s" if "makespan_s" in times else next(iter(times), "")
    baseline = str(results.environment.get("experiment", {}).get("baseline") or "")
    rows = summary.filter(pl.col("metric") == metric).to_dicts()
    cases = [{axis: row[axis] for axis in results.axes} for row in rows]
    compared: dict[int, list[Row]] = defaultdict(list)
    for case, row in zip(cases, rows, strict=True):
        if row.get("model") not in (baseline, baseline + AA_SUFFIX):
            for index in counterparts(case, baseline, cases):
                compared[index].append(row)
    varying = [axis for axis in results.axes if len({cases[index][axis] for index in compared}) > 1]
    conditions = [({axis: cases[index][axis] for axis in varying}, index) for index in sorted(compared)]
    return baseline, [(case_words(condition), compared[index]) for condition, index in conditions]
