"""What one more task costs each model, from the sizes that were measured: a line a round.

makespan - wait = own + each x n        CPU = own + each x n        memory = own + each x n

Memory twice: while all wait, and at its peak, when answers pile up. A loop takes answers from the pile
while others still come: peak - waiting grows with a power of n, and beyond the sizes with the same power.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from lab.analysis.predict.drift import Drift, Sweep, drifts, lines
from lab.analysis.predict.estimate import NOTHING, Ends, over, wider
from lab.analysis.stats.counterparts import by_size
from lab.analysis.stats.intervals import Array, mean
from lab.analysis.stats.rounds import Rounds

MAKESPAN, CPU = "makespan_s", "cpu_of_each_s"
WAITING, PEAK = "waiting_memory_bytes", "peak_memory_bytes"


class Linear(NamedTuple):
    """A cost that grows with the tasks: a batch's own, and that of each task."""

    own: Ends = NOTHING
    each: Ends = NOTHING

    def of(self, tasks: Ends | int) -> Ends:
        """Return the cost of so many tasks."""
        return self.own + self.each * tasks


@dataclass(frozen=True, slots=True)
class Costs:
    """A model's costs by metric, a number a round: a batch's own, and those of each task more.

    up_to: the largest size they were read off; alone: whether it is the only one. Then a batch's own costs
    cannot be told from the tasks', and for fewer of them each may cost as much more or less.
    pile: the power of n by which answers pile up beyond `up_to`; drift: metric -> how the cost of each may
    change there.
    """

    of_batch: Mapping[str, Array]
    of_each: Mapping[str, Array]
    up_to: float = np.inf
    pile: float = 1.0
    drift: Mapping[str, Drift] = field(default_factory=dict)
    alone: bool = False

    def at(self, metric: str, size: float) -> Linear:
        """Return a cost where `size` tasks are in flight, with the intervals of one more run."""
        far = max(size, self.up_to**2 / max(size, 1.0)) if self.alone else size
        logs = self.drift.get(metric, Drift()).half_width(far, self.up_to)
        values = self.of_each[metric]
        if metric == PEAK and size > self.up_to:
            waiting = self.of_each[WAITING]
            values = waiting + (values - waiting) * (size / self.up_to) ** (self.pile - 1)
        return Linear(over(self.of_batch[metric]), wider(over(values), logs))


def costs_of_models(rounds: Rounds, axis: str, up_to: int, wait_s: float) -> dict[str, Costs]:
    """Return model -> its costs from its sizes up to a bound, and how those of all models drift."""
    sweeps = {}
    for model in dict.fromkeys(str(case.get("model")) for case in rounds.cases):
        sizes = by_size(rounds.cases, {"model": model}, axis)
        small = {size: index for size, index in sizes.items() if size <= up_to and rounds.good[index]}
        if small:
            sweeps[model] = sweep(rounds, small, wait_s)
    drift = drifts(sweeps.values())
    return {model: costs_of(swept, drift) for model, swept in sweeps.items()}


def sweep(rounds: Rounds, indices: Mapping[int, int], wait_s: float) -> dict[str, Sweep]:
    """Return metric -> the sizes, and what all tasks of each size take together, [sizes, rounds].

    indices: size -> the index of its case.
    """
    sizes, chosen = np.array(list(indices), dtype=np.float64), list(indices.values())
    unknown = np.full_like(next(iter(rounds.values.values())), np.nan)
    values = {name: rounds.values.get(name, unknown)[chosen] for name in (MAKESPAN, CPU, WAITING, PEAK)}
    values[MAKESPAN] = values[MAKESPAN] - wait_s
    values[CPU] = values[CPU] * sizes[:, None]
    return {name: (sizes, each) for name, each in values.items()}


def costs_of(swept: Mapping[str, Sweep], drift: Mapping[str, Drift]) -> Costs:
    """Return the costs of one model from its sweep; NaN in rounds that cannot tell."""
    fits = {name: lines(*each) for name, each in swept.items()}
    sizes, peaks = swept[PEAK]
    return Costs(
        {name: own for name, (own, _) in fits.items()},
        {name: each for name, (_, each) in fits.items()},
        up_to=float(sizes.max()),
        pile=power(sizes, mean(peaks - swept[WAITING][1])),
        drift=drift,
        alone=len(sizes) == 1,
    )


def power(sizes: Array, piled: Array) -> float:
    """Return the power of the size by which a pile grows, from the two largest sizes that have one.

    From 0 to 1: it neither shrinks nor outgrows the tasks. 1 where there are no two such sizes.
    """
    there = np.isfinite(piled) & (piled > 0)
    if there.sum() < 2:
        return 1.0
    smaller, larger = np.argsort(sizes[there])[-2:]
    logs = np.log(piled[there]), np.log(sizes[there])
    growth, distance = (each[larger] - each[smaller] for each in logs)
    return float(np.clip(growth / distance, 0.0, 1.0))
