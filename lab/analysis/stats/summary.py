"""Rounds → the summary: a row for each case and metric."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
import polars as pl

from lab.analysis.stats.counterparts import partners
from lab.analysis.stats.intervals import Array, count, median, median_interval
from lab.analysis.stats.limits import limits
from lab.analysis.stats.ratios import ratios_to_baseline, resolution_of, server_bound, speedups
from lab.analysis.stats.rounds import Measured, Rounds, by_round
from lab.analysis.stats.verdicts import is_time, verdict

Columns = dict[str, list[Any]]


def summarise(results: Measured, only: Collection[str] = ()) -> pl.DataFrame:
    """Return what was measured: a row for each case and numeric metric, or some of them, in grid order.

    median, low, high: of the rounds, in the metric's unit, with the 95 % interval.
    ratio, ratio_low, ratio_high: to the baseline, paired by round; each interval keeps 95 % by itself,
        and leaves 1 out only where Holm's correction over the models of one baseline case does too.
    verdict: baseline, faster, slower, tie, undecided, server-bound, void or "".
    rounds: how many rounds have a number; void: trials that are not ok, skipped ones aside.
    speedup, speedup_low, speedup_high: of the makespan over sequential, paired, with its 95 % interval.
    limit: the shortest makespan that physics allows, in seconds.
    """
    rounds = by_round(results)
    metrics = [name for name in rounds.values if name != "limit_s" and (not only or name in only)]
    columns = {metric: _columns(results, rounds, metric) for metric in metrics}
    rows = [
        {**case, "metric": metric} | {name: column[place] for name, column in columns[metric].items()}
        for place, case in enumerate(rounds.cases)
        for metric in metrics
    ]
    return pl.DataFrame(rows, schema=_schema(rounds.axes)).fill_nan(None)


def resolution(results: Measured, metric: str = "makespan_s") -> float | None:
    """Return the smallest ratio that this run resolves; 1.04: no difference within 4 % is called.

    It is what the run would find four times out of five, as the baseline's two measurements show.
    None where the baseline has no second measurement, or fewer than five rounds of it.
    """
    return resolution_of(by_round(results), metric)


def _columns(results: Measured, rounds: Rounds, metric: str) -> Columns:
    values = rounds.values[metric]
    low, high = median_interval(values)
    columns = _lists(median=median(values), low=low, high=high)
    columns |= _lists(**dict(zip(_RATIO, ratios_to_baseline(rounds, metric), strict=True)))
    columns["verdict"] = _verdicts(rounds, metric, columns)
    columns |= {"rounds": count(values).tolist(), "void": list(rounds.bad)}
    unknown = np.full(len(values), np.nan)
    fastest = speedups(rounds, metric) if metric == "makespan_s" else (unknown,) * 3
    columns |= _lists(**dict(zip(_SPEEDUP, fastest, strict=True)))
    return columns | _lists(limit=limits(results, rounds) if metric == "makespan_s" else unknown)


def _lists(**arrays: Array) -> Columns:
    return {name: array.tolist() for name, array in arrays.items()}


def _verdicts(rounds: Rounds, metric: str, columns: Columns) -> list[str]:
    resolved, bound = resolution_of(rounds, metric), server_bound(rounds)
    words, others = [], partners(rounds.cases, rounds.baseline)
    for place, (case, partner) in enumerate(zip(rounds.cases, others, strict=True)):
        if not rounds.good[place]:
            words.append("void" if rounds.bad[place] else "")
        elif bound[place] or (partner is not None and bound[partner]):
            words.append("server-bound")
        elif case.get("model") == rounds.baseline:
            words.append("baseline")
        else:
            ratio, low, high = (columns[name][place] for name in _RATIO)
            words.append(verdict(ratio, low, high, resolved) if is_time(metric) else "")
    return words


_MEDIAN = ("median", "low", "high")
_RATIO = ("ratio", "ratio_low", "ratio_high")
_SPEEDUP = ("speedup", "speedup_low", "speedup_high")


def _schema(axes: tuple[str, ...]) -> dict[str, Any]:
    return {
        **dict.fromkeys((*axes, "metric"), pl.String),
        **dict.fromkeys((*_MEDIAN, *_RATIO), pl.Float64),
        "verdict": pl.String,
        **dict.fromkeys(("rounds", "void"), pl.Int64),
        **dict.fromkeys((*_SPEEDUP, "limit"), pl.Float64),
    }
