"""Lines: a metric over a swept axis, one line for each model, with intervals, every round and the limit."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from math import inf, isnan

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lab.analysis.stats.crossings import Crossing
from lab.analysis.stats.rounds import by_round
from lab.core.figures import Picked
from lab.core.words import listing
from lab.present.figures import cells, crossings, selection
from lab.present.figures.axis_scale import Scale, scale_of
from lab.present.figures.curves import Curve, curves_of, limits_of
from lab.present.figures.end_labels import End, draw_ends, gutter, height
from lab.present.figures.line_marks import draw_curve, draw_limits
from lab.present.figures.page import Panel, legend, page, text_width
from lab.present.figures.rows import rows_of
from lab.present.figures.sweep import Sweep, sweep_of
from lab.present.units import Unit
from lab.store.reading import Results

TALL = 2.7  # inches: a panel's height, if its names need no more


@dataclass(frozen=True, slots=True)
class Chart:
    """What the panels share: their unit and axes; the lines of each, and their crossing if it is asked for.

    pair: the two lines that cross, if they are named; knee: whether each line's knee is marked.
    """

    metric: str
    unit: Unit
    sweep: Sweep
    scale: Scale
    pair: crossings.Pair
    knee: bool
    panels: Sequence[Sequence[Curve]]
    crossings: Sequence[Crossing | None]


def draw(
    results: Results,
    summary: pl.DataFrame,
    x: str,
    metric: str = "makespan_s",
    crossing: crossings.Pair | None = None,
    knee: bool = False,
    **where: Picked,
) -> Figure:
    """Return the lines of a metric over the axis `x`, a panel for each combination of what is left.

    Raises LabError if the results have no such axis, value, metric or line.
    """
    rows, unit = rows_of(results, summary, metric, where)
    selection.check_axis(results.name, x, results.axes)
    sweep = sweep_of(x, cells.values_of([row.case for row in rows], x))
    fixed, panels = zip(*curves_of(rows, results.axes, sweep, by_round(results).cases), strict=True)
    crossed: list[Crossing | None] = [None] * len(panels)
    if crossing is not None:
        crossings.check_pair(results.name, crossing, [curve.name for curves in panels for curve in curves])
        crossed = [crossings.crossing_of(curves, crossing, sweep) for curves in panels]
    scale = scale_of(
        [number for row in rows for number in row.numbers],
        typical=[row.median for row in rows if row.median is not None],
        # A crossing is one of ratios: twice as much is equally far above at both ends of a sweep.
        logarithmic=crossing is not None and sweep.scale.logarithmic,
    )
    chart = Chart(metric, unit, sweep, scale, crossing or (), knee, panels, crossed)
    titles, _ = cells.titles_of(fixed)
    names = [_names(chart, curves) for curves in panels]
    tall = max(TALL, *map(height, names))
    return page(
        results.environment,
        _subtitle(chart) + _crossings(chart, titles) + _absent(chart, titles),
        [
            Panel(case, tall, partial(_draw_panel, chart, *each))
            for case, *each in zip(fixed, panels, crossed, names, strict=True)
        ],
        left=max(text_width(name, 8.5) for _, name in scale.ticks()) + 0.35,
        right=max(map(gutter, names)),
        x_label=sweep.label,
        y_label=unit.label + scale.suffix,
    )


def _names(chart: Chart, curves: Sequence[Curve]) -> list[End]:
    """Return the names beside a panel: of each line with its knee, each level line, and each limit."""
    last, ends = max(chart.sweep.positions.values(), default=0.0), []
    for curve in curves:
        x, row = curve.points[-1] if curve.points else (last, curve.level)
        if row is not None and row.median is not None and curve.name:
            knee = crossings.knee_in(curve, chart.sweep, chart.metric) if chart.knee else None
            ends.append(End(curve.name, x, row.median, curve.look, crossings.knee_words(knee, chart.sweep)))
    return ends + [End(name, *max(limits.items())) for name, limits in limits_of(curves).items()]


def _draw_panel(
    chart: Chart, curves: Sequence[Curve], crossing: Crossing | None, names: Sequence[End], axes: Axes
) -> None:
    chart.sweep.apply(axes)
    chart.scale.apply(axes, "y")
    for curve in curves:
        draw_curve(axes, curve, max(chart.sweep.numbers.values(), default=inf))
        if chart.knee:
            crossings.draw_knee(axes, crossings.knee_in(curve, chart.sweep, chart.metric), curve)
    if crossing is not None and crossings.is_marked(crossing):
        crossings.draw_crossing(axes, crossing, next(c for c in curves if c.name == chart.pair[0]))
    draw_limits(axes, curves)
    draw_ends(axes, names)


def _subtitle(chart: Chart) -> str:
    curves = [curve for panel in chart.panels for curve in panel]
    level = list(dict.fromkeys(curve.name for curve in curves if curve.level))
    marked = [each for each in chart.crossings if each and crossings.is_marked(each)]
    known = any(not isnan(each.low) for each in marked)
    return legend(
        f"line: median {chart.unit.words} over the rounds",
        "dots: each round",
        "band: 95 % interval"
        if any(row.low is not None for curve in curves for row in curve.all_rows)
        else "",
        "dotted: not measured in between" if any(curve.broken for curve in curves) else "",
        "short dashes: the limit" if any(map(limits_of, chart.panels)) else "",
        f"level: {listing(level)}, without {chart.sweep.words}" if level else "",
        f"ring: the crossing{', with its 95 % interval in grey' if known else ''}" if marked else "",
        "ring: the knee, beyond which a doubling gains less than 10 %" if chart.knee else "",
    )


def _crossings(chart: Chart, titles: Sequence[str]) -> str:
    """Return the crossing of each panel in words."""
    words = [
        each and crossings.words_of(each, chart.pair, chart.sweep, chart.metric) for each in chart.crossings
    ]
    starts = [f"Crossing with {title}" if title and len(titles) > 1 else "Crossing" for title in titles]
    return "".join(f" {start}: {each}." for start, each in zip(starts, words, strict=True) if each)


def _absent(chart: Chart, titles: Sequence[str]) -> str:
    """Return which cases have no number, and why: " Without a number: threads at 5, 14 (skipped)."."""
    missing: dict[tuple[str, str, str], list[str]] = {}
    for curves, title in zip(chart.panels, titles, strict=True):
        where = f" with {title}" if title and len(titles) > 1 else ""
        for curve in curves:
            for row in [row for row in curve.all_rows if row.absence]:
                value = row.case[chart.sweep.axis]
                names = missing.setdefault((curve.name, where, row.absence), [])
                names += [] if value is None else [chart.sweep.show(value)]
    parts = [
        f"{name}{' at ' if values else ''}{', '.join(values)}{where} ({why})".strip()
        for (name, where, why), values in missing.items()
    ]
    return f" Without a number: {'; '.join(parts)}." if parts else ""
