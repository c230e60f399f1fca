"""Numbers with an interval; to calculate with them, arrays of the low end, the middle and the high end.

All that is predicted grows with every cost, so the low ends of the costs give its low end.
"""

from dataclasses import dataclass
from math import exp
from typing import Self

import numpy as np

from lab.analysis.stats.intervals import Array, count, half_width, mean

Ends = Array
"""The low end of a number's interval, the number itself, and the high end."""
LOW, MIDDLE, HIGH = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number, and the 95 % interval that one more run lies in; of a known number, low and high are it."""

    value: float
    low: float
    high: float

    @classmethod
    def of(cls, ends: Ends) -> Self:
        """Return the estimate with these ends, whichever of them is the largest."""
        low, middle, high = (float(end) for end in ends)
        return cls(middle, min(low, middle, high), max(low, middle, high))


def exactly(number: float) -> Ends:
    """Return the ends of a number that is known, read-only."""
    return np.broadcast_to(float(number), 3)


NOTHING, ONE = exactly(0.0), exactly(1.0)


def over(rounds: Array) -> Ends:
    """Return the mean over the rounds with the interval of one more of them, cut off at zero.

    It is Student's prediction interval, not that of the mean: a user of a prediction makes one run.
    (G. J. Hahn and W. Q. Meeker, Statistical Intervals, 1991, section 4.7.)
    """
    middle = float(mean(rounds))
    spread = float(np.nan_to_num(half_width(rounds) * np.sqrt(count(rounds) + 1)))
    return np.array([max(middle - spread, 0.0), middle, middle + spread])


def wider(ends: Ends, logs: float) -> Ends:
    """Return the ends with an error of its own added in quadrature, a half-width in logarithms."""
    low, middle, high = ends
    below = np.hypot(middle - low, middle * (1 - exp(-logs)))
    above = np.hypot(high - middle, middle * (exp(logs) - 1))
    return np.array([max(middle - below, 0.0), middle, middle + above])
