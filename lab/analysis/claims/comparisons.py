"""Conditions on the ratio of one model to another: decided by intervals of ratios, paired by round."""

from __future__ import annotations

import sys
from typing import NamedTuple

import numpy as np

from lab.analysis.claims.verdicts import UNDECIDED, decided
from lab.analysis.claims.wording import at, filtered, too_few
from lab.analysis.stats.counterparts import agrees, counterparts, matching
from lab.analysis.stats.holm import p_values, rejects
from lab.analysis.stats.intervals import FEWEST_ROUNDS, Array, Mask, count, mean, mean_interval
from lab.analysis.stats.ratios import log_ratio, resolution_of
from lab.analysis.stats.rounds import Rounds
from lab.core.claims import Bounded, Condition
from lab.core.words import interval


class Pair(NamedTuple):
    """Two cases that a condition compares.

    case: the axes of both, in words: " at tasks=14 workers=all".
    shared: in how many rounds both were measured.
    logs: log-ratios, of shape [rounds].
    """

    case: str
    shared: int
    logs: Array


def judge(condition: Condition, rounds: Rounds) -> tuple[str, str]:
    """Return the verdict on a condition, and its evidence in one line.

    A condition is about every pair of cases that are alike but for the model and pass its filter.
    It is supported where the 95 % interval of every pair's ratio, paired by round, lies on the claimed
    side of the bound, and refuted where that of at least one lies wholly on the other. To support, all
    have to agree, which needs no correction; to refute, one is enough, so those are corrected over all
    pairs by Holm's procedure. A ratio that the run cannot tell from 1 is neither above nor below 1.
    """
    pairs = _pairs(condition, rounds)
    if not pairs:
        alike = f"{condition.model} and {condition.to}{filtered(condition.where)}"
        return UNDECIDED, f"no like cases of {alike}"
    logs = np.array([pair.logs for pair in pairs])
    low, high = intervals(logs, resolution_of(rounds, condition.metric))
    verdict, shown = decided(*sides(logs, low, high, condition))
    evidence = _evidence(condition, pairs, logs, (low, high), shown)
    return verdict, (_missing(pairs) if verdict == UNDECIDED else "") or evidence


def sides(logs: Array, low: Array, high: Array, bounds: Bounded) -> tuple[Mask, Mask]:
    """Return which ratios lie within the bounds, and which lie outside of them by Holm's procedure.

    logs: log-ratios, [pairs, rounds]; low, high: the intervals of their means.
    """
    least, most = log_of(bounds.low), log_of(bounds.high)
    right, wrong = (low > least) & (high < most), (high < least) | (low > most)
    return right, wrong & rejects(p_values(logs - nearest_bound(logs, bounds)[:, None]))


def nearest_bound(logs: Array, bounds: Bounded) -> Array:
    """Return the logarithm of the bound that each pair's mean is nearest to."""
    least, most, centre = log_of(bounds.low), log_of(bounds.high), mean(logs)
    return np.where(np.abs(centre - least) < np.abs(centre - most), least, most)


def log_of(bound: float) -> float:
    """Return a bound's logarithm; that of the smallest or the largest number for a bound that has none."""
    return float(np.log(np.clip(bound, sys.float_info.min, sys.float_info.max)))


def intervals(logs: Array, resolution: float | None) -> tuple[Array, Array]:
    """Return intervals of the mean log-ratios, stretched to 0 where the mean is within the resolution."""
    centre, low, high = mean_interval(logs)
    blurred = np.abs(centre) <= np.log(resolution or 1.0)
    return np.where(blurred, np.minimum(low, 0.0), low), np.where(blurred, np.maximum(high, 0.0), high)


def _pairs(condition: Condition, rounds: Rounds) -> list[Pair]:
    """Return the pairs of cases that the condition is about, in grid order."""
    values, pairs = rounds.values[condition.metric], []
    for one in matching(rounds.cases, condition.where):
        case = rounds.cases[one]
        if case.get(condition.axis) != condition.model:
            continue
        for other in counterparts(case, condition.to, rounds.cases, condition.axis):
            if agrees(rounds.cases[other], condition.where):
                # An axis that means nothing to one of the two has the other's value.
                axes = {name: text or rounds.cases[other][name] for name, text in case.items()}
                shared = int(count(values[one] + values[other]))
                pairs.append(
                    Pair(at(axes, without=condition.axis), shared, log_ratio(values[one], values[other]))
                )
    return pairs


def _missing(pairs: list[Pair]) -> str:
    """Return why the first pair that has no interval has none; "" where all have one."""
    for pair in pairs:
        if pair.shared < FEWEST_ROUNDS:
            return too_few(pair.shared, "both", pair.case)
        if not count(pair.logs):
            return f"a value is not positive{pair.case}, so there is no ratio"
    return ""


def _evidence(
    condition: Condition, pairs: list[Pair], logs: Array, ends: tuple[Array, Array], shown: Mask
) -> str:
    """Return the pair that is nearest to the bound among those that show the verdict."""
    distance = np.where(shown, np.abs(mean(logs) - nearest_bound(logs, condition)), np.inf)
    nearest = int(np.argmin(distance))
    ratio, low, high = (float(np.exp(each[nearest])) for each in (mean(logs), *ends))
    over = " over " if "/" in condition.model + condition.to else "/"
    words = f"{condition.model}{over}{condition.to} {interval(ratio, low, high)}{pairs[nearest].case}"
    return words + (f", {int(shown.sum())} of {len(pairs)} pairs" if len(pairs) > 1 else "")
