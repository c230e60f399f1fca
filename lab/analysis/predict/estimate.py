"""A number with its interval."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, hypot

import numpy as np

from lab.analysis.stats.intervals import Array, count, half_width, mean


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number, and the 95 % interval that one more run lies in; without one, low and high are the number.

    It is Student's prediction interval, not that of the mean: who asks what a run takes gets one run.
    (G. J. Hahn and W. Q. Meeker, Statistical Intervals, 1991, section 4.7.)
    """

    value: float
    low: float
    high: float

    @classmethod
    def exactly(cls, number: float) -> Estimate:
        """Return a number that is known."""
        return cls(number, number, number)

    @classmethod
    def over(cls, rounds: Array) -> Estimate:
        """Return the mean over the rounds with the interval of one more of them, cut off at zero."""
        middle = float(mean(rounds))
        spread = float(np.nan_to_num(half_width(rounds) * np.sqrt(count(rounds) + 1)))
        return cls(middle, max(middle - spread, 0.0), middle + spread)

    def to(self, change: Callable[[float], float]) -> Estimate:
        """Return the estimate of a number that grows with this one."""
        return Estimate(change(self.value), change(self.low), change(self.high))

    def wider(self, logs: float) -> Estimate:
        """Return the same number with an error of its own, a half-width in logarithms, in quadrature."""
        low = hypot(self.value - self.low, self.value * (1 - exp(-logs)))
        high = hypot(self.high - self.value, self.value * (exp(logs) - 1))
        return Estimate(self.value, max(self.value - low, 0.0), self.value + high)
