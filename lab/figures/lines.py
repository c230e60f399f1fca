"""Lines: a metric over a swept axis, a line a model, with intervals as bands, every round and the limit."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import TYPE_CHECKING

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lab.declare import Picked
from lab.figures import cells, curves, ends, picking, style
from lab.figures.curves import Curve, Panel
from lab.figures.page import ROW_GAP, name_axis, page, text_width
from lab.figures.rows import Row, rows_of
from lab.figures.ruler import Ruler, ruler_of
from lab.figures.sweep import Sweep, sweep_of
from lab.figures.units import unit_of

if TYPE_CHECKING:
    from lab.store.reading import Results

TALL = 2.7  # inches: a panel's height, where its names need no more


def draw(
    results: Results,
    summary: pl.DataFrame,
    x: str,
    metric: str = "makespan_s",
    crossing: tuple[str, str] | None = None,
    knee: bool = False,
    **where: Picked,
) -> Figure:
    """Return the lines of a metric over the axis `x`, a panel for each combination of what is left.

    Raises LabError where the results have no such axis, value or metric.
    """
    rows = rows_of(results, summary, metric)
    picking.check_axis(results.name, x, results.axes)
    kept = picking.kept(results.name, [row.case for row in rows], results.axes, where)
    rows = [row for row in rows if row.case in kept]
    unit = unit_of(metric, [number for row in rows for number in row.numbers])
    panels = curves.panels_of([row.times(unit.factor) for row in rows], results.axes, x)
    sweep = sweep_of(x, cells.values_of([row.case for row in rows], x))
    ruler = ruler_of(
        [number for panel in panels for row in panel.rows for number in row.numbers],
        typical=[row.median for panel in panels for row in panel.rows if row.median is not None],
    )
    named = [_ends(panel, sweep, ruler) for panel in panels]
    held = cells.held([panel.fixed for panel in panels])
    columns = 1 if len(panels) == 1 else 2
    room = max(ends.gutter(some) for some in named)
    tall = max(TALL, max(len(some) for some in named) * ends.APART)
    figure, axes = page(
        results.environment,
        _subtitle(rows, panels, unit.words, cells.words(held)),
        panels=len(panels),
        columns=columns,
        heights=[tall] * ceil(len(panels) / columns),
        left=max(text_width(name, 8.5) for _, name in ruler.ticks()) + 0.35,
        gutter=room + 0.3,
        right=room,
        gap=ROW_GAP,
    )
    for number, (drawn, panel, some) in enumerate(zip(axes, panels, named, strict=True)):
        sweep.lay(drawn)
        ruler.lay(drawn, "y", named=number % columns == 0)
        drawn.set_title(cells.words({axis: v for axis, v in panel.fixed.items() if axis not in held}))
        _fill(drawn, panel, sweep, ruler)
        ends.draw_ends(drawn, some)
        if number % columns == 0:
            drawn.set_ylabel(unit.label + (", logarithmic" if ruler.logarithmic else ""))
    name_axis(axes, columns, sweep.label, shared=True)
    return figure


def _fill(axes: Axes, panel: Panel, sweep: Sweep, ruler: Ruler) -> None:
    for curve in panel.curves:
        _draw_curve(axes, curve, sweep, ruler)
    for limits in _limits(panel):
        places = sorted((sweep.places[x], ruler.place(limit)) for x, limit in limits.items())
        axes.plot(
            *zip(*places, strict=True),
            "--",
            color=style.INK,
            linewidth=1.0,
            label="limit",
            zorder=2.5,
        )


def _draw_curve(axes: Axes, curve: Curve, sweep: Sweep, ruler: Ruler) -> None:
    colour = curve.look.colour
    points = dict(sorted((sweep.places[x], row) for x, row in curve.points.items()))
    if curve.flat and curve.flat.median is not None:
        axes.axhline(
            ruler.place(curve.flat.median),
            color=colour,
            linewidth=1.2,
            label="level",
            linestyle=(0, (6, 2)),
        )
    band = [
        (x, row.low, row.high) for x, row in points.items() if row.low is not None and row.high is not None
    ]
    if band:
        x, low, high = zip(*band, strict=True)
        lower, upper = ([ruler.place(value) for value in side] for side in (low, high))
        axes.fill_between(
            x, lower, upper, color=colour, alpha=0.2, linewidth=0, label="interval", zorder=1.5
        )
    dots = [(x, ruler.place(value)) for x, row in points.items() for value in row.rounds]
    if dots:
        x, y = zip(*dots, strict=True)
        axes.plot(
            x, y, "o", markersize=2.4, color=colour, alpha=0.45, markeredgewidth=0, label="rounds", zorder=3
        )
    medians = [ruler.place(row.median) for row in points.values() if row.median is not None]
    look = {
        "marker": curve.look.marker,
        "markersize": 5.5,
        "markeredgecolor": style.INK,
        "markeredgewidth": 0.5,
    }
    axes.plot(list(points), medians, color=colour, linewidth=1.5, label="median", zorder=4, **look)


def _limits(panel: Panel) -> list[dict[str, float]]:
    """Return the different limits of a panel's lines, each as the swept axis's value -> limit."""
    found: list[dict[str, float]] = []
    for curve in panel.curves:
        limits = {x: row.limit for x, row in curve.points.items() if row.limit is not None}
        if limits and not any(limits.items() <= other.items() for other in found):
            found = [other for other in found if not other.items() <= limits.items()] + [limits]
    return found


def _ends(panel: Panel, sweep: Sweep, ruler: Ruler) -> list[ends.End]:
    """Return the names beside a panel: of each line, each level line, and each limit."""
    last = max(sweep.places.values(), default=0.0)
    found = []
    for curve in panel.curves:
        points = curve.points
        row = points[max(points, key=lambda x: sweep.places[x])] if points else curve.flat
        if row is None or row.median is None:
            continue
        place = sweep.places[max(points, key=lambda x: sweep.places[x])] if points else last
        if curve.name:
            found.append(ends.End(curve.name, place, ruler.place(row.median), curve.look))
    for limits in _limits(panel):
        x = max(limits, key=lambda x: sweep.places[x])
        found.append(ends.End("limit", sweep.places[x], ruler.place(limits[x])))
    return found


def _subtitle(rows: Sequence[Row], panels: Sequence[Panel], words: str, kept: str) -> str:
    parts = [
        f"Line: median {words} over the rounds",
        "dots: each round",
        "band: 95 % interval" if any(row.low is not None for row in rows) else "",
        "dashed: the limit" if any(_limits(panel) for panel in panels) else "",
        "level line: a model that the axis says nothing to" if any(
            curve.flat for panel in panels for curve in panel.curves
        ) else "",
    ]  # fmt: skip
    absent = _absent(panels)
    text = "; ".join(part for part in parts if part) + "."
    return (
        text + (f" Without a number: {absent}." if absent else "") + (f" All with {kept}." if kept else "")
    )


def _absent(panels: Sequence[Panel]) -> str:
    """Return in words which cases have no number, and why."""
    found: dict[tuple[str, str], list[str]] = {}
    for panel in panels:
        for curve in panel.curves:
            for row in curve.all_rows:
                x = next((x for x, other in curve.rows.items() if other is row), "")
                if row.absence:
                    found.setdefault((curve.name, row.absence), []).append(x)
    parts = []
    for (name, why), values in found.items():
        at = ", ".join(dict.fromkeys(value for value in values if value))
        parts.append(f"{name}{' at ' + at if at else ''} ({why})".strip())
    return "; ".join(parts)
