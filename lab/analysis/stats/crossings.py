"""The crossing of two lines over a sweep: from where on one stays below the other, and by how much."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np

from lab.analysis.stats.intervals import Array, mean_interval, position_interval


@dataclass(frozen=True, slots=True)
class Crossing:
    """From where on a second line is below a first, or above it.

    at, low, high: the swept value, and its 95 % interval, however the lines are joined; -inf: before the
        sweep begins, so that it leads throughout; inf: after it ends; NaN: the bounds for fewer than
        FEWEST_ROUNDS.
    first, last: the smallest and largest swept value that both lines have in some round.
    ratio, ratio_low, ratio_high: the second to the first at `last`, by the mean that all ratios have.
    """

    below: bool
    at: float
    low: float
    high: float
    first: float
    last: float
    ratio: float
    ratio_low: float
    ratio_high: float

    @property
    def significant(self) -> bool:
        """Return whether the two differ where the sweep ends, by its interval where there is one."""
        return not self.ratio_low <= 1 <= self.ratio_high and self.ratio != 1


def crossing(swept: Array, first: Array, second: Array, by: float = 1.0) -> Crossing | None:
    """Return where the second line gets past the first; None where no value of the sweep has both.

    swept: the values, ascending and above zero; first, second: [values, rounds], NaN where unknown.
    Each round has a crossing of its own: where the line from value to value, straight on logarithmic
    axes, last changes sides. Their median is the crossing. A round in which the line that is ahead at the
    end is ahead throughout counts as before the sweep, one in which it never gets ahead as after it.
    A line is ahead where it is so by a factor of more than `by`.

    Nothing was measured between two values. There the costs may also be straight in the value (so much for
    each), or in its reciprocal (so much for each part of a whole): the interval holds the crossings of all
    three.
    """
    both = (first > 0) & (second > 0)
    known = np.flatnonzero(both.any(axis=1))
    if not len(known):
        return None
    first, second = np.where(both, first, np.nan), np.where(both, second, np.nan)
    logs = np.log(second) - np.log(first)
    end = mean_interval(logs[known[-1]])
    below = bool(end[0] < 0)
    sign, more, less = (-1, first, second) if below else (1, second, first)
    leads = zip((sign * logs - np.log(by)).T, (more - by * less).T, strict=True)
    positions = np.array([_positions(swept, *lead) for lead in leads if np.isfinite(lead[0]).any()])
    lows, highs = zip(*map(position_interval, positions.T), strict=True)
    logs_at = (median_position(positions[:, 0]), min(lows), max(highs))
    at, low, high = (each if each == -inf else float(np.exp(each)) for each in logs_at)
    ends = (float(swept[known[0]]), float(swept[known[-1]]))
    return Crossing(below, at, low, high, *ends, *(float(np.exp(number)) for number in end))


def _positions(swept: Array, lead: Array, apart: Array) -> tuple[float, float, float]:
    """Return the logarithms of where a round's lead last turns positive, by three ways to join its values.

    lead: of the logarithms; apart: by how much one is more than the other. The ways are straight lines
    on logarithmic axes, in the swept value, and in its reciprocal.
    """
    known = np.isfinite(lead)
    x, lead, apart = swept[known], lead[known], apart[known]
    behind = np.flatnonzero(lead <= 0)
    if not len(behind):
        return -inf, -inf, -inf
    last = behind[-1]
    if last == len(x) - 1:
        return inf, inf, inf
    (low, high), (before, after), (less, more) = (each[last : last + 2] for each in (x, lead, apart))
    share, part = before / (before - after), less / (less - more)
    return (
        float(np.log(low) + (np.log(high) - np.log(low)) * share),
        float(np.log(low + (high - low) * part)),
        float(-np.log(1 / low + (1 / high - 1 / low) * part)),
    )


def median_position(positions: Array) -> float:
    """Return the median position; of two in the middle their mean, or the lower where one is infinite."""
    ranked = np.sort(positions)
    lower, upper = ranked[(len(ranked) - 1) // 2], ranked[len(ranked) // 2]
    return float((lower + upper) / 2 if np.isfinite([lower, upper]).all() else lower)
