"""Conditions on the ratio of one model to another, and on one factor of it: decided by paired rounds."""

import sys
from collections.abc import Sequence

import numpy as np

from lab.analysis.claims.decision import among, at, decided, nearest, too_few
from lab.analysis.stats.counterparts import agrees, counterparts, matching
from lab.analysis.stats.holm import p_values, rejects
from lab.analysis.stats.intervals import Array, Mask, count, mean, mean_interval
from lab.analysis.stats.ratios import log_ratio, resolution_of
from lab.analysis.stats.rounds import Rounds
from lab.analysis.stats.splits import Split, factor, splits
from lab.core.claims import Bounded, Condition, Part
from lab.core.verdicts import UNDECIDED
from lab.core.words import TIMES, interval

MOST = 3  # the evidence on a gap states at most so many splits
Pair = tuple[str, Array, Array]
"""Two cases that a condition compares: the axes of both in words, the sums of what was measured, which are
NaN where one is missing, and the log-ratios; both of shape [rounds]."""


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
        alike = f"{condition.model} and {condition.to}{at(condition.where)}"
        return UNDECIDED, f"no like cases of {alike}"
    logs = np.array([logs for _, _, logs in pairs])
    low, high = intervals(logs, resolution_of(rounds, condition.metric))
    verdict, shown = verdict_on(logs, low, high, condition)
    if verdict == UNDECIDED and (why := _missing(pairs)):
        return UNDECIDED, why
    index = nearest(mean(logs), *bounds(condition), shown)
    middle, least, most = (float(np.exp(each[index])) for each in (mean(logs), low, high))
    ratio = interval(middle, least, most)
    over = " over " if "/" in condition.model + condition.to else "/"
    return verdict, f"{condition.model}{over}{condition.to} {ratio}{pairs[index][0]}{among(shown, 'pairs')}"


def judge_gap(condition: Part, rounds: Rounds) -> tuple[str, str]:
    """Return the verdict on a condition on one factor of a gap, and its splits as evidence, in one line.

    It is decided as the ratio of two models is, by the intervals of the one factor in every split.
    """
    gap = condition.gap
    parts = splits(rounds, gap, condition.metric, condition.where)
    if not parts:
        alike = f"{gap.model} and {gap.to} with {gap.axis}={gap.of} and {gap.axis}={gap.control}"
        return UNDECIDED, f"no like cases of {alike}{at(condition.where)}"
    logs = np.array([each.model if condition.of_model else each.rest for each in parts])
    if why := too_few(logs, "all four", [at(each.where) for each in parts]):
        return UNDECIDED, why
    low, high = intervals(logs, resolution_of(rounds, condition.metric))
    verdict, _ = verdict_on(logs, low, high, condition)
    evidence = [_split_words(each, condition) for each in parts[:MOST]]
    evidence += [f"{len(parts) - MOST} more"] if len(parts) > MOST else []
    return verdict, "; ".join(evidence)


def verdict_on(logs: Array, low: Array, high: Array, condition: Bounded) -> tuple[str, Mask]:
    """Return the verdict on log-ratios by the intervals of their means, and which of them show it.

    logs: [pairs, rounds]. Those outside of the bounds are corrected by Holm's procedure.
    """
    least, most = bounds(condition)
    centre = mean(logs)
    closer = np.where(np.abs(centre - least) < np.abs(centre - most), least, most)
    return decided(low, high, least, most, rejects(p_values(logs - closer[:, None])))


def bounds(condition: Bounded) -> tuple[float, float]:
    """Return the logarithms of the bounds; of the smallest or the largest number where there is none."""
    ends = np.clip([condition.low, condition.high], sys.float_info.min, sys.float_info.max)
    least, most = np.log(ends).tolist()
    return least, most


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
                words, logs = at(axes, without=condition.axis), log_ratio(values[one], values[other])
                pairs.append((words, values[one] + values[other], logs))
    return pairs


def _missing(pairs: Sequence[Pair]) -> str:
    """Return why a pair has no interval; "" where all have one."""
    cases, sums, _ = zip(*pairs, strict=True)
    without = [case for case, _, logs in pairs if not count(logs)]
    no_ratio = f"a value is not positive{without[0]}, so there is no ratio" if without else ""
    return too_few(np.array(sums), "both", cases) or no_ratio


def _split_words(split: Split, condition: Part) -> str:
    """Return a gap and its factors: "a/b 4.02 (...) = 2.06 (...) the model x 1.95 (...) the client"."""
    gap = condition.gap
    whole, model, rest = (interval(*factor(logs)) for logs in (split.gap, split.model, split.rest))
    factors = f"{model} the model {TIMES} {rest} the {gap.axis}"
    return f"{gap.model}/{gap.to} {whole} = {factors}{at(split.where)}"
