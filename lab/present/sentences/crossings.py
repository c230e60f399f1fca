"""Where in a sweep one model gets past another, in words: lines for a figure, a sentence for the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from math import inf, isfinite, isnan
from typing import Any

import numpy as np

from lab.analysis.stats.counterparts import agrees
from lab.analysis.stats.crossings import Crossing, crossing
from lab.analysis.stats.intervals import Array
from lab.analysis.stats.rounds import Axes, Rounds, as_text
from lab.analysis.stats.verdicts import is_time
from lab.core.figures import Figure
from lab.present.figures.cells import number, panels, values_of
from lab.present.sentences.say import lines
from lab.present.units import axis_point, axis_value, unit_of

Show = Callable[[float], str]


def crossing_lines(
    found: Crossing, names: Sequence[str], factor: float, metric: str, point: Show, value: Show
) -> list[str]:
    """Return who is ahead and from where on, the interval of that place, and by how much in the end.

    names: of the two lines. factor: by how much one has to be ahead. point, value: write a swept value
    with what it counts ("1,020 in flight"), and without it ("1,020").
    """
    timed = is_time(metric)
    winner, loser = names[::-1] if found.below == timed else names
    ratio = (found.ratio, found.ratio_low, found.ratio_high)
    start = f"all the way from {point(found.first)}"
    if found.at > -inf:
        start = f"from {point(found.at)} on" if found.at < inf else ""
    return lines(
        "crossing",
        names=names,
        winner=winner,
        loser=loser,
        factor=factor,
        timed=timed,
        found=found,
        start=start,
        low=_bound(found, found.low, value),
        high=_bound(found, found.high, value),
        last=point(found.last),
        ratio=(1 / found.ratio, 1 / found.ratio_high, 1 / found.ratio_low) if found.below else ratio,
        metric=unit_of(metric, []).words,
    )


def _bound(found: Crossing, at: float, value: Show) -> str:
    """Return an end of a crossing's interval; empty where there is no crossing to know it of."""
    if isnan(at) or not isfinite(found.at):
        return ""
    if isfinite(at):
        return value(at)
    return f"below {value(found.first)}" if at < 0 else f"beyond {value(found.last)}"


def crossing_sentence(rounds: Rounds, figure: Figure) -> str:
    """Return what a figure's crossing says; of several panels the last; empty where there is none."""
    options: dict[str, Any] = dict(figure.options)
    first, second, *by = options.pop("crossing")
    x, metric, lead = options.pop("x"), options.pop("metric"), float(by[0]) if by else 1.0
    axis = next((axis for axis in rounds.axes if {first, second} <= set(values_of(rounds.cases, axis))), "")
    if metric not in rounds.values or x not in rounds.axes or not axis:
        return ""
    texts = {value: text for text in values_of(rounds.cases, x) if (value := number(text) or 0.0) > 0}
    swept, sentence = sorted(texts), ""
    for fixed in _panels(rounds, x, axis, {axis: (first, second), **options}):
        one, other = (
            np.array([_at(rounds, metric, {**fixed, axis: name, x: texts[value]}) for value in swept])
            for name in (first, second)
        )
        found = crossing(np.array(swept), one, other, lead) if swept else None
        if found:
            names = [f"`{first}`", f"`{second}`"]
            ahead, *bounds, end = crossing_lines(
                found, names, lead, metric, partial(axis_point, x), partial(axis_value, x)
            )
            sentence = f"{ahead[:1].upper()}{ahead[1:]}{f' ({bounds[0]})' if bounds else ''}; {end}."
    return sentence


def _panels(rounds: Rounds, x: str, axis: str, where: Mapping[str, Any]) -> Sequence[Axes]:
    """Return what each panel of a figure holds fixed; an axis that follows from the swept one is free."""
    pairs = {each: len({(case[x], case[each]) for case in rounds.cases}) for each in rounds.axes}
    fixed = [each for each in rounds.axes if each != axis and (each in where or pairs[each] > pairs[x])]
    picked = {
        each: {None, *map(as_text, where[each] if isinstance(where[each], tuple | list) else [where[each]])}
        for each in rounds.axes
        if each in where
    }
    kept = [case for case in rounds.cases if all(case[each] in texts for each, texts in picked.items())]
    return panels(kept, fixed)


def _at(rounds: Rounds, metric: str, where: Axes) -> Array:
    """Return the rounds of the last case that has these values; NaN where there is none."""
    values = [
        line for line, case in zip(rounds.values[metric], rounds.cases, strict=True) if agrees(case, where)
    ]
    return values[-1] if values else np.full(rounds.values[metric].shape[1], np.nan)
