"""Bars: each case's median, every round's value as a dot, the interval, and the limit as a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullLocator

from lab.core import AGAIN
from lab.figures import cells, marks, style
from lab.figures.page import ROW_GAP, name_axis, page, panel_width, text_width
from lab.figures.rows import Row, rows_of
from lab.figures.scale import Scale, scales_of
from lab.figures.units import Unit, unit_of

if TYPE_CHECKING:
    from lab.store.reading import Results


@dataclass(frozen=True, slots=True)
class Panel:
    """The axes that a panel holds fixed, its rows, each with its number from the top, and its scale."""

    fixed: cells.Case
    placed: marks.Placed
    scale: Scale


def draw(results: Results, summary: pl.DataFrame, metric: str = "makespan_s") -> Figure:
    """Return the bars of a metric: a row a model, a panel for each combination of the other axes.

    Without a model the first axis names the rows. Raises LabError where the summary has no such metric.
    """
    rows = rows_of(results, summary, metric)
    unit = unit_of(metric, [number for row in rows for number in row.numbers])
    rows = [row.times(unit.factor) for row in rows]
    names = list(dict.fromkeys(row.name for row in rows))
    panels = _panels(rows, names, results.axes)
    held = cells.held([panel.fixed for panel in panels])
    columns = _columns(panels)
    shared = len({panel.scale for panel in panels}) == 1
    remark = max(text_width(row.remark, marks.SMALL) for row in rows)
    headroom = marks.HEADROOM if any(row.limit is not None for row in rows) else 0.0
    figure, axes = page(
        results.environment,
        _subtitle(rows, unit, panels, held, known_limit=_waits(results)),
        panels=len(panels),
        columns=columns,
        heights=[(0.22 if len(names) > 6 else 0.3) * (len(names) + headroom)] * ceil(len(panels) / columns),
        left=max(text_width(name, 9.0) for name in names) + 0.3,
        gutter=remark + 0.45,
        right=remark + 0.1,
        gap=ROW_GAP + (0.0 if shared else 0.2),
    )
    for number, (drawn, panel) in enumerate(zip(axes, panels, strict=True)):
        drawn.set_ylim(len(names) - 0.5, -0.5 - headroom)
        drawn.set_yticks(range(len(names)), names if number % columns == 0 else [""] * len(names))
        drawn.set_title(
            cells.words({axis: value for axis, value in panel.fixed.items() if axis not in held})
        )
        _fill(drawn, panel, unit)
    label = unit.label + (", logarithmic" if panels[0].scale.logarithmic else "")
    name_axis(axes, columns, label, shared=shared)
    return figure


def _panels(rows: Sequence[Row], names: Sequence[str], axes: Sequence[str]) -> list[Panel]:
    free = [axis for axis in axes if axis != cells.row_axis(axes)]
    combinations = cells.panels([row.case for row in rows], free)
    placed = [_placed(rows, names, fixed) for fixed in combinations]
    scales = scales_of([[row for _, row in rows] for rows in placed])
    return [
        Panel(fixed, [(y, scale.tear(row)) for y, row in mine], scale)
        for fixed, mine, scale in zip(combinations, placed, scales, strict=True)
    ]


def _placed(rows: Sequence[Row], names: Sequence[str], fixed: cells.Case) -> list[tuple[int, Row]]:
    """Return the rows that a panel shows, in the order of the names; of two of a name the fuller match."""
    placed: dict[str, Row] = {}
    for row in rows:
        exact = all(row.case[axis] == value for axis, value in fixed.items())
        if cells.matches(row.case, fixed) and (exact or row.name not in placed):
            placed[row.name] = row
    return [(y, placed[name]) for y, name in enumerate(names) if name in placed]


def _columns(panels: Sequence[Panel]) -> int:
    """Return three columns where the last axis that varies has three values, else two."""
    fixed = [panel.fixed for panel in panels]
    counts = [len(cells.values_of(fixed, axis)) for axis in fixed[0]]
    return 1 if len(panels) == 1 else 3 if [count for count in counts if count > 1][-1:] == [3] else 2


def _fill(axes: Axes, panel: Panel, unit: Unit) -> None:
    placed, scale = panel.placed, panel.scale
    _lay_axis(axes, panel, unit)
    marks.draw_band(axes, placed)
    marks.draw_keys(axes, placed)
    if scale.logarithmic:
        marks.draw_guides(axes, placed)
        marks.draw_medians(axes, placed)
    else:
        marks.draw_bars(axes, placed)
        marks.draw_tears(axes, placed, scale.high)
    marks.draw_rounds(axes, placed)
    marks.draw_intervals(axes, placed)
    marks.draw_limits(axes, placed)
    marks.name_limits(axes, placed, unit)
    marks.draw_words(axes, placed, unit)


def _lay_axis(axes: Axes, panel: Panel, unit: Unit) -> None:
    """Span the panel's scale and, right of it, room for the values that stand at the marks' ends."""
    texts = [unit.show(row.median + row.cut) for _, row in panel.placed if row.median is not None]
    share = min(
        0.5, (max((text_width(text, 8.0) for text in texts), default=0.0) + 0.2) / panel_width(axes)
    )
    low, high = panel.scale.low, panel.scale.high
    if panel.scale.logarithmic:
        axes.set_xscale("log")
        low /= 1.12
        axes.set_xlim(low, high * (high / low) ** (share / (1 - share)))
        axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if high / low < 2000 else (1,), numticks=20))
        axes.xaxis.set_minor_locator(NullLocator())
    else:
        axes.set_xlim(low, high + (high - low) * share / (1 - share))
        axes.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.10g}"))
    axes.tick_params(axis="y", pad=17)
    axes.grid(axis="x", color=style.BAND, linewidth=0.6)


def _waits(results: Results) -> bool:
    """Return whether the work waits for so long that its limit is known beforehand."""
    return "limit_s" in results.samples.columns and results.samples["limit_s"].is_not_null().any()


def _subtitle(
    rows: Sequence[Row], unit: Unit, panels: Sequence[Panel], held: cells.Case, *, known_limit: bool
) -> str:
    """Return what is drawn, and what every panel holds fixed.

    The limit of waiting work is known; that of computing work is what it took one after another, divided.
    """
    again = [row.name for row in rows if row.ratio_low is not None and row.name.endswith(AGAIN)]
    torn = any(row.cut for panel in panels for _, row in panel.placed)
    kind = "of the waits" if known_limit else "sequential work over workers or cores"
    parts = [
        f"{'Marker' if panels[0].scale.logarithmic else 'Bar'}: median {unit.words} over the rounds",
        "dots: each round",
        "whisker: 95 % interval" if any(row.low is not None for row in rows) else "",
        f"dashed: the limit, {kind}" if any(row.limit is not None for row in rows) else "",
        f"grey band: {again[0].removesuffix(AGAIN)} measured against itself" if again else "",
        "torn: a piece of the bar is cut out" if torn else "",
    ]
    kept = cells.words(held)
    return "; ".join(part for part in parts if part) + "." + (f" All with {kept}." if kept else "")
