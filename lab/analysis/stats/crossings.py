"""Where a sweep turns: the crossing of two lines, and the knee of one.

From a crossing on, one line stays below the other; beyond a knee, more of what is swept stops helping.
"""

from math import inf
from typing import NamedTuple

import numpy as np

from lab.analysis.stats.intervals import Array, mean_interval, median_interval

WORTH = 0.1
"""What a doubling has to gain to be worth it: a tenth."""


class Crossing(NamedTuple):
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


class Knee(NamedTuple):
    """The median knee of the rounds, always a swept value or inf, and its 95 % interval, NaN if unknown."""

    at: float
    low: float
    high: float


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


def position_interval(positions: Array) -> tuple[float, float]:
    """Return the 95 % interval of the median of positions on a sweep, of shape [rounds]; NaN for too few.

    A position before the sweep is -inf, one after it inf. These are no missing ones: they keep their rank.
    """
    ranks = np.arange(len(positions), dtype=np.float64)
    low, high = (float(bound[0]) for bound in median_interval(ranks[None]))
    ranked = np.sort(positions)
    return (float(ranked[int(low)]), float(ranked[int(high)])) if low == low else (low, high)


def knee_of(swept: Array, rounds: Array, *, more_is_better: bool = False) -> Knee | None:
    """Return the knee of a line whose rounds are the columns of `rounds`; None where nothing is known."""
    known = [column for column in rounds.T if np.isfinite(column).any()]
    if not known:
        return None
    knees = np.array([knee(swept, column, more_is_better=more_is_better) for column in known])
    return Knee(float(np.sort(knees)[(len(knees) - 1) // 2]), *position_interval(knees))


def knee(swept: Array, values: Array, *, more_is_better: bool = False) -> float:
    """Return the smallest swept value beyond which no step gains a tenth for each doubling.

    swept: the values, ascending and above zero; values: the metric at each, above zero, NaN where
    unknown. A longer step has to gain that for each of its doublings: from 2 to 8 there are two. inf where
    the last step still gains, or there is no step at all.
    """
    known = np.isfinite(values) & (values > 0)
    x, y = np.log2(swept[known]), np.log(values[known])
    if len(x) < 2:
        return inf
    slopes = np.diff(y) / np.diff(x)
    gains = np.exp(-slopes if more_is_better else slopes)
    worth = np.flatnonzero(gains <= 1 - WORTH + 1e-12)
    after = worth[-1] + 1 if len(worth) else 0
    return float(swept[known][after]) if after < len(x) - 1 else inf
