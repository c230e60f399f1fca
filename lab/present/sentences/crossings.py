"""Where in a sweep one model gets past another, for a figure and for the page; and the knee of a line."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from lab.analysis.stats.crossings import Crossing, Knee, crossing
from lab.analysis.stats.decision import is_time
from lab.analysis.stats.intervals import Array
from lab.analysis.stats.rounds import Rounds
from lab.core.figures import Figure, Picked
from lab.present.figures.selection import key, lines_in, picked, round_values, values_of
from lab.present.templates import say
from lab.present.units import axis_point, axis_value, number, unit_of

Pair = Sequence[str | float]
"""The names of two lines, and the factor by which the second has to be ahead, if it is not 1."""


def swept_rounds(
    rounds: Rounds, x: str, metric: str, where: Mapping[str, Picked]
) -> tuple[Array, list[dict[str, Array]]]:
    """Return the swept numbers above zero, ascending, and for each panel name -> [number, round] of a line.

    The panels and lines are those of a figure of these options. NaN is for no number. A line to which the
    axis does not apply has the same at each.
    """
    cases = picked(rounds.cases, where)
    texts = {size: text for text in values_of(cases, x) if (size := number(text) or 0.0) > 0}
    values = round_values(rounds, metric)
    unknown = np.full_like(next(iter(values.values()), []), np.nan)
    panels = []
    for _, lines_of_panel in lines_in(cases, rounds.axes, x, lambda case: case):
        arrays = {}
        for name, own in lines_of_panel.items():
            at = {case[x]: values[key(case, rounds.axes)] for case in own}
            level = at.get(None, unknown)
            arrays[name] = np.array([at.get(texts[size], level) for size in sorted(texts)])
        panels.append(arrays)
    return np.array(sorted(texts)), panels


def crossing_of(swept: Array, panel: Mapping[str, Array], pair: Pair) -> Crossing | None:
    """Return where the second of two lines of a panel gets past the first; None if one is missing."""
    if not pair or not len(swept) or not {*pair[:2]} <= set(panel):
        return None
    return crossing(swept, panel[str(pair[0])], panel[str(pair[1])], *map(float, pair[2:]))


def crossing_text(
    crossed: Crossing, pair: Pair, x: str, metric: str, point: Callable[[str, float], str] = axis_value
) -> str:
    """Return which line is ahead and from where on, the interval of that, and by how much in the end.

    point: writes a swept value: "1,020", or with what it counts, "1,020 in flight".
    """
    *names, factor = (*pair, 1.0)[:3]
    line = {"names": names, "factor": factor, "timed": is_time(metric), "metric": unit_of(metric, []).words}
    return say("crossing", crossed=crossed, point=partial(point, x), value=partial(axis_value, x), **line)


def knee_text(knee: Knee | None, x: str, swept: Array) -> str:
    """Return a knee in words: "knee at 64 (32 to 128)"."""
    return say("knee", knee=knee, swept=swept, value=partial(axis_value, x)) if knee else ""


def crossing_sentence(rounds: Rounds, figure: Figure) -> str:
    """Return what a figure's crossing says; of several panels the last; empty where there is none."""
    options: dict[str, Any] = dict(figure.options)
    pair, x, metric = (options.pop(name) for name in ("crossing", "x", "metric"))
    options.pop("knee", None)
    if metric not in rounds.values or not {x, *options} <= set(rounds.axes):
        return ""
    swept, panels = swept_rounds(rounds, x, metric, options)
    crossed = [each for panel in panels if (each := crossing_of(swept, panel, pair))]
    if not crossed:
        return ""
    first, second, *lead = pair
    text = crossing_text(crossed[-1], (f"`{first}`", f"`{second}`", *lead), x, metric, axis_point)
    return f"{text[:1].upper()}{text[1:]}."
