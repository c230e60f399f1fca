"""Medians of places in a sweep, some of which may lie before it (-inf) or after it (inf)."""

from __future__ import annotations

import numpy as np

from lab.analysis.stats.intervals import Array, median_interval


def middle(places: Array) -> float:
    """Return the median place; of two in the middle their mean, or the lower where one is infinite."""
    ranked = np.sort(places)
    lower, upper = ranked[(len(ranked) - 1) // 2], ranked[len(ranked) // 2]
    return float((lower + upper) / 2 if np.isfinite([lower, upper]).all() else lower)


def interval(places: Array) -> tuple[float, float]:
    """Return the 95 % interval of the median place; NaN for fewer than FEWEST_ROUNDS.

    Infinite places are no missing ones: they keep their rank.
    """
    ranked = np.sort(places)
    low, high = (bound[0] for bound in median_interval(np.arange(len(ranked), dtype=np.float64)[None, :]))
    return (float(ranked[int(low)]), float(ranked[int(high)])) if low == low else (float(low), float(high))
