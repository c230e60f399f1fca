"""Conditions on one factor of a gap between two models: the model's, or that of what differs with it."""

from __future__ import annotations

import numpy as np

from lab.analysis.claims.comparisons import intervals, sides
from lab.analysis.claims.verdicts import UNDECIDED, decided
from lab.analysis.claims.wording import at, filtered, too_few
from lab.analysis.stats.intervals import FEWEST_ROUNDS, count
from lab.analysis.stats.ratios import resolution_of
from lab.analysis.stats.rounds import Rounds
from lab.analysis.stats.splits import Split, factor, splits
from lab.core.claims import Part
from lab.core.words import TIMES, interval

MOST = 3
"""The evidence states at most so many splits."""


def judge(condition: Part, rounds: Rounds) -> tuple[str, str]:
    """Return the verdict on a condition, and the splits as its evidence, in one line.

    It is decided as the ratio of two models is, by the intervals of the one factor in every split.
    """
    gap = condition.gap
    found = splits(rounds, gap, condition.metric, condition.where)
    if not found:
        alike = f"{gap.model} and {gap.to} with {gap.axis}={gap.of} and {gap.axis}={gap.control}"
        return UNDECIDED, f"no like cases of {alike}{filtered(condition.where)}"
    logs = np.array([each.model if condition.of_model else each.rest for each in found])
    few = count(logs) < FEWEST_ROUNDS
    if few.any():
        first = int(np.argmax(few))
        return UNDECIDED, too_few(int(count(logs)[first]), "all four", at(found[first].where))
    low, high = intervals(logs, resolution_of(rounds, condition.metric))
    verdict, _ = decided(*sides(logs, low, high, condition))
    evidence = [words(each, condition) for each in found[:MOST]]
    evidence += [f"{len(found) - MOST} more"] if len(found) > MOST else []
    return verdict, "; ".join(evidence)


def words(split: Split, condition: Part) -> str:
    """Return a gap and its factors: "a/b 4.02 (...) = 2.06 (...) the model x 1.95 (...) the client"."""
    gap = condition.gap
    whole, model, rest = (interval(*factor(logs)) for logs in (split.gap, split.model, split.rest))
    factors = f"{model} the model {TIMES} {rest} the {gap.axis}"
    return f"{gap.model}/{gap.to} {whole} = {factors}{at(split.where)}"
