"""Where in a sweep one model gets past another, in words, for a figure and for the page."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from lab.analysis.stats.counterparts import matching
from lab.analysis.stats.crossings import Crossing, crossing
from lab.analysis.stats.intervals import Array
from lab.analysis.stats.rounds import Axes, Rounds, as_text
from lab.analysis.stats.verdicts import is_time
from lab.core.figures import Figure
from lab.present.figures.cells import number, panels, values_of
from lab.present.templates import say
from lab.present.units import axis_point, axis_value, unit_of

Show = Callable[[float], str]


def crossing_text(
    crossed: Crossing, names: Sequence[str], factor: float, metric: str, point: Show, value: Show
) -> str:
    """Return which line is ahead, from where on with its interval, and by how much at the sweep's end.

    names: of the two lines. factor: by how much one has to be ahead. point, value: write a swept value
    with what it counts ("1,020 in flight"), and without it ("1,020").
    """
    line = {"names": names, "factor": factor, "timed": is_time(metric), "metric": unit_of(metric, []).words}
    return say("crossing", crossed=crossed, point=point, value=value, **line)


def crossing_sentence(rounds: Rounds, figure: Figure) -> str:
    """Return what a figure's crossing says; of several panels the last; empty where there is none."""
    options: dict[str, Any] = dict(figure.options)
    first, second, *by = options.pop("crossing")
    x, metric, lead = options.pop("x"), options.pop("metric"), float(by[0]) if by else 1.0
    axis = next((axis for axis in rounds.axes if {first, second} <= set(values_of(rounds.cases, axis))), "")
    if metric not in rounds.values or x not in rounds.axes or not axis:
        return ""
    texts = {value: text for text in values_of(rounds.cases, x) if (value := number(text) or 0.0) > 0}
    swept, text = sorted(texts), ""
    for fixed in _panels(rounds, x, axis, {axis: (first, second), **options}) if swept else ():
        one, other = (
            np.array([_at(rounds, metric, {**fixed, axis: name, x: texts[value]}) for value in swept])
            for name in (first, second)
        )
        if crossed := crossing(np.array(swept), one, other, lead):
            names, show = [f"`{first}`", f"`{second}`"], (partial(axis_point, x), partial(axis_value, x))
            text = f"{crossing_text(crossed, names, lead, metric, *show)}."
    return text[:1].upper() + text[1:]


def _panels(rounds: Rounds, x: str, axis: str, where: Mapping[str, Any]) -> Sequence[Axes]:
    """Return what each panel of a figure holds fixed; an axis that follows from the swept one is free."""
    pairs = {each: len({(case[x], case[each]) for case in rounds.cases}) for each in rounds.axes}
    fixed = [each for each in rounds.axes if each != axis and (each in where or pairs[each] > pairs[x])]
    lists = {
        each: picked if isinstance(picked, tuple | list) else [picked] for each, picked in where.items()
    }
    picked = {each: {None, *map(as_text, lists[each])} for each in rounds.axes if each in lists}
    kept = [case for case in rounds.cases if all(case[each] in texts for each, texts in picked.items())]
    return panels(kept, fixed)


def _at(rounds: Rounds, metric: str, where: Axes) -> Array:
    """Return the rounds of the last case that has these values; NaN where there is none."""
    values = rounds.values[metric]
    indices = matching(rounds.cases, where)
    return values[indices[-1]] if indices else np.full(values.shape[1], np.nan)
