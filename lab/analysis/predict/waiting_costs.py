"""What one more task costs each model, from the sizes that were measured: a line fitted to each round.

makespan - wait = own + each x n        CPU = own + each x n        memory = own + each x n

Memory twice: while all wait, and at its peak, when answers pile up. A loop takes answers from the pile
while others still come: peak - waiting grows with a power of n, and beyond the sizes with the same power.

No interval over rounds shows whether each of ten thousand tasks costs what each of a thousand does. So a
line is fitted to the sizes up to a tenth of the largest, and its prediction for that is compared with what
was measured: a tenfold step, as predictions make it. (Validation on a last block that was left out:
L. J. Tashman, Out-of-sample tests of forecasting accuracy, International Journal of Forecasting 16, 2000.)

The error in logarithms is taken to grow with the logarithm of the distance. There are few models, so few
errors; Student's t, with as many degrees of freedom as there are errors, makes up for that. Where the fit
is right, its error is only the rounds' noise, which then counts twice: on runs of known truth an interval
of 95 % holds 99 %. A change that begins beyond all measured sizes cannot be seen.
"""

from collections.abc import Iterable, Mapping
from math import log
from typing import NamedTuple

import numpy as np
from scipy import special  # type: ignore[import-untyped]

from lab.analysis.predict.estimate import NOTHING, Ends, over, wider
from lab.analysis.stats.counterparts import by_size
from lab.analysis.stats.intervals import ERROR_RATE, Array, mean
from lab.analysis.stats.rounds import Rounds

MAKESPAN, CPU = "makespan_s", "cpu_of_each_s"
WAITING, PEAK = "waiting_memory_bytes", "peak_memory_bytes"
STEP = 10
FARTHEST = 50.0  # logarithms: beyond any number that could mean something, and short of overflowing
TimesBySize = tuple[Array, Array]
"""A model's sizes, and what all tasks of each size take together, [sizes, rounds]."""


class Linear(NamedTuple):
    """A cost that grows with the tasks: a batch's own, and that of each task."""

    own: Ends = NOTHING
    each: Ends = NOTHING

    def of(self, tasks: Ends | int) -> Ends:
        """Return the cost of so many tasks."""
        return self.own + self.each * tasks


class Drift(NamedTuple):
    """How much a cost changes: the root mean square of so many errors in logs, a unit of log(size) each."""

    rate: float = 0.0
    of: int = 0

    def half_width(self, size: float, up_to: float) -> float:
        """Return the 95 % half-width, in logarithms, of a cost at `size` that was fitted up to `up_to`."""
        if not self.of or size <= up_to:
            return 0.0
        reach = float(special.stdtrit(self.of, 1 - ERROR_RATE / 2))
        return min(reach * self.rate * log(size / up_to), FARTHEST)


class Costs(NamedTuple):
    """A model's costs by metric, a number for each round: a batch's own, and those of each task more.

    up_to: the largest size they were read off; alone: whether it is the only one. Then a batch's own costs
    cannot be told from the tasks', and for fewer of them each may cost as much more or less.
    pile: the power of n by which answers pile up beyond `up_to`; drift: metric -> how the cost of each may
    change there.
    """

    of_batch: Mapping[str, Array]
    of_each: Mapping[str, Array]
    up_to: float = np.inf
    pile: float = 1.0
    drift: Mapping[str, Drift] = {}
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
    metrics = (MAKESPAN, CPU, WAITING, PEAK)
    drifts = {metric: drift(swept[metric] for swept in sweeps.values()) for metric in metrics}
    return {model: costs_of(swept, drifts) for model, swept in sweeps.items()}


def sweep(rounds: Rounds, indices: Mapping[int, int], wait_s: float) -> dict[str, TimesBySize]:
    """Return metric -> its sweep. indices: size -> the index of its case."""
    sizes, chosen = np.array(list(indices), dtype=np.float64), list(indices.values())
    unknown = np.full_like(next(iter(rounds.values.values())), np.nan)
    values = {name: rounds.values.get(name, unknown)[chosen] for name in (MAKESPAN, CPU, WAITING, PEAK)}
    values[MAKESPAN] = values[MAKESPAN] - wait_s
    values[CPU] = values[CPU] * sizes[:, None]
    return {name: (sizes, each) for name, each in values.items()}


def costs_of(swept: Mapping[str, TimesBySize], drift: Mapping[str, Drift]) -> Costs:
    """Return the costs of one model from its sweeps; NaN in rounds that cannot tell."""
    fits = {name: lines(*each) for name, each in swept.items()}
    sizes, peaks = swept[PEAK]
    of_batch = {name: own for name, (own, _) in fits.items()}
    of_each = {name: each for name, (_, each) in fits.items()}
    pile = power(sizes, mean(peaks - swept[WAITING][1]))
    return Costs(of_batch, of_each, float(sizes.max()), pile, drift, alone=len(sizes) == 1)


def power(sizes: Array, piled: Array) -> float:
    """Return the power of the size by which a pile grows, from the two largest sizes that have one.

    From 0 to 1: it neither shrinks nor outgrows the tasks. 1 where there are no two such sizes.
    """
    there = np.isfinite(piled) & (piled > 0)
    if there.sum() < 2:
        return 1.0
    two = np.argsort(sizes[there])[-2:]
    growth, distance = (float(np.diff(np.log(each[there][two]))[0]) for each in (piled, sizes))
    return float(np.clip(growth / distance, 0.0, 1.0))


def drift(sweeps: Iterable[TimesBySize]) -> Drift:
    """Return the drift of a cost from the sweep of each model."""
    rates = [rate for sizes, values in sweeps if (rate := rate_of(sizes, values)) is not None]
    return Drift(float(np.sqrt(np.mean(np.square(rates)))), len(rates)) if rates else Drift()


def rate_of(sizes: Array, values: Array) -> float | None:
    """Return by how much, for each unit of log(size), the largest size is off from its prediction.

    None where no size is so small as to be a step away, or there is nothing to compare.
    """
    largest = int(np.argmax(sizes))
    kept = sizes * STEP <= sizes[largest]
    if not kept.any():
        return None
    intercepts, slopes = lines(sizes[kept], values[kept])
    predicted, measured = float(mean(intercepts + slopes * sizes[largest])), float(mean(values[largest]))
    if not (predicted > 0 and measured > 0):
        return None
    return log(measured / predicted) / log(sizes[largest] / sizes[kept].max())


def lines(sizes: Array, values: Array) -> tuple[Array, Array]:
    """Return intercept and slope of values [sizes, rounds] for each round, by least squares.

    One size alone gives a line through zero, and none NaN. Neither is below zero: one more task costs
    nothing less.
    """
    fitted = np.full((2, values.shape[1]), np.nan)
    for column, measured in enumerate(values.T):
        there = np.isfinite(measured)
        if there.sum() == 1:
            fitted[:, column] = 0.0, measured[there][0] / sizes[there][0]
        elif there.any():
            fitted[:, column] = np.polyfit(sizes[there], measured[there], 1)[::-1]
    intercepts, slopes = np.maximum(fitted, 0.0)
    return intercepts, slopes
