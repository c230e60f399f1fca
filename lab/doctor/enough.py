"""How many rounds it takes to resolve a difference, from how far identical cases were apart."""

from __future__ import annotations

from bisect import bisect_left

import numpy as np

from lab.analysis.stats.intervals import FEWEST_ROUNDS, Array, count, resolution_of_pairs, standard_error

MOST_ROUNDS = 1000
"""Beyond this the answer is another machine."""


def spread(logs: Array) -> float | None:
    """Return how far identical cases are apart in one round: the standard deviation of their log-ratio.

    `logs` holds log-ratios of identical cases, of shape [pairs, rounds]. Their mean is known to be zero, so
    the deviation is taken about that. Of several pairs it is the median, as in the lab's resolution.
    None where no pair has FEWEST_ROUNDS.
    """
    deviations = standard_error(logs, about=0.0) * np.sqrt(count(logs))
    known = deviations[np.isfinite(deviations)]
    return float(np.median(known)) if len(known) else None


def resolution_after(rounds: int, deviation: float) -> float:
    """Return the ratio that so many rounds resolve, where identical cases are `deviation` apart in each.

    It is the lab's own rule for a pair whose every round is off by that much.
    """
    resolved = resolution_of_pairs(np.full((1, rounds), deviation))
    assert resolved is not None
    return resolved


def rounds_to_resolve(difference: float, deviation: float) -> int | None:
    """Return the fewest rounds that resolve a difference (0.05: 5 %); None for more than MOST_ROUNDS.

    The resolution of n rounds is exp((t + t') deviation / sqrt(n)), t and t' being Student's quantiles
    at 97.5 % and 80 %: it falls with every round, so the first n that reaches 1 + difference is it.
    The deviation is itself an estimate from few rounds, so the answer is good to a third or so.
    """
    numbers = range(FEWEST_ROUNDS, MOST_ROUNDS + 1)
    enough = bisect_left(numbers, True, key=lambda n: resolution_after(n, deviation) <= 1 + difference)
    return numbers[enough] if enough < len(numbers) else None
