"""The model with the least of a metric among cases that are alike but for their model, and its lead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lab.analysis.stats.holm import family_intervals
from lab.analysis.stats.intervals import Array, count, mean
from lab.analysis.stats.ratios import resolution_of
from lab.analysis.stats.rounds import Rounds
from lab.core.work import AA_SUFFIX


@dataclass(frozen=True, slots=True)
class Winner:
    """The model with the least in a field, and how many times as much the next one has.

    low, high: the ratio's 95 % interval, corrected over all others; None for too few rounds.
    tied: the models whose interval holds 1, that have none, or whose difference is not resolved.
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


def winner(rounds: Rounds, indices: Sequence[int], metric: str, least: str = "") -> Winner | None:
    """Return which of these cases has the least; None where none was measured.

    A difference that the baseline's two measurements cannot resolve is a tie too.
    """
    values = rounds.values[metric]
    models = {index: str(rounds.cases[index]["model"]) for index in indices}
    entered = [
        index for index, model in models.items() if count(values[index]) and not model.endswith(AA_SUFFIX)
    ]
    if not entered:
        return None
    # By the same mean as the ratio: by medians, the next could turn out to take less than the winner.
    first, *others = sorted(entered, key=lambda index: float(mean(np.log(values[index]))))
    if not others:
        bounds = rounds.values.get(least)
        return alone(models[first], values[first], None if bounds is None else bounds[first])
    logs = np.log(values[others] / values[first])
    apart = (family_intervals(logs)[0] > 0) & (mean(logs) > np.log(resolution_of(rounds, metric) or 1.0))
    rows = [(models[index], *row) for index, row in zip(others, _ratios(logs), strict=True)]
    tied = tuple(row[0] for row, far in zip(rows, apart, strict=True) if not far)
    told_apart = tuple(row for row, far in zip(rows, apart, strict=True) if far)
    following, ratio, low, high = rows[0]
    return Winner(models[first], following, ratio, _known(low), _known(high), tied, told_apart)


def alone(model: str, values: Array, left_out: Array | None) -> Winner:
    """Return the winner of a field that it has to itself, with what those left out need at least."""
    if left_out is None or not count(left_out / values):
        return Winner(model)
    ((ratio, low, high),) = _ratios(np.log(left_out / values)[None])
    tied = () if low > 1 else ("those left out",)
    return Winner(model, "", ratio, _known(low), _known(high), tied)


def _ratios(logs: Array) -> list[tuple[float, float, float]]:
    """Return the ratio of each member of a family, and the ends of its interval, NaN for too few rounds."""
    low, high = family_intervals(logs)
    return list(zip(*np.exp([mean(logs), low, high]).tolist(), strict=True))


def _known(end: float) -> float | None:
    return None if np.isnan(end) else end
