"""The marks of one line in a panel of a line figure; a mark's label says what it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import isclose

from matplotlib.axes import Axes

from lab.present.figures import bar_marks, style
from lab.present.figures.axis_scale import Ruler
from lab.present.figures.curves import Curve, Panel
from lab.present.figures.sweep import Sweep


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
    for run in runs(band, gaps(curve, sweep)):
        x, low, high = zip(*run, strict=True)
        axes.fill_between(x, low, high, color=colour, alpha=0.2, linewidth=0, label="interval", zorder=1.5)
        axes.vlines(x, low, high, color=colour, linewidth=0.8, alpha=0.6, label="ends", zorder=2)
    dots = [(x, ruler.place(value)) for x, row in points for value in row.rounds]
    if dots:
        axes.plot(*zip(*dots, strict=True), "o", markersize=2.4, color=colour, alpha=0.45,
                  markeredgewidth=0, label="rounds", zorder=3)  # fmt: skip
    medians = [(x, ruler.place(row.median)) for x, row in points if row.median is not None]
    if medians:
        last = max((sweep.places[x] for x in sweep.numbers), default=medians[-1][0])
        words = [place for place in sweep.places.values() if place >= last]
        _draw_medians(axes, curve, medians, [*gaps(curve, sweep), *words])


def gaps(curve: Curve, sweep: Sweep) -> list[float]:
    """Return the places of a sweep at which a line has a case without a number."""
    return sorted(sweep.places[x] for x, row in curve.rows.items() if row.median is None)


def runs(points: Sequence[tuple[float, ...]], breaks: Sequence[float]) -> list[list[tuple[float, ...]]]:
    """Return points, each with its place first, in pieces that no break lies in."""
    found: list[list[tuple[float, ...]]] = []
    for point in points:
        if found and not any(found[-1][-1][0] < each < point[0] for each in breaks):
            found[-1].append(point)
        else:
            found.append([point])
    return found


def _draw_medians(
    axes: Axes, curve: Curve, medians: Sequence[tuple[float, float]], breaks: Sequence[float]
) -> None:
    """Draw the medians, joined by a line that is dotted across a break.

    That is a case without a number, and whatever a word comes after: it stands at no distance.
    """
    for start, end in pairwise(medians):
        broken = any(start[0] <= each < end[0] for each in breaks)
        x, y = zip(start, end, strict=True)
        axes.plot(
            x, y, ":" if broken else "-", color=curve.look.colour, linewidth=1.5, label="line", zorder=3.5
        )
    x, y = zip(*medians, strict=True)
    axes.plot(x, y, label="median", zorder=4, **bar_marks.marker(curve.look, 5.5))


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
