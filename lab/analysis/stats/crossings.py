"""Where in a sweep one line gets past another for good, and by how much it leads at the end."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np

from lab.analysis.stats.intervals import Array, half_width, mean
from lab.analysis.stats.places import interval, middle


@dataclass(frozen=True, slots=True)
class Crossing:
    """From where on a second line is below a first, or above it.

    at, low, high: the swept value, and its 95 % interval, however the lines are joined; -inf: before the
        sweep begins, so that it leads throughout; inf: after it ends; NaN: the bounds for fewer than
        FEWEST_ROUNDS.
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
    def significant(self) -> bool:
        """Return whether the two differ where the sweep ends, by its interval where there is one."""
        return not self.ratio_low <= 1 <= self.ratio_high and self.ratio != 1


def crossing(swept: Array, first: Array, second: Array, by: float = 1.0) -> Crossing | None:
    """Return where the second line gets past the first; None where the two never stand side by side.

    swept: the values, ascending and above zero; first, second: [values, rounds], NaN where unknown.
    Each round has a crossing of its own: where the line from value to value, straight on logarithmic
    axes, last changes sides. Their median is the crossing. A round in which the winner of the
    whole is ahead throughout counts as before the sweep, one in which it never gets ahead as after it.
    Ahead is who is so by a factor of more than `by`.

    Between two values nobody measured. There costs may as well be straight in the value (so much for
    each), or in its reciprocal (so much for each part of a whole): the interval holds those of all three.
    """
    both = (first > 0) & (second > 0)
    known = np.flatnonzero(both.any(axis=1))
    if not len(known):
        return None
    first, second = np.where(both, first, np.nan), np.where(both, second, np.nan)
    logs = np.log(second) - np.log(first)
    end = logs[known[-1]]
    ratio, spread = float(mean(end)), float(half_width(end))
    sign, more, less = (-1, first, second) if ratio < 0 else (1, second, first)
    turns = np.array(
        [
            _turns(swept, *column)
            for column in zip((sign * logs - np.log(by)).T, (more - by * less).T, strict=True)
            if np.isfinite(column[0]).any()
        ]
    )
    lows, highs = zip(*(interval(places) for places in turns.T), strict=True)
    return Crossing(
        below=ratio < 0,
        at=_exp(middle(turns[:, 0])),
        low=_exp(min(lows)),
        high=_exp(max(highs)),
        first=float(swept[known[0]]),
        last=float(swept[known[-1]]),
        ratio=float(np.exp(ratio)),
        ratio_low=float(np.exp(ratio - spread)),
        ratio_high=float(np.exp(ratio + spread)),
    )


def _turns(swept: Array, lead: Array, apart: Array) -> tuple[float, float, float]:
    """Return the logarithms of where a round's lead last turns positive, by three ways to join its values.

    lead: of the logarithms; apart: by how much one is more than the other. The ways are straight lines
    on logarithmic axes, in the swept value, and in its reciprocal.
    """
    known = np.isfinite(lead)
    x, lead, apart = swept[known], lead[known], apart[known]
    behind = np.flatnonzero(lead <= 0)
    if not len(behind):
        return -inf, -inf, -inf
    turn = behind[-1]
    if turn == len(x) - 1:
        return inf, inf, inf
    (low, high), (before, after), (less, more) = (each[turn : turn + 2] for each in (x, lead, apart))
    share, part = before / (before - after), less / (less - more)
    return (
        float(np.log(low) + (np.log(high) - np.log(low)) * share),
        float(np.log(low + (high - low) * part)),
        float(-np.log(1 / low + (1 / high - 1 / low) * part)),
    )


def _exp(place: float) -> float:
    return place if place == -inf else float(np.exp(place))
