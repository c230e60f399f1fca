"""Lines: a metric over a swept axis, a line a model, with intervals as bands, every round and the limit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, isnan
from typing import TYPE_CHECKING

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lab.analysis.stats.crossings import Crossing
from lab.core.figures import Picked
from lab.core.words import listing
from lab.present.figures import cells, crossings, curves, end_labels, line_marks, selection
from lab.present.figures.axis_scale import Ruler, ruler_of
from lab.present.figures.curves import Curve, Panel
from lab.present.figures.page import name_axis, page, text_width
from lab.present.figures.rows import rows_of
from lab.present.figures.sweep import Sweep, sweep_of
from lab.present.units import Unit, unit_of

if TYPE_CHECKING:
    from lab.store.reading import Results

TALL = 2.7  # inches: a panel's height, where its names need no more


@dataclass(frozen=True, slots=True)
class Chart:
    """All that a line figure shows: its panels, in one unit, and the two axes that they share."""

    panels: Sequence[Panel]
    metric: str
    unit: Unit
    sweep: Sweep
    ruler: Ruler
    crossing: crossings.Pair | None
    knee: bool

    @property
    def held(self) -> cells.Case:
        """Return the axes that all panels hold alike."""
        return cells.held([panel.fixed for panel in self.panels])

    def turn(self, panel: Panel) -> tuple[Crossing | None, list[str]]:
        """Return the crossing in a panel, and its words; none where it is not asked for."""
        if self.crossing is None:
            return None, []
        found = crossings.crossing_of(panel, self.crossing, self.sweep)
        return found, crossings.words_of(found, self.crossing, self.sweep, self.metric)

    def broken(self, panel: Panel) -> bool:
        """Return whether a line of a panel leads across a case without a number."""
        return any(
            min(places) < gap < max(places)
            for curve in panel.curves
            for gap in line_marks.gaps(curve, self.sweep)
            if (places := [self.sweep.places[x] for x in curve.points])
        )

    @property
    def headroom(self) -> float:
        """Return the room above the lines of each panel for words, in inches."""
        most = max(len(self.turn(panel)[1]) for panel in self.panels)
        return crossings.LINE * most + (0.12 if most else 0.0)

    def names(self, panel: Panel) -> list[end_labels.End]:
        """Return the names beside a panel: of each line, each level line, and each limit."""
        found = [end for curve in panel.curves if (end := self._end(curve)) is not None]
        for name, limits in line_marks.limits_of(panel).items():
            x = max(limits, key=lambda x: self.sweep.places[x])
            found.append(end_labels.End(name, self.sweep.places[x], self.ruler.place(limits[x])))
        return found

    def _end(self, curve: Curve) -> end_labels.End | None:
        """Return where a line's name stands, with its knee; None for a line without a number or a name."""
        points, last = curve.points, max(self.sweep.places.values(), default=0.0)
        x = max(points, key=lambda x: self.sweep.places[x], default="")
        row = points.get(x, curve.flat)
        if row is None or row.median is None or not curve.name:
            return None
        knee = crossings.knee_in(curve, self.sweep, self.metric) if self.knee and points else None
        place, words = self.sweep.places.get(x, last), crossings.knee_words(knee, self.sweep)
        return end_labels.End(curve.name, place, self.ruler.place(row.median), curve.look, words)


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

    Raises LabError where the results have no such axis, value, metric or line.
    """
    chart = _chart(results, summary, x, metric, where, crossing, knee=knee)
    columns = 1 if len(chart.panels) == 1 else 2
    named = [chart.names(panel) for panel in chart.panels]
    room = max(end_labels.gutter(some) for some in named)
    tall = max(TALL, *(end_labels.height(some) for some in named)) + chart.headroom
    figure, axes = page(
        results.environment,
        _subtitle(chart),
        panels=len(chart.panels),
        columns=columns,
        heights=[tall] * ceil(len(chart.panels) / columns),
        left=max(text_width(name, 8.5) for _, name in chart.ruler.ticks()) + 0.35,
        gutter=room + 0.3,
        right=room,
    )
    for number, (drawn, panel) in enumerate(zip(axes, chart.panels, strict=True)):
        _lay(drawn, chart, panel, named=number % columns == 0)
        _fill(drawn, chart, panel)
        end_labels.draw_ends(drawn, named[number])
    name_axis(axes, columns, chart.sweep.label, shared=True)
    return figure


def _chart(
    results: Results,
    summary: pl.DataFrame,
    x: str,
    metric: str,
    where: Mapping[str, Picked],
    crossing: crossings.Pair | None,
    *,
    knee: bool,
) -> Chart:
    rows = rows_of(results, summary, metric)
    selection.check_axis(results.name, x, results.axes)
    by_case = {cells.key(row.case, results.axes): row for row in rows}
    kept = selection.kept(results.name, [row.case for row in rows], results.axes, where)
    everything = selection.in_grid_order(results, [row.case for row in rows])
    rows = [by_case[cells.key(case, results.axes)] for case in selection.in_grid_order(results, kept)]
    unit = unit_of(metric, [number for row in rows for number in row.numbers])
    panels = curves.panels_of([row.times(unit.factor) for row in rows], results.axes, x, everything)
    if crossing is not None:
        crossings.check_pair(results.name, crossing, panels)
    every = [row for panel in panels for row in panel.rows]
    sweep = sweep_of(x, cells.values_of([row.case for row in rows], x))
    ruler = ruler_of(
        [number for row in every for number in row.numbers],
        typical=[row.median for row in every if row.median is not None],
        # A crossing is one of ratios: what is twice as much is as far above at both ends of a sweep.
        logarithmic=crossing is not None and sweep.ruler.logarithmic,
    )
    return Chart(panels, metric, unit, sweep, ruler, crossing, knee)


def _lay(axes: Axes, chart: Chart, panel: Panel, *, named: bool) -> None:
    """Span a panel's axes, and leave room above the lines for the words about their crossing."""
    chart.sweep.lay(axes)
    chart.ruler.lay(axes, "y", named=named)
    low, high = axes.get_ylim()
    tall = end_labels.panel_height(axes)
    axes.set_ylim(low, low + (high - low) * tall / (tall - chart.headroom))
    axes.set_title(cells.words({axis: v for axis, v in panel.fixed.items() if axis not in chart.held}))
    if named:
        axes.set_ylabel(chart.unit.label + (", logarithmic" if chart.ruler.logarithmic else ""))


