"""What one more task costs each model, from the sizes that were measured: a line a round.

makespan - wait = lag + begin x n        CPU = start + cpu x n        memory = base + unit x n
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from lab.predict.estimate import Estimate
from lab.stats.intervals import Array
from lab.stats.rounds import Rounds

BEGINS_ALL = ("asyncio", "asyncio_processes")
"""Models that begin every task they are given before any of them can end."""


@dataclass(frozen=True, slots=True)
class Costs:
    """A model's costs, a number a round: a batch's own, and those of each task more."""

    lag_s: Array
    begin_s: Array
    start_cpu_s: Array
    cpu_s: Array
    base_bytes: Array
    unit_bytes: Array
    peak_unit_bytes: Array

    def estimate(self, name: str) -> Estimate:
        """Return one of them with its interval over the rounds."""
        return Estimate.over(getattr(self, name))


def costs_of(rounds: Rounds, places: Mapping[int, int], wait_s: float) -> Costs:
    """Return the costs from the cases of one model, size -> place; NaN in rounds that cannot tell."""
    sizes = np.array(list(places), dtype=np.float64)
    chosen = list(places.values())

    def values(metric: str) -> Array:
        known = rounds.values.get(metric)
        shape = (len(chosen), len(next(iter(rounds.values.values()))[0]))
        return np.full(shape, np.nan) if known is None else known[chosen]

    lag, begin = lines(sizes, values("makespan_s") - wait_s)
    start, cpu = lines(sizes, values("cpu_of_each_s") * sizes[:, None])
    base, unit = lines(sizes, values("waiting_memory_bytes"))
    _, peak = lines(sizes, values("peak_memory_bytes"))
    return Costs(lag, begin, start, cpu, base, unit, peak)


def lines(sizes: Array, values: Array) -> tuple[Array, Array]:
    """Return intercept and slope of values [sizes, rounds] for each round, by least squares.

    One size alone gives a line through zero. Neither is below zero: nothing is won by one task more.
    """
    found = [line(sizes[np.isfinite(column)], column[np.isfinite(column)]) for column in values.T]
    intercepts, slopes = np.array(found, dtype=np.float64).reshape(-1, 2).T
    return np.maximum(intercepts, 0.0), np.maximum(slopes, 0.0)


def line(sizes: Array, values: Array) -> tuple[float, float]:
    """Return intercept and slope of one round; NaN where it has no size at all."""
    if not len(sizes):
        return np.nan, np.nan
    if len(sizes) == 1:
        return 0.0, float(values[0] / sizes[0])
    slope, intercept = np.polyfit(sizes, values, 1)
    return float(intercept), float(slope)
