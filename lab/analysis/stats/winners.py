"""Who has the least of a metric among cases that are alike but for their model, and how far ahead it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lab.analysis.stats.intervals import Array, count, family_intervals, mean
from lab.analysis.stats.ratios import resolution_of
from lab.analysis.stats.rounds import Rounds
from lab.core.work import AA_SUFFIX


@dataclass(frozen=True, slots=True)
class Winner:
    """Who has the least in a field, and how many times as much the next one has.

    low, high: the ratio's 95 % interval, corrected over all others; None for too few rounds.
    tied: those whose interval holds 1, who have none, or whose difference is not resolved.
    apart: the others, in their order, each with its ratio and that one's interval.
    Without a `following`, the ratio is that of the least that those left out could have.
    """

    model: str
    following: str = ""
    ratio: float | None = None
    low: float | None = None
    high: float | None = None
    tied: tuple[str, ...] = ()
    apart: tuple[tuple[str, float, float, float], ...] = ()


def winner(rounds: Rounds, places: Sequence[int], metric: str, least: str = "") -> Winner | None:
    """Return who wins among these cases; None where nobody was measured.

    A difference that the baseline's two measurements cannot resolve is a tie too.
    """
    values = rounds.values[metric]
    entered = [
        place
        for place in places
        if count(values[place]) and not str(rounds.cases[place]["model"]).endswith(AA_SUFFIX)
    ]
    if not entered:
        return None
    # By the same mean as the ratio: by medians, the next could turn out to take less than the winner.
    first, *others = sorted(entered, key=lambda place: float(mean(np.log(values[place]))))
    model = str(rounds.cases[first]["model"])
    if not others:
        bounds = rounds.values.get(least)
        return alone(model, values[first], None if bounds is None else bounds[first])
    names = [str(rounds.cases[place]["model"]) for place in others]
    logs = np.log(values[others] / values[first])
    low, high = family_intervals(logs)
    resolved = np.log(resolution_of(rounds, metric) or 1.0)
    apart = (low > 0) & (mean(logs) > resolved)
    tied = tuple(name for name, far in zip(names, apart, strict=True) if not far)
    ends = [None if np.isnan(end) else float(np.exp(end)) for end in (low[0], high[0])]
    ratios = np.exp([mean(logs), low, high]).T.tolist()
    told = tuple((name, *three) for name, three, far in zip(names, ratios, apart, strict=True) if far)
    return Winner(model, names[0], ratios[0][0], ends[0], ends[1], tied, told)


def alone(model: str, values: Array, left_out: Array | None) -> Winner:
    """Return the winner of a field that it has to itself, with what those left out need at least."""
    if left_out is None or not count(left_out / values):
        return Winner(model)
    logs = np.log(left_out / values)
    low, high = family_intervals(logs[None])
    ends = [None if np.isnan(end) else float(np.exp(end)) for end in (low[0], high[0])]
    tied = () if low[0] > 0 else ("those left out",)
    return Winner(model, "", float(np.exp(mean(logs))), ends[0], ends[1], tied)
