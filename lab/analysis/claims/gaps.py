"""Conditions on one factor of a gap between two models: the model's, or that of what differs with it."""

from __future__ import annotations

import numpy as np

from lab.analysis.claims.comparisons import decided, intervals
from lab.analysis.claims.places import filtered, named, unknown_axis
from lab.analysis.stats.intervals import FEWEST_ROUNDS, count
from lab.analysis.stats.ratios import resolution_of
from lab.analysis.stats.rounds import Rounds
from lab.analysis.stats.splits import Split, factor, splits
from lab.core.claims import Part
from lab.core.words import TIMES, interval, many

MOST = 3
"""So many splits are told in full."""


def judge(condition: Part, rounds: Rounds) -> tuple[str, str]:
    """Return the verdict on a condition, and every split as its evidence, in one line.

    It is decided as the ratio of two models is, by the intervals of the one factor in every place.
    """
    gap = condition.gap
    if condition.metric not in rounds.values:
        return "undecided", f"{condition.metric} was not measured"
    if unknown := unknown_axis({**condition.where, gap.axis: gap.of}, rounds.axes):
        return "undecided", unknown
    found = splits(rounds, gap, condition.metric, condition.where)
    if not found:
        what = f"{gap.model} and {gap.to} with {gap.axis}={gap.of} and {gap.axis}={gap.control}"
        return "undecided", f"no like cases of {what}{filtered(condition.where)}"
    logs = np.array([each.model if condition.of_model else each.rest for each in found])
    few = count(logs) < FEWEST_ROUNDS
    if few.any():
        place = int(np.argmax(few))
        there = many(int(count(logs)[place]), "round")
        return (
            "undecided",
            f"{there} measured all four{named(found[place].where)}; an interval needs {FEWEST_ROUNDS}",
        )
    low, high = intervals(logs, resolution_of(rounds, condition.metric))
    verdict, _ = decided(logs, low, high, condition.bound, above=condition.above)
    told = [words(each, condition) for each in found[:MOST]]
    told += [f"{len(found) - MOST} more"] if len(found) > MOST else []
    return verdict, "; ".join(told)


def words(split: Split, condition: Part) -> str:
    """Return a gap and its factors: "a/b 4.02 (...) = 2.06 (...) the model x 1.95 (...) the client"."""
    gap = condition.gap
    whole, model, rest = (interval(*factor(logs)) for logs in (split.gap, split.model, split.rest))
    return (
        f"{gap.model}/{gap.to} {whole} = {model} the model {TIMES} {rest} the {gap.axis}"
        f"{named(split.where)}"
    )
