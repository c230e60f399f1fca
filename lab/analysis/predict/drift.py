"""What a fit errs by beyond its sizes: found out by leaving sizes out and foretelling them.

The interval over rounds knows how much runs differ, and nothing of whether a cost that was the same for
each of a thousand tasks is the same for each of ten thousand. So the sizes above a tenth of the largest
are left out, the fit is made anew from those below, and what it foretells of the largest is held against
what was measured: a tenfold step, as the one that is asked of the fit. (Validation on a last block that
was left out: L. J. Tashman, Out-of-sample tests of forecasting accuracy, International Journal of
Forecasting 16, 2000.)

A cost drifts: the error in logarithms is taken to grow with the logarithm of the distance. So few models
give few errors; Student's t, with as many degrees of freedom as there are errors, makes up for that. Where
the fit is right, its error is nothing but the rounds' noise, which so counts twice: on runs of known truth
an interval of 95 % then holds 99 %. What happens only beyond all sizes that were fitted, no sizes can tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log

import numpy as np
from scipy import special  # type: ignore[import-untyped]

from lab.analysis.predict.lines import lines
from lab.analysis.stats.intervals import ERROR_RATE, Array, mean

STEP = 10
FARTHEST = 50.0  # logarithms: beyond any number that could mean something, and short of overflowing


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


def drift(sweeps: Iterable[tuple[Array, Array]]) -> Drift:
    """Return the drift of a cost from each model's sizes and values [sizes, rounds]."""
    rates = [rate for sizes, values in sweeps if (rate := rate_of(sizes, values)) is not None]
    return Drift(float(np.sqrt(np.mean(np.square(rates)))), len(rates)) if rates else Drift()


def rate_of(sizes: Array, values: Array) -> float | None:
    """Return by how much, for each unit of log(size), the largest size is off from what others foretold.

    None where no size is so small as to be a step away, or there is nothing to compare.
    """
    largest = int(np.argmax(sizes))
    kept = sizes * STEP <= sizes[largest]
    if not kept.any():
        return None
    intercepts, slopes = lines(sizes[kept], values[kept])
    foretold, there = float(mean(intercepts + slopes * sizes[largest])), float(mean(values[largest]))
    if not (foretold > 0 and there > 0):
        return None
    return log(there / foretold) / log(sizes[largest] / sizes[kept].max())


def drifts(sweeps: Iterable[Mapping[str, tuple[Array, Array]]]) -> dict[str, Drift]:
    """Return cost -> its drift, from each model's cost -> sizes and values."""
    every = list(sweeps)
    return {
        name: drift(each[name] for each in every if name in each)
        for name in {n for each in every for n in each}
    }
