"""Conditions on a metric by itself, case by case: decided by the interval of its median over the rounds."""

from __future__ import annotations

import numpy as np

from lab.analysis.claims.places import filtered, named, unknown_axis
from lab.analysis.stats.counterparts import agrees
from lab.analysis.stats.intervals import FEWEST_ROUNDS, Array, count, median, median_interval
from lab.analysis.stats.rounds import Rounds, as_text
from lab.core.claims import Level
from lab.core.words import interval, many


def judge(condition: Level, rounds: Rounds) -> tuple[str, str]:
    """Return the verdict on a condition, and its evidence in one line.

    The interval is the one that stands in the table: between two of the rounds themselves, the
    extremes as long as they are few. The condition is supported where that of every case lies within its
    bounds, refuted where that of at least one lies wholly outside. One that is sought is supported where
    any round of any case has it, and never refuted.
    """
    if condition.metric not in rounds.values:
        return "undecided", f"{condition.metric} was not measured"
    if unknown := unknown_axis(condition.where, rounds.axes):
        return "undecided", unknown
    where = {axis: as_text(wanted) for axis, wanted in condition.where.items()}
    places = [place for place, case in enumerate(rounds.cases) if agrees(case, where)]
    every = rounds.values[condition.metric]
    # A case of which all went well and that has no such number does not measure it.
    places = [place for place in places if rounds.bad[place] or np.isfinite(every[place]).any()]
    if not places:
        return "undecided", f"no case was measured{filtered(condition.where)}"
    values = every[places]
    names = [named(rounds.cases[place]) for place in places]
    return _sought(condition, values, names) if condition.sought else _held(condition, values, names)


def _held(condition: Level, values: Array, names: list[str]) -> tuple[str, str]:
    low, high = median_interval(values)
    right = (low > condition.low) & (high < condition.high)
    wrong = (high < condition.low) | (low > condition.high)
    few = count(values) < FEWEST_ROUNDS
    if wrong.any():
        verdict, telling = "refuted", wrong
    elif right.all():
        verdict, telling = "supported", right
    elif few.any():
        place = int(np.argmax(few))
        rounds = int(count(values)[place])
        return (
            "undecided",
            f"{many(rounds, 'round')} measured it{names[place]}; an interval needs {FEWEST_ROUNDS}",
        )
    else:
        verdict, telling = "undecided", ~right
    middle = median(values)
    distance = np.minimum(np.abs(middle - condition.low), np.abs(middle - condition.high))
    place = int(np.nanargmin(np.where(telling, distance, np.inf)))
    least, most = float(low[place]), float(high[place])
    words = f"{condition.metric} {interval(float(middle[place]), least, most)}{names[place]}"
    return verdict, words + (f", {int(telling.sum())} of {len(names)} cases" if len(names) > 1 else "")


def _sought(condition: Level, values: Array, names: list[str]) -> tuple[str, str]:
    seen = (values > condition.low) & (values < condition.high)
    rounds = int(np.isfinite(values).any(axis=0).sum())
    if not seen.any():
        among = f"{many(rounds, 'round')} of {many(len(names), 'case')}"
        return "undecided", f"not seen in {among}, which does not make it impossible"
    place = int(np.argmax(seen.sum(axis=-1)))
    often, of = int(seen[place].sum()), int(count(values)[place])
    middle = interval(
        float(median(values)[place]), float(np.nanmin(values[place])), float(np.nanmax(values[place]))
    )
    words = f"{condition.metric} {middle}{names[place]}, seen in {often} of {of} rounds"
    cases = int(seen.any(axis=-1).sum())
    return "supported", words + (f" and in {cases} of {len(names)} cases" if len(names) > 1 else "")
