"""A number with its interval."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from lab.stats.intervals import Array, half_width, mean


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number, and the 95 % interval it lies in; without one, low and high are the number."""

    value: float
    low: float
    high: float

    @classmethod
    def over(cls, rounds: Array) -> Estimate:
        """Return the mean over the rounds with Student's interval, cut off at zero."""
        middle, spread = float(mean(rounds)), float(np.nan_to_num(half_width(rounds)))
        return cls(middle, max(middle - spread, 0.0), middle + spread)

    @classmethod
    def between(cls, least: Estimate, most: Estimate) -> Estimate:
        """Return the geometric middle of two bounds, from the low end of one to the high of the other."""
        return cls(float(np.sqrt(least.value * most.value)), least.low, most.high)

    def to(self, change: Callable[[float], float]) -> Estimate:
        """Return the estimate of a number that grows with this one."""
        return Estimate(change(self.value), change(self.low), change(self.high))