def _fill(axes: Axes, chart: Chart, panel: Panel) -> None:
    sweep, ruler = chart.sweep, chart.ruler
    for curve in panel.curves:
        line_marks.draw_curve(axes, curve, sweep, ruler)
        if chart.knee:
            crossings.draw_knee(axes, crossings.knee_in(curve, sweep, chart.metric), curve, sweep, ruler)
    line_marks.draw_limits(axes, panel, sweep, ruler)
    found, words = chart.turn(panel)
    if found is not None and chart.crossing is not None:
        first = next(curve for curve in panel.curves if curve.name == chart.crossing[0])
        crossings.draw_crossing(axes, found, words, first, sweep, ruler)


def _subtitle(chart: Chart) -> str:
    rows = [row for panel in chart.panels for row in panel.rows]
    level = [curve.name for panel in chart.panels for curve in panel.curves if curve.flat]
    marked = [
        found for panel in chart.panels if (found := chart.turn(panel)[0]) and crossings.is_marked(found)
    ]
    known = any(not isnan(found.low) for found in marked)
    parts = [
        f"Line: median {chart.unit.words} over the rounds",
        "dots: each round",
        "band: 95 % interval" if any(row.low is not None for row in rows) else "",
        "dotted: not measured in between" if any(map(chart.broken, chart.panels)) else "",
        "short dashes: the limit" if any(line_marks.limits_of(panel) for panel in chart.panels) else "",
        f"level: {listing(list(dict.fromkeys(level)))}, without {chart.sweep.words}" if level else "",
        f"ring: the crossing{', in the grey of its 95 % interval' if known else ''}" if marked else "",
        "ring: the knee, beyond which a doubling gains less than 10 %" if chart.knee else "",
    ]
    absent, kept = _absent(chart), cells.words(chart.held)
    text = "; ".join(part for part in parts if part) + "."
    return (
        text + (f" Without a number: {absent}." if absent else "") + (f" All with {kept}." if kept else "")
    )


def _absent(chart: Chart) -> str:
    """Return in words which cases have no number, and why: "threads at 5, 14 with workers=4 (skipped)"."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for panel in chart.panels:
        fixed = cells.words({axis: v for axis, v in panel.fixed.items() if axis not in chart.held})
        for curve in panel.curves:
            for x, row in [*curve.rows.items(), *([("", curve.flat)] if curve.flat else [])]:
                if row.absence:
                    place = f" with {fixed}" if fixed and len(chart.panels) > 1 else ""
                    number = chart.sweep.numbers.get(x)
                    words = x if number is None else chart.sweep.show(number)
                    found.setdefault((curve.name, place, row.absence), []).append(words)
    return "; ".join(
        f"{name}{' at ' if any(values) else ''}{', '.join(filter(None, values))}{place} ({why})".strip()
        for (name, place, why), values in found.items()
    )
