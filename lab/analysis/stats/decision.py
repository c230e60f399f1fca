"""Decides which word of `lab.core.verdicts` a ratio to the baseline gets."""

import math
from collections.abc import Sequence

from lab.analysis.stats.counterparts import partners
from lab.analysis.stats.intervals import Array
from lab.analysis.stats.ratios import resolution_of, server_bound
from lab.analysis.stats.rounds import Rounds
from lab.core.verdicts import BASELINE, FASTER, SERVER_BOUND, SLOWER, TIE, UNDECIDED, VOID

NO_TIMES = ("limit_s", "cpu_s", "cpu_system_s")  # seconds that are no waiting time


def is_time(metric: str) -> bool:
    """Return whether a metric is a measured time, of which less is better; only those get verdicts."""
    return metric.endswith("_s") and not metric.endswith("_per_s") and metric not in NO_TIMES


def verdict(ratio: float, low: float, high: float, resolution: float | None) -> str:
    """Return the word for a ratio to the baseline, its interval, and the run's resolution.

    - tie: the interval lies within the resolution, 1 / resolution .. resolution;
    - faster, slower: the interval leaves 1 out, and the ratio is further from 1 than the resolution;
    - undecided: anything else; "" where there is no interval.

    Without a resolution nothing ties, and the interval alone decides between faster and slower.
    """
    if math.isnan(low) or math.isnan(high):
        return ""
    if resolution is not None and 1 / resolution <= low and high <= resolution:
        return TIE
    nearest = resolution or 1.0
    if high < 1 and ratio < 1 / nearest:
        return FASTER
    if low > 1 and ratio > nearest:
        return SLOWER
    return UNDECIDED


def verdicts(rounds: Rounds, metric: str, ratios: Sequence[Array]) -> list[str]:
    """Return the word for each case, from its ratio to the baseline and the ends of its interval."""
    resolution, bound = resolution_of(rounds, metric), server_bound(rounds)
    words = []
    for index, partner in enumerate(partners(rounds, rounds.baseline)):
        if not rounds.good[index]:
            words.append(VOID if rounds.bad[index] else "")
        elif bound[index] or (partner is not None and bound[partner]):
            words.append(SERVER_BOUND)
        elif rounds.cases[index].get("model") == rounds.baseline:
            words.append(BASELINE)
        else:
            ratio, low, high = (float(each[index]) for each in ratios)
            words.append(verdict(ratio, low, high, resolution) if is_time(metric) else "")
    return words
