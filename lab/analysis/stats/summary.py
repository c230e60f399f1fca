"""Rounds → the summary: a row for each case and metric."""

from collections.abc import Collection
from typing import Any

import numpy as np
import polars as pl

from lab.analysis.stats.decision import verdicts
from lab.analysis.stats.intervals import count, median, median_interval
from lab.analysis.stats.lower_bounds import lower_bounds
from lab.analysis.stats.ratios import ratios_to_baseline, speedups
from lab.analysis.stats.rounds import Rounds, by_round
from lab.store.reading import Results

MEDIAN = ("median", "low", "high")
RATIO = ("ratio", "ratio_low", "ratio_high")
SPEEDUP = ("speedup", "speedup_low", "speedup_high")


def summarise(results: Results, only: Collection[str] = ()) -> pl.DataFrame:
    """Return what was measured: a row for each case and numeric metric, or some of them, in grid order.

    median, low, high: of the rounds, in the metric's unit, with the 95 % interval.
    ratio, ratio_low, ratio_high: to the baseline, paired by round; each interval keeps 95 % by itself,
        and leaves 1 out only where Holm's correction over the models of one baseline case does too.
    verdict: baseline, faster, slower, tie, undecided, server-bound, void or "".
    rounds: how many rounds have a number; void: trials that are not ok, skipped ones aside.
    speedup, speedup_low, speedup_high: of the makespan over sequential, paired, with its 95 % interval.
    limit: the lower bound of the makespan, the shortest that is possible, in seconds.
    """
    rounds = by_round(results)
    metrics = [name for name in rounds.values if name != "limit_s" and (not only or name in only)]
    columns = {metric: _columns(results, rounds, metric) for metric in metrics}
    rows = [
        {**case, "metric": metric} | {name: column[index] for name, column in columns[metric].items()}
        for index, case in enumerate(rounds.cases)
        for metric in metrics
    ]
    schema: dict[str, Any] = {
        **dict.fromkeys((*rounds.axes, "metric"), pl.String),
        **dict.fromkeys((*MEDIAN, *RATIO), pl.Float64),
        "verdict": pl.String,
        **dict.fromkeys(("rounds", "void"), pl.Int64),
        **dict.fromkeys((*SPEEDUP, "limit"), pl.Float64),
    }
    return pl.DataFrame(rows, schema=schema).fill_nan(None)


def _columns(results: Results, rounds: Rounds, metric: str) -> dict[str, list[Any]]:
    """Return the columns of one metric, an item for each case."""
    values = rounds.values[metric]
    ratios = ratios_to_baseline(rounds, metric)
    columns = dict(zip((*MEDIAN, *RATIO), (median(values), *median_interval(values), *ratios), strict=True))
    if metric == "makespan_s":
        columns |= dict(zip(SPEEDUP, speedups(rounds, metric), strict=True))
        columns["limit"] = lower_bounds(results, rounds)
    else:
        columns |= dict.fromkeys((*SPEEDUP, "limit"), np.full(len(values), np.nan))
    lists: dict[str, list[Any]] = {name: column.tolist() for name, column in columns.items()}
    lists |= {"rounds": count(values).tolist(), "void": list(rounds.bad)}
    return lists | {"verdict": verdicts(rounds, metric, ratios)}
