"""What one more task costs each model, from the sizes that were measured: a line a round.

makespan - wait = lag + begin x n        CPU = start + cpu x n        memory = base + unit x n

Memory twice: while all wait, and at its peak, when answers pile up. A loop takes answers from the pile
while others still come: peak - waiting grows with a power of n, which is taken to go on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from lab.analysis.predict.drift import Drift, drifts
from lab.analysis.predict.estimate import Estimate
from lab.analysis.predict.lines import lines
from lab.analysis.predict.scaling import places_of
from lab.analysis.stats.intervals import Array, mean
from lab.analysis.stats.rounds import Rounds
from lab.core.work import Value

BEGINS_ALL = ("asyncio", "asyncio_processes")
"""Models that begin every task they are given before any of them can end."""

COSTS = {
    "begin_s": "makespan_s",
    "cpu_s": "cpu_of_each_s",
    "unit_bytes": "waiting_memory_bytes",
    "peak_unit_bytes": "peak_memory_bytes",
}
"""The cost of one task more, and the metric it is read off."""


@dataclass(frozen=True, slots=True)
class Costs:
    """A model's costs, a number a round: a batch's own, and those of each task more.

    up_to: the largest size they were read off; pile: the power of n by which answers pile up beyond it;
    drift: cost -> how it may change beyond that. alone: whether that size is the only one: then a batch's
    own costs cannot be told from the tasks', and for fewer of them each may cost as much more or less.
    """

    lag_s: Array
    begin_s: Array
    start_cpu_s: Array
    cpu_s: Array
    base_bytes: Array
    unit_bytes: Array
    peak_base_bytes: Array
    peak_unit_bytes: Array
    up_to: float = np.inf
    pile: float = 1.0
    drift: Mapping[str, Drift] = field(default_factory=dict)
    alone: bool = False

    def at(self, name: str, size: float) -> Estimate:
        """Return a cost where so many are in flight, with the interval of one more run there."""
        far = max(size, self.up_to**2 / max(size, 1.0)) if self.alone else size
        logs = self.drift.get(name, Drift()).half_width(far, self.up_to)
        values: Array = getattr(self, name)
        if name == "peak_unit_bytes" and size > self.up_to:
            piled = values - self.unit_bytes
            values = self.unit_bytes + piled * (size / self.up_to) ** (self.pile - 1)
        return Estimate.over(values).wider(logs)


def costs_of_models(
    rounds: Rounds, axis: str, up_to: int, wait_s: float, models: Sequence[Value | None]
) -> dict[str, Costs]:
    """Return model -> its costs from its sizes up to a bound, and how those of all models drift."""
    small = {
        str(model): {size: place for size, place in places.items() if size <= up_to and rounds.good[place]}
        for model in models
        if (places := places_of(rounds, {"model": model}, axis))
    }
    swept = {model: sweep(rounds, places, wait_s) for model, places in small.items() if places}
    drift = drifts(swept.values())
    return {model: replace(costs_of(rounds, small[model], wait_s), drift=drift) for model in swept}


def sweep(rounds: Rounds, places: Mapping[int, int], wait_s: float) -> dict[str, tuple[Array, Array]]:
    """Return cost -> the sizes and what each metric has there for all tasks together, [sizes, rounds]."""
    sizes, chosen = np.array(list(places), dtype=np.float64), list(places.values())
    shape = (len(chosen), len(next(iter(rounds.values.values()))[0]))
    found = {}
    for cost, metric in COSTS.items():
        known = rounds.values.get(metric)
        values = np.full(shape, np.nan) if known is None else known[chosen]
        if cost == "begin_s":
            values = values - wait_s
        elif cost == "cpu_s":
            values = values * sizes[:, None]
        found[cost] = (sizes, values)
    return found


def costs_of(rounds: Rounds, places: Mapping[int, int], wait_s: float) -> Costs:
    """Return the costs from the cases of one model, size -> place; NaN in rounds that cannot tell."""
    swept = sweep(rounds, places, wait_s)
    begin, cpu, unit, peak = (lines(*each) for each in swept.values())
    sizes, peaks = swept["peak_unit_bytes"]
    pile = power(sizes, mean(peaks - swept["unit_bytes"][1]))
    return Costs(*begin, *cpu, *unit, *peak, up_to=float(max(places)), pile=pile, alone=len(places) == 1)


def power(sizes: Array, piled: Array) -> float:
    """Return the power of the size by which a pile grows, from the two largest sizes that have one.

    From 0 to 1: it neither shrinks nor outgrows the tasks. 1 where that cannot be told.
    """
    there = np.isfinite(piled) & (piled > 0)
    if there.sum() < 2:
        return 1.0
    smaller, larger = np.argsort(sizes[there])[-2:]
    logs = np.log(piled[there]), np.log(sizes[there])
    growth, distance = (each[larger] - each[smaller] for each in logs)
    return float(np.clip(growth / distance, 0.0, 1.0))
