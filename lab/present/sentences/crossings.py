"""Where in a sweep one model gets past another, for a figure and for the page; and the knee of a line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import inf, isfinite, isnan
from typing import Any

import numpy as np

from lab.analysis.stats.crossings import Crossing, Knee, crossing
from lab.analysis.stats.intervals import Array
from lab.analysis.stats.rounds import Rounds
from lab.analysis.stats.verdicts import is_time
from lab.core.figures import Figure, Picked
from lab.present.figures.cells import key, lines_in, picked, round_values, values_of
from lab.present.sentences.say import lines
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
    found: Crossing, pair: Pair, x: str, metric: str, point: Callable[[str, float], str] = axis_value
) -> str:
    """Return which line is ahead and from where on, the interval of that, and by how much in the end.

    point: writes a swept value: "1,020", or with what it counts, "1,020 in flight".
    """
    first, second, *lead = pair
    names, timed = (str(first), str(second)), is_time(metric)
    winner, loser = names[::-1] if found.below == timed else names
    ratio = (found.ratio, found.ratio_low, found.ratio_high)
    start = f"all the way from {point(x, found.first)}"
    if found.at > -inf:
        start = f"from {point(x, found.at)} on" if found.at < inf else ""
    low, high = (_bound(bound, found.first, found.last, x) for bound in (found.low, found.high))
    known = isfinite(found.at) and not isnan(found.low)  # without a crossing there is no interval of it
    ahead, *bounds, end = lines(
        "crossing",
        names=names,
        winner=winner,
        loser=loser,
        factor=lead[0] if lead else 1.0,
        timed=timed,
        found=found,
        start=start,
        low=low if known else "",
        high=high,
        last=point(x, found.last),
        ratio=(1 / found.ratio, 1 / found.ratio_high, 1 / found.ratio_low) if found.below else ratio,
        metric=unit_of(metric, []).words,
    )
    return f"{ahead}{f' ({bounds[0]})' if bounds else ''}; {end}"


def _bound(bound: float, first: float, last: float, x: str) -> str:
    """Return an end of an interval over a sweep, or that it lies before or after the whole sweep."""
    if isfinite(bound):
        return axis_value(x, bound)
    return f"below {axis_value(x, first)}" if bound < 0 else f"beyond {axis_value(x, last)}"


def knee_text(knee: Knee | None, x: str, swept: Array) -> str:
    """Return a knee in words: "knee at 64 (32 to 128)"."""
    if knee is None:
        return ""
    if knee.at == inf:
        return f"no knee up to {axis_value(x, swept[-1])}"
    ends = [_bound(bound, swept[0], swept[-1], x) for bound in (knee.low, knee.high)]
    return f"knee at {axis_value(x, knee.at)}" + (f" ({' to '.join(ends)})" if knee.low < knee.high else "")


def crossing_sentence(rounds: Rounds, figure: Figure) -> str:
    """Return what a figure's crossing says; of several panels the last; empty where there is none."""
    options: dict[str, Any] = dict(figure.options)
    pair, x, metric = (options.pop(name) for name in ("crossing", "x", "metric"))
    options.pop("knee", None)
    if metric not in rounds.values or not {x, *options} <= set(rounds.axes):
        return ""
    swept, panels = swept_rounds(rounds, x, metric, options)
    found = [each for panel in panels if (each := crossing_of(swept, panel, pair))]
    if not found:
        return ""
    first, second, *lead = pair
    text = crossing_text(found[-1], (f"`{first}`", f"`{second}`", *lead), x, metric, axis_point)
    return f"{text[:1].upper()}{text[1:]}."
