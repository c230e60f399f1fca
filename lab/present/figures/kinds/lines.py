"""Lines: a metric over a swept axis, one line for each model, with intervals, every round and the limit."""

from collections.abc import Iterator, Mapping, Sequence
from math import inf, isnan
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lab.analysis.stats.crossings import Crossing, Knee, knee_of
from lab.analysis.stats.intervals import Array
from lab.analysis.stats.rounds import by_round
from lab.core.figures import Picked
from lab.present.figures import selection, style
from lab.present.figures.axis_scale import scale_of
from lab.present.figures.curves import Curve, SweptAxis, curves_of, limits_of, sweep_of
from lab.present.figures.marks import End, draw_end_labels, draw_rounds, gutter, height, marker
from lab.present.figures.page import legend, page, text_width, titles_of
from lab.present.figures.rows import rows_of
from lab.present.sentences.crossings import Pair, crossing_of, crossing_text, knee_text, swept_rounds
from lab.present.units import axis_value, unit_of
from lab.store.reading import Results

TALL = 2.7  # inches: a panel's height, if its names need no more
BETTER = ("_per_s", "speedup")  # how the name of a metric ends of which more is better


class Chart(NamedTuple):
    """One panel: " with " and its title if there are more, its lines, their crossing, each line's knee."""

    where: str
    curves: Sequence[Curve]
    crossing: Crossing | None
    knees: Mapping[str, Knee | None]


def draw(
    results: Results,
    summary: pl.DataFrame,
    x: str,
    metric: str = "makespan_s",
    crossing: Pair = (),
    knee: bool = False,
    **where: Picked,
) -> Figure:
    """Return the lines of a metric over the axis `x`, a panel for each combination of what is left.

    Raises LabError if the results have no such axis, value, metric or line.
    """
    rows, unit = rows_of(results, summary, metric, where)
    selection.check_axis(results, x)
    sweep = sweep_of(x, selection.values_of([row.case for row in rows], x))
    fixed, panels = curves_of(rows, results.axes, sweep, by_round(results).cases)
    names = list(dict.fromkeys(curve.name for curves in panels for curve in curves))
    for line in crossing[:2]:
        if line not in names:
            raise selection.unknown(results, "line", str(line), names)
    swept, lines = swept_rounds(by_round(results), x, metric, where)
    titles = titles_of(fixed)[0] if len(fixed) > 1 else [""]
    charts, better = [], metric.endswith(BETTER)
    for title, curves, panel in zip(titles, panels, lines, strict=True):
        knees = {name: knee_of(swept, own, more_is_better=better) for name, own in panel.items() if knee}
        titled = f" with {title}" if title else ""
        charts.append(Chart(titled, curves, crossing_of(swept, panel, crossing), knees))
    numbers = [number for row in rows for number in row.numbers]
    typical = [row.median for row in rows if row.median is not None]
    # A crossing is one of ratios: twice as much is equally far above at both ends of a sweep.
    scale = scale_of(numbers, typical, logarithmic=bool(crossing) and sweep.scale.logarithmic)
    ends = [list(_end_labels(chart, sweep, swept)) for chart in charts]
    subtitle = _subtitle(charts, x, metric) + _crossings(charts, crossing, x, metric) + _absent(charts, x)
    sized = [(case, max(TALL, height(ends))) for case in fixed]
    left = text_width([name for _, name in scale.ticks()], 8.5) + 0.35
    labels = (sweep.label, unit.label + scale.suffix)
    figure = page(results, subtitle, sized, left=left, right=gutter(ends), labels=labels)
    for axes, chart, beside in zip(figure.axes, charts, ends, strict=True):
        sweep.apply(axes)
        scale.apply(axes, "y")
        _draw_chart(axes, chart, max(sweep.numbers.values(), default=inf), crossing)
        draw_end_labels(axes, beside)
    return figure


def _draw_chart(axes: Axes, chart: Chart, last: float, pair: Pair) -> None:
    """Draw a panel's lines with their knees, the crossing on the first of its pair, and the limits."""
    for curve in chart.curves:
        _draw_curve(axes, curve, last)
        knee = chart.knees.get(curve.name)
        if knee and knee.at in curve.points:
            _draw_ring(axes, (knee.at, curve.points[knee.at].median), "knee")
    if chart.crossing and _is_marked(chart.crossing):
        (first,) = (curve for curve in chart.curves if curve.name == pair[0])
        _draw_crossing(axes, chart.crossing, first)
    for limits in limits_of(chart.curves).values():
        dash = "_" if len(limits) == 1 else ""  # a line of one point would not be seen
        axes.plot(*zip(*sorted(limits.items()), strict=True), "--", marker=dash, markersize=14,
                  color=style.INK, linewidth=1.0, label="limit", zorder=2.5)  # fmt: skip


