"""Lines through sizes, and by how much they err beyond them: larger sizes are left out and predicted.

The interval over rounds shows how much runs differ, and not whether a cost that is the same for each of a
thousand tasks is the same for each of ten thousand. So the sizes above a tenth of the largest are left
out, the line is fitted to those below, and its prediction for the largest is compared with what was
measured: a tenfold step, as predictions make it. (Validation on a last block that was left out: L. J.
Tashman, Out-of-sample tests of forecasting accuracy, International Journal of Forecasting 16, 2000.)

The error in logarithms is taken to grow with the logarithm of the distance. There are few models, so few
errors; Student's t, with as many degrees of freedom as there are errors, makes up for that. Where the fit
is right, its error is only the rounds' noise, which then counts twice: on runs of known truth an interval
of 95 % holds 99 %. A change that begins beyond all measured sizes cannot be seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log

import numpy as np
from scipy import special  # type: ignore[import-untyped]

from lab.analysis.stats.intervals import ERROR_RATE, Array, mean

STEP = 10
FARTHEST = 50.0  # logarithms: beyond any number that could mean something, and short of overflowing
Sweep = tuple[Array, Array]
"""A model's sizes, and the values of a metric at each, [sizes, rounds]."""


@dataclass(frozen=True, slots=True)
class Drift:
    """How much a cost changes: the root mean square of so many errors in logs, a unit of log(size) each."""

    rate: float = 0.0
    of: int = 0

    def half_width(self, size: float, up_to: float) -> float:
        """Return the 95 % half-width, in logarithms, of a cost at `size` that was fitted up to `up_to`."""
        if not self.of or size <= up_to:
            return 0.0
        reach = float(special.stdtrit(self.of, 1 - ERROR_RATE / 2))
        return min(reach * self.rate * log(size / up_to), FARTHEST)


def drifts(models: Iterable[Mapping[str, Sweep]]) -> dict[str, Drift]:
    """Return metric -> the drift of its cost, from each model's metric -> sweep."""
    every = list(models)
    return {name: drift(each[name] for each in every) for name in (every[0] if every else ())}


def drift(sweeps: Iterable[Sweep]) -> Drift:
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

    One size alone gives a line through zero. Neither is below zero: one more task costs nothing less.
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
