"""Where in a sweep one line gets past another for good, and by how much it leads at the end."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np

from lab.stats.intervals import Array, half_width, mean
from lab.stats.places import interval, middle


@dataclass(frozen=True, slots=True)
class Crossing:
    """From where on a second line is below a first, or above it.

    at, low, high: the swept value, and its 95 % interval; -inf: before the sweep begins, so that it
        leads throughout; inf: after it ends; NaN: the bounds for fewer than FEWEST_ROUNDS.
    first, last: the smallest and largest swept value that both lines have in some round.
    ratio, ratio_low, ratio_high: the second to the first there, by the mean that all ratios have.
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
    def parted(self) -> bool:
        """Return whether the two differ where the sweep ends, by its interval where there is one."""
        return not self.ratio_low <= 1 <= self.ratio_high and self.ratio != 1


def crossing(swept: Array, first: Array, second: Array, by: float = 1.0) -> Crossing | None:
    """Return where the second line gets past the first; None where the two never stand side by side.

    swept: the values, ascending and above zero; first, second: [values, rounds], NaN where unknown.
    Each round has a crossing of its own: where the line from value to value, straight on logarithmic
    axes, last changes sides. Their median is the crossing. A round in which the winner of the
    whole is ahead throughout counts as before the sweep, one in which it never gets ahead as after it.
    Ahead is who is so by a factor of more than `by`.
    """
    both = (first > 0) & (second > 0)
    logs = np.log(np.where(both, second, 1.0)) - np.log(np.where(both, first, 1.0))
    logs = np.where(both, logs, np.nan)
    known = np.flatnonzero(both.any(axis=1))
    if not len(known):
        return None
    end = logs[known[-1]]
    ratio, spread = float(mean(end)), float(half_width(end))
    sign = -1.0 if ratio < 0 else 1.0
    places = np.array(
        [_last(np.log(swept), column * sign - np.log(by)) for column in logs.T if np.isfinite(column).any()]
    )
    low, high = interval(places)
    return Crossing(
        below=bool(sign < 0),
        at=_exp(middle(places)),
        low=_exp(low),
        high=_exp(high),
        first=float(swept[known[0]]),
        last=float(swept[known[-1]]),
        ratio=float(np.exp(ratio)),
        ratio_low=float(np.exp(ratio - spread)),
        ratio_high=float(np.exp(ratio + spread)),
    )


def _last(logs_of_swept: Array, lead: Array) -> float:
    """Return the logarithm of where a round's lead last turns positive."""
    known = np.isfinite(lead)
    x, y = logs_of_swept[known], lead[known]
    behind = np.flatnonzero(y <= 0)
    if not len(behind):
        return -inf
    turn = behind[-1]
    if turn == len(y) - 1:
        return inf
    return float(x[turn] + (x[turn + 1] - x[turn]) * y[turn] / (y[turn] - y[turn + 1]))


def _exp(place: float) -> float:
    return place if place == -inf else float(np.exp(place))
