"""Rounds → log-ratios of one model to another, paired round by round, and what they can resolve."""

import numpy as np

from lab.analysis.stats.counterparts import partners
from lab.analysis.stats.holm import family_intervals
from lab.analysis.stats.intervals import Array, mean_interval, median, resolution_of_pairs
from lab.analysis.stats.rounds import Axes, Rounds
from lab.core.work import AA_SUFFIX, SEQUENTIAL

SERVER_BOUND = 0.8
"""From this share of the server's one core on, a case measures the server as much as its model."""


def log_ratio(values: Array, others: Array) -> Array:
    """Return log(values / others), round by round; both of shape [rounds].

    A round counts where both are measured. NaN throughout where one of them is not positive: to leave
    out such rounds alone would bias what remains.
    """
    both = np.isfinite(values) & np.isfinite(others)
    nothing = np.full(values.shape, np.nan)
    if (values[both] <= 0).any() or (others[both] <= 0).any():
        return nothing
    return np.log(values, out=nothing.copy(), where=both) - np.log(others, out=nothing, where=both)


def log_ratios(rounds: Rounds, metric: str, model: str) -> Array:
    """Return log(case / its counterpart under `model`), of shape [cases, rounds]; NaN without one."""
    values = rounds.values[metric]
    logs = np.full(values.shape, np.nan)
    for index, partner in enumerate(partners(rounds, model)):
        if partner is not None:
            logs[index] = log_ratio(values[index], values[partner])
    return logs


def ratios_to_baseline(rounds: Rounds, metric: str) -> tuple[Array, Array, Array]:
    """Return each case's ratio to its baseline counterpart, and the ends of its interval.

    The intervals are corrected over the models that share a counterpart (Holm's correction, `holm.py`).
    The baseline's second measurement is no such model: it is the control, with an interval of its own.
    """
    logs = log_ratios(rounds, metric, rounds.baseline)
    centre, low, high = mean_interval(logs)
    for members in families(rounds):
        low[members], high[members] = family_intervals(logs[members])
    return np.exp(centre), np.exp(low), np.exp(high)


def families(rounds: Rounds) -> list[list[int]]:
    """Return the indices of the cases that are compared with one and the same case of the baseline.

    A case that the server bounds is not ranked, and so in no family.
    """
    members: dict[int, list[int]] = {}
    bound = server_bound(rounds)
    for index, partner in enumerate(partners(rounds, rounds.baseline)):
        if partner is None or bound[index] or bound[partner]:
            continue
        if rounds.cases[index]["model"] not in (rounds.baseline, rounds.baseline + AA_SUFFIX):
            members.setdefault(partner, []).append(index)
    return list(members.values())


def server_bound(rounds: Rounds) -> list[bool]:
    """Return for each case whether the server was near its ceiling, which is one core kept busy."""
    busy = rounds.values.get("server_busy")
    return [False] * len(rounds.cases) if busy is None else (median(busy) >= SERVER_BOUND).tolist()


def speedups(rounds: Rounds, metric: str) -> tuple[Array, Array, Array]:
    """Return each case's sequential counterpart over it, paired, and the ends of its 95 % interval."""
    centre, low, high = mean_interval(-log_ratios(rounds, metric, SEQUENTIAL))
    return np.exp(centre), np.exp(low), np.exp(high)


def resolution_of(rounds: Rounds, metric: str) -> float | None:
    """Return the smallest ratio to the baseline that this run finds four times out of five.

    It is the distance at which an interval as wide as that of the baseline against itself leaves 1
    out with probability FOUND. Baseline and baseline are known to be equal, so their spread is taken
    about 1. Of several pairs the median counts, so that one outlier does not blunt the whole run.
    None where there is no such pair with FEWEST_ROUNDS.
    """
    controls = [index for index, case in enumerate(rounds.cases) if is_aa_control(case, rounds.baseline)]
    if metric not in rounds.values or not controls:
        return None
    return resolution_of_pairs(log_ratios(rounds, metric, rounds.baseline)[controls])


def is_aa_control(case: Axes, baseline: str) -> bool:
    """Return whether a case is the baseline's second measurement."""
    return case.get("model") == baseline + AA_SUFFIX
