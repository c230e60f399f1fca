"""Conditions on the ratio of one model to another: decided by intervals of ratios, paired by round."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from lab.analysis.claims.places import filtered, named, unknown_axis
from lab.analysis.stats.counterparts import agrees, counterparts
from lab.analysis.stats.intervals import (
    FEWEST_ROUNDS,
    Array,
    Mask,
    count,
    half_width,
    mean,
    p_values,
    rejects,
)
from lab.analysis.stats.ratios import log_ratio, resolution_of
from lab.analysis.stats.rounds import Axes, Rounds, as_text
from lab.core.claims import Bounded, Condition
from lab.core.words import interval, many


@dataclass(frozen=True, slots=True)
class Pairs:
    """The pairs a condition is about.

    places: the axes each pair stands at: " at tasks=14 workers=all".
    shared: in how many rounds both were measured.
    logs: log-ratios, of shape [pairs, rounds].
    """

    places: tuple[str, ...]
    shared: tuple[int, ...]
    logs: Array


def judge(condition: Condition, rounds: Rounds) -> tuple[str, str]:
    """Return the verdict on a condition, and its evidence in one line.

    A condition speaks of every pair of cases that are alike but for the model and pass its filter.
    It is supported where the 95 % interval of every pair's ratio, paired by round, lies within the claimed
    bounds, and refuted where that of at least one lies wholly outside. To support, all
    have to agree, which needs no correction; to refute, one is enough, so those are corrected over all
    pairs by Holm's procedure. A ratio that the run cannot tell from 1 is neither above nor below 1.
    """
    if condition.metric not in rounds.values:
        return "undecided", f"{condition.metric} was not measured"
    if unknown := unknown_axis(condition.where, rounds.axes):
        return "undecided", unknown
    pairs = _pairs(condition, rounds)
    if not pairs.places:
        return (
            "undecided",
            f"no like cases of {condition.model} and {condition.to}{filtered(condition.where)}",
        )
    low, high = intervals(pairs.logs, resolution_of(rounds, condition.metric))
    verdict, telling = decided(pairs.logs, low, high, condition)
    evidence = _evidence(condition, pairs, low, high, telling)
    return verdict, (_missing(pairs) if verdict == "undecided" else "") or evidence


def decided(logs: Array, low: Array, high: Array, bounds: Bounded) -> tuple[str, Mask]:
    """Return the verdict on ratios that are to lie within bounds, and which of them tell it.

    logs: log-ratios, [pairs, rounds]; low, high: the intervals of their means.
    """
    least, most = log_of(bounds.low), log_of(bounds.high)
    right, wrong = (low > least) & (high < most), (high < least) | (low > most)
    refuting = wrong & rejects(p_values(logs - nearest(logs, bounds)[:, None]))
    if right.all():
        return "supported", right
    return ("refuted", refuting) if refuting.any() else ("undecided", ~right)


def nearest(logs: Array, bounds: Bounded) -> Array:
    """Return the logarithm of the bound that each pair's mean is nearest to."""
    least, most, centre = log_of(bounds.low), log_of(bounds.high), mean(logs)
    return np.where(np.abs(centre - least) < np.abs(centre - most), least, most)


def log_of(bound: float) -> float:
    """Return a bound's logarithm; that of the least or the largest number for one that has none."""
    return float(np.log(np.clip(bound, sys.float_info.min, sys.float_info.max)))


def _pairs(condition: Condition, rounds: Rounds) -> Pairs:
    values = rounds.values[condition.metric]
    found = [
        (_place(rounds.cases[one], rounds.cases[other], condition.axis), values[one], values[other])
        for one, other in _places(condition, rounds)
    ]
    return Pairs(
        places=tuple(place for place, _, _ in found),
        shared=tuple(int(count(one + other)) for _, one, other in found),
        logs=np.array([log_ratio(one, other) for _, one, other in found]),
    )


def _places(condition: Condition, rounds: Rounds) -> Iterator[tuple[int, int]]:
    where = {axis: as_text(value) for axis, value in condition.where.items()}
    for one, case in enumerate(rounds.cases):
        if case.get(condition.axis) == condition.model and agrees(case, where):
            for other in counterparts(case, condition.to, rounds.cases, condition.axis):
                if agrees(rounds.cases[other], where):
                    yield one, other


def _place(one: Axes, other: Axes, axis: str) -> str:
    both = {name: value if value is not None else other[name] for name, value in one.items()}
    return named(both, without=axis)


def intervals(logs: Array, resolution: float | None) -> tuple[Array, Array]:
    """Return intervals of the mean log-ratios, stretched to 0 where the mean is within the resolution."""
    centre, spread = mean(logs), half_width(logs)
    blurred = np.abs(centre) <= np.log(resolution or 1.0)
    low = np.where(blurred, np.minimum(centre - spread, 0.0), centre - spread)
    high = np.where(blurred, np.maximum(centre + spread, 0.0), centre + spread)
    return low, high


def _missing(pairs: Pairs) -> str:
    """Return why the first pair that has no interval has none; "" where all have one."""
    for place, shared, logs in zip(pairs.places, pairs.shared, pairs.logs, strict=True):
        if shared < FEWEST_ROUNDS:
            return f"{many(shared, 'round')} measured both{place}; an interval needs {FEWEST_ROUNDS}"
        if not count(logs):
            return f"a value is not positive{place}, so there is no ratio"
    return ""


def _evidence(condition: Condition, pairs: Pairs, low: Array, high: Array, telling: Mask) -> str:
    """Return the telling pair that is nearest to a bound, in words and numbers."""
    distance = np.where(telling, np.abs(mean(pairs.logs) - nearest(pairs.logs, condition)), np.inf)
    place = int(np.argmin(distance))
    ratio, least, most = (float(np.exp(logs[place])) for logs in (mean(pairs.logs), low, high))
    over = " over " if "/" in condition.model + condition.to else "/"
    words = f"{condition.model}{over}{condition.to} {interval(ratio, least, most)}{pairs.places[place]}"
    pairs_in_all = len(pairs.places)
    return words + (f", {int(telling.sum())} of {pairs_in_all} pairs" if pairs_in_all > 1 else "")
