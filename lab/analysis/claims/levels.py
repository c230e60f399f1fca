"""Conditions on a metric by itself, case by case: decided by the interval of its median over the rounds."""

import numpy as np

from lab.analysis.claims.decision import among, at, decided, nearest, too_few
from lab.analysis.stats.counterparts import matching
from lab.analysis.stats.intervals import Array, count, median, median_interval
from lab.analysis.stats.rounds import Rounds
from lab.core.claims import Level
from lab.core.verdicts import SUPPORTED, UNDECIDED
from lab.core.words import interval, many


def judge(condition: Level, rounds: Rounds) -> tuple[str, str]:
    """Return the verdict on a condition, and its evidence in one line.

    The interval is that of the summary: between two of the rounds themselves, the extremes where there are
    few. The condition is supported where that of every case lies within its bounds, refuted where
    that of at least one lies wholly outside. A condition that is sought is supported where any round
    of any case meets it, and never refuted.
    """
    every, passed = rounds.values[condition.metric], matching(rounds.cases, condition.where)
    # A case whose trials all went well, and that has no such number, does not measure it.
    indices = [index for index in passed if rounds.bad[index] or np.isfinite(every[index]).any()]
    if not indices:
        return UNDECIDED, f"no case was measured{at(condition.where)}"
    values, cases = every[indices], [at(rounds.cases[index]) for index in indices]
    return (_sought if condition.sought else _held)(condition, values, cases)


def _held(condition: Level, values: Array, cases: list[str]) -> tuple[str, str]:
    bounds, middle, (low, high) = (condition.low, condition.high), median(values), median_interval(values)
    verdict, shown = decided(low, high, *bounds)
    if verdict == UNDECIDED and (why := too_few(values, "it", cases)):
        return UNDECIDED, why
    index = nearest(middle, *bounds, shown)
    number = interval(float(middle[index]), float(low[index]), float(high[index]))
    return verdict, f"{condition.metric} {number}{cases[index]}{among(shown, 'cases')}"


def _sought(condition: Level, values: Array, cases: list[str]) -> tuple[str, str]:
    seen = (values > condition.low) & (values < condition.high)
    if not seen.any():
        rounds = int(np.isfinite(values).any(axis=0).sum())
        searched = f"{many(rounds, 'round')} of {many(len(cases), 'case')}"
        return UNDECIDED, f"not seen in {searched}, which does not make it impossible"
    most = int(np.argmax(seen.sum(axis=-1)))
    ends = (float(np.nanmin(values[most])), float(np.nanmax(values[most])))
    number = interval(float(median(values)[most]), *ends)
    seen_in = f"seen in {int(seen[most].sum())} of {int(count(values)[most])} rounds"
    within = int(seen.any(axis=-1).sum())
    others = f" and in {within} of {len(cases)} cases" if len(cases) > 1 else ""
    return SUPPORTED, f"{condition.metric} {number}{cases[most]}, {seen_in}{others}"