def _end_labels(chart: Chart, sweep: SweptAxis, swept: Array) -> Iterator[End]:
    """Yield the names beside a panel: of each line with its knee, each level line, and each limit."""
    right = max(sweep.positions.values(), default=0.0)
    for curve in chart.curves:
        x, row = max(curve.points.items(), default=(right, curve.level), key=lambda point: point[0])
        if row is not None and row.median is not None and curve.name:
            remark = knee_text(chart.knees.get(curve.name), sweep.axis, swept)
            yield End(curve.name, x, row.median, curve.look, "" if curve.level is row else remark)
    for name, limits in limits_of(chart.curves).items():
        yield End(name, *max(limits.items()))


def _draw_curve(axes: Axes, curve: Curve, last: float) -> None:
    """Draw a line with its band and its rounds, or the level line of a model that has no such axis.

    It is dotted across a case without a number, and beyond the last number: words stand at no distance.
    """
    colour, x = curve.look.colour, np.array(list(curve.rows))
    if curve.level and curve.level.median is not None:
        axes.axhline(curve.level.median, color=colour, linewidth=1.2, linestyle=(0, (6, 2)),
                     label="level", zorder=2)  # fmt: skip
    median, low, high = (curve.column(name) for name in ("median", "low", "high"))
    known = np.isfinite(median)
    if np.isfinite(low).any():
        axes.fill_between(x, low, high, color=colour, alpha=0.2, linewidth=0, label="interval", zorder=1.5)
        axes.vlines(x, low, high, color=colour, linewidth=0.8, alpha=0.6, label="ends", zorder=2)
    dots = [(at, value) for at, row in curve.points.items() for value in row.rounds]
    draw_rounds(axes, dots, colour=colour)
    if known.any():
        axes.plot(x[known], median[known], ":", color=colour, linewidth=1.5, label="dotted", zorder=3.4)
        axes.plot(x[x <= last], median[x <= last], color=colour, linewidth=1.5, label="line", zorder=3.5)
        axes.plot(x[known], median[known], label="median", zorder=4, **marker(curve.look, 5.5))


def _is_marked(crossed: Crossing) -> bool:
    """Return whether a crossing lies within the sweep, and the two lines differ at its end."""
    return crossed.significant and 0 < crossed.at < inf


def _draw_crossing(axes: Axes, crossed: Crossing, first: Curve) -> None:
    """Mark a crossing with a ring and a dotted line, and its interval with a grey band."""
    if not isnan(crossed.low):
        left, right = axes.get_xlim()
        low = crossed.low if crossed.low > 0 else left
        axes.axvspan(low, min(crossed.high, right), color=style.BAND, linewidth=0,
                     label="crossing interval", zorder=0)  # fmt: skip
    axes.axvline(crossed.at, color=style.INK, linewidth=0.8, linestyle=":", label="crossing", zorder=2)
    points = first.points or ({crossed.at: first.level} if first.level else {})
    # On the line between two points, which is straight on the axes as they are.
    scaled = axes.transScale.transform([(x, row.median or 0.0) for x, row in points.items()])
    across = axes.transScale.transform((crossed.at, 1.0))[0]
    height = np.interp(across, *scaled.T)
    _draw_ring(axes, axes.transScale.inverted().transform((across, height)), "crossing mark")


def _draw_ring(axes: Axes, point: Any, label: str) -> None:
    axes.plot(*point, "o", markersize=11, markerfacecolor="none", markeredgecolor=style.INK,
              markeredgewidth=1.1, label=label, zorder=6)  # fmt: skip


def _subtitle(charts: Sequence[Chart], x: str, metric: str) -> str:
    curves = [curve for chart in charts for curve in chart.curves]
    marked = [chart.crossing for chart in charts if chart.crossing and _is_marked(chart.crossing)]
    return legend(
        "lines",
        metric=unit_of(metric, ()).words,
        interval=any(row.low is not None for curve in curves for row in curve.all_rows),
        broken=any(curve.broken for curve in curves),
        limit=any(limits_of(chart.curves) for chart in charts),
        level=list(dict.fromkeys(curve.name for curve in curves if curve.level)),
        x=unit_of(x, ()).words,
        crossing=marked,
        crossing_interval=any(not isnan(each.low) for each in marked),
        knee=any(chart.knees for chart in charts),
    )


def _crossings(charts: Sequence[Chart], pair: Pair, x: str, metric: str) -> str:
    crossed = [(chart.where, chart.crossing) for chart in charts if chart.crossing]
    return "".join(f" Crossing{where}: {crossing_text(each, pair, x, metric)}." for where, each in crossed)


def _absent(charts: Sequence[Chart], x: str) -> str:
    """Return which cases have no number, and why: " Without a number: threads at 5, 14 (skipped)."."""
    missing: dict[tuple[str, str, str], list[str]] = {}
    for chart in charts:
        for curve in chart.curves:
            for row in [row for row in curve.all_rows if row.absence]:
                value, names = row.case[x], missing.setdefault((curve.name, chart.where, row.absence), [])
                names += [] if value is None else [axis_value(x, value)]
    parts = [
        f"{name}{' at ' if values else ''}{', '.join(values)}{where} ({why})".strip()
        for (name, where, why), values in missing.items()
    ]
    return f" Without a number: {'; '.join(parts)}." if parts else ""
