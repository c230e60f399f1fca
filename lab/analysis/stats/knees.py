"""The knee of a sweep: the value beyond which more stops helping."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np

from lab.analysis.stats.intervals import Array, position_interval

WORTH = 0.1
"""What a doubling has to gain to be worth it: a tenth."""


@dataclass(frozen=True, slots=True)
class Knee:
    """The median knee of the rounds, always a swept value or inf, and its 95 % interval, NaN if unknown."""

    at: float
    low: float
    high: float


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
