"""The marks of one line in a panel of a line figure; a mark's label says what it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import isclose

from matplotlib.axes import Axes

from lab.figures import marks, style
from lab.figures.curves import Curve, Panel
from lab.figures.ruler import Ruler
from lab.figures.sweep import Sweep


def draw_curve(axes: Axes, curve: Curve, sweep: Sweep, ruler: Ruler) -> None:
    """Draw a line with its band and its rounds, or the level line of a model that has no such axis."""
    colour = curve.look.colour
    if curve.flat and curve.flat.median is not None:
        level = ruler.place(curve.flat.median)
        axes.axhline(level, color=colour, linewidth=1.2, linestyle=(0, (6, 2)), label="level", zorder=2)
    points = sorted((sweep.places[x], row) for x, row in curve.points.items())
    band = [
        (x, ruler.place(row.low), ruler.place(row.high))
        for x, row in points
        if row.low is not None and row.high is not None
    ]
    if band:
        x, low, high = zip(*band, strict=True)
        axes.fill_between(x, low, high, color=colour, alpha=0.2, linewidth=0, label="interval", zorder=1.5)
        axes.vlines(x, low, high, color=colour, linewidth=0.8, alpha=0.6, label="ends", zorder=2)
    dots = [(x, ruler.place(value)) for x, row in points for value in row.rounds]
    if dots:
        axes.plot(*zip(*dots, strict=True), "o", markersize=2.4, color=colour, alpha=0.45,
                  markeredgewidth=0, label="rounds", zorder=3)  # fmt: skip
    medians = [(x, ruler.place(row.median)) for x, row in points if row.median is not None]
    if medians:
        _draw_medians(axes, curve, medians, [sweep.places[x] for x in sweep.numbers])


def _draw_medians(
    axes: Axes, curve: Curve, medians: Sequence[tuple[float, float]], numbers: Sequence[float]
) -> None:
    """Draw the medians, joined by a line that is dotted where it leads to a word, which is no distance."""
    last = max(numbers, default=medians[-1][0])
    for start, end in pairwise(medians):
        dash = ":" if end[0] > last else "-"
        x, y = zip(start, end, strict=True)
        axes.plot(x, y, dash, color=curve.look.colour, linewidth=1.5, label="line", zorder=3.5)
    x, y = zip(*medians, strict=True)
    axes.plot(x, y, label="median", zorder=4, **marks.marker(curve.look, 5.5))


def limits_of(panel: Panel) -> dict[str, dict[str, float]]:
    """Return the different limits of a panel's lines: name -> swept value -> limit.

    Lines that agree wherever both have a limit share one; where there are several, each is named after
    the first of its lines.
    """
    found: dict[str, dict[str, float]] = {}
    for curve in panel.curves:
        mine = {x: row.limit for x, row in curve.points.items() if row.limit is not None}
        shared = next((some for some in found.values() if _agree(some, mine)), None)
        if shared is not None:
            shared |= mine
        elif mine:
            found[f"limit of {curve.name}"] = mine
    return {"limit": next(iter(found.values()))} if len(found) == 1 else found


def _agree(some: Mapping[str, float], others: Mapping[str, float]) -> bool:
    return all(isclose(some[x], others[x], rel_tol=1e-6) for x in some.keys() & others.keys())


def draw_limits(axes: Axes, panel: Panel, sweep: Sweep, ruler: Ruler) -> None:
    """Draw each different limit as a dashed line."""
    for limits in limits_of(panel).values():
        places = sorted((sweep.places[x], ruler.place(limit)) for x, limit in limits.items())
        x, y = zip(*places, strict=True)
        mark = "_" if len(x) == 1 else ""
        axes.plot(
            x,
            y,
            "--",
            marker=mark,
            markersize=14,
            color=style.INK,
            linewidth=1.0,
            label="limit",
            zorder=2.5,
        )
