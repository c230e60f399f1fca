"""A line through sizes, for each round."""

from __future__ import annotations

import numpy as np

from lab.analysis.stats.intervals import Array


def lines(sizes: Array, values: Array) -> tuple[Array, Array]:
    """Return intercept and slope of values [sizes, rounds] for each round, by least squares.

    One size alone gives a line through zero. Neither is below zero: nothing is won by one task more.
    """
    found = [line(sizes[np.isfinite(column)], column[np.isfinite(column)]) for column in values.T]
    intercepts, slopes = np.array(found, dtype=np.float64).reshape(-1, 2).T
    return np.maximum(intercepts, 0.0), np.maximum(slopes, 0.0)


def line(sizes: Array, values: Array) -> tuple[float, float]:
    """Return intercept and slope of one round; NaN where it has no size at all."""
    if not len(sizes):
        return np.nan, np.nan
    if len(sizes) == 1:
        return 0.0, float(values[0] / sizes[0])
    slope, intercept = np.polyfit(sizes, values, 1)
    return float(intercept), float(slope)
