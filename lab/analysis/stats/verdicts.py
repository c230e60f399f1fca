"""Intervals → words: faster, slower, tie, undecided; and what is not ranked."""

from __future__ import annotations

import math

NO_TIMES = ("limit_s", "cpu_s", "cpu_system_s")
"""Seconds that nobody waits for."""

SERVER_BOUND = 0.8
"""From this share of the server's one core on, a case measures the server as much as its model."""


def is_time(metric: str) -> bool:
    """Return whether a metric is a measured time, of which less is better; only those get verdicts."""
    return metric.endswith("_s") and not metric.endswith("_per_s") and metric not in NO_TIMES


def verdict(ratio: float, low: float, high: float, resolution: float | None) -> str:
    """Return the word for a ratio to the baseline, its interval, and the run's resolution.

    - tie: the interval lies within the resolution, 1 / resolution .. resolution;
    - faster, slower: the interval leaves 1 out, and the ratio is further from 1 than the resolution;
    - undecided: anything else; "" where there is no interval.

    Without a resolution nothing ties, and the interval alone says faster or slower.
    """
    if math.isnan(low) or math.isnan(high):
        return ""
    if resolution is not None and 1 / resolution <= low and high <= resolution:
        return "tie"
    nearest = resolution or 1.0
    if high < 1 and ratio < 1 / nearest:
        return "faster"
    if low > 1 and ratio > nearest:
        return "slower"
    return "undecided"
