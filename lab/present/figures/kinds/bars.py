"""Bars: each case's median, every round's value as a dot, the interval, and the limit as a line.

A panel has a row for each of its own cases. Panels whose rows are others stand below each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullLocator

from lab.core.work import AA_SUFFIX
from lab.present.figures import bar_marks, cells, style
from lab.present.figures.page import ROW_GAP, name_axis, page, panel_width, text_width
from lab.present.figures.rows import Row, rows_of
from lab.present.figures.scale import Scale, scales_of
from lab.present.units import Unit, plain, unit_of

if TYPE_CHECKING:
    from lab.store.reading import Results


@dataclass(frozen=True, slots=True)
class Panel:
    """The axes that a panel holds fixed, its rows, each with its number from the top, and its scale."""

    fixed: cells.Case
    placed: bar_marks.Placed
    scale: Scale

    @property
    def names(self) -> list[str]:
        """Return the names of its rows."""
        return [row.name for row in self.rows]

    @property
    def rows(self) -> list[Row]:
        """Return its rows from the top."""
        return [row for _, row in self.placed]


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
    subtitle = _subtitle(rows, unit, panels, held, known_limit=_waits(results))
    columns = _columns(panels)
    figure, axes = _open_page(results, subtitle, rows, panels, columns)
    shared = _shared(panels)
    for number, (drawn, panel) in enumerate(zip(axes, panels, strict=True)):
        count = len(panel.placed)
        drawn.set_ylim(count - 0.5, -0.5 - _headroom(rows))
        drawn.set_yticks(range(count), panel.names if number % columns == 0 else [""] * count)
        drawn.set_title(
            cells.words({axis: value for axis, value in panel.fixed.items() if axis not in held})
        )
        _lay_axis(drawn, panel.scale, _room(panels if shared else [panel], unit) / panel_width(drawn))
        _fill(drawn, panel, unit)
    label = unit.label + (", logarithmic" if panels[0].scale.logarithmic else "")
    name_axis(axes, columns, label, shared=shared)
    return figure


def _open_page(
    results: Results, subtitle: str, rows: Sequence[Row], panels: Sequence[Panel], columns: int
) -> tuple[Figure, list[Axes]]:
    """Return a page with an empty panel for each, as tall as its rows."""
    remark = max(text_width(row.remark, bar_marks.SMALL) for row in rows)
    tall = 0.22 if max(len(panel.placed) for panel in panels) > 6 else 0.3
    return page(
        results.environment,
        subtitle,
        panels=len(panels),
        columns=columns,
        heights=[tall * (len(panel.placed) + _headroom(rows)) for panel in panels[::columns]],
        left=max(text_width(row.name, 9.0) for row in rows) + 0.3,
        gutter=remark + 0.45,
        right=remark + 0.1,
        gap=ROW_GAP + (0.0 if _shared(panels) else 0.2),
    )


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
    return list(enumerate(placed[name] for name in names if name in placed))


def _shared(panels: Sequence[Panel]) -> bool:
    return len({panel.scale for panel in panels}) == 1


def _headroom(rows: Sequence[Row]) -> float:
    return bar_marks.HEADROOM if any(row.limit is not None for row in rows) else 0.0


def _columns(panels: Sequence[Panel]) -> int:
    """Return one column where the panels' rows differ; three where the last varying axis has as many."""
    if len({tuple(panel.names) for panel in panels}) > 1 or len(panels) == 1:
        return 1
    fixed = [panel.fixed for panel in panels]
    counts = [len(cells.values_of(fixed, axis)) for axis in fixed[0]]
    return 3 if [count for count in counts if count > 1][-1:] == [3] else 2


def _fill(axes: Axes, panel: Panel, unit: Unit) -> None:
    placed, scale = panel.placed, panel.scale
    bar_marks.draw_band(axes, placed)
    bar_marks.draw_keys(axes, placed)
    if scale.logarithmic:
        bar_marks.draw_guides(axes, placed)
        bar_marks.draw_medians(axes, placed)
    else:
        bar_marks.draw_bars(axes, placed)
        bar_marks.draw_tears(axes, placed, scale.high)
    bar_marks.draw_rounds(axes, placed)
    bar_marks.draw_intervals(axes, placed)
    bar_marks.draw_limits(axes, placed)
    bar_marks.name_limits(axes, placed, unit)
    bar_marks.draw_words(axes, placed, unit)


def _room(panels: Sequence[Panel], unit: Unit) -> float:
    """Return the room, in inches, that the values at the marks' ends need."""
    medians = [row.median + row.cut for panel in panels for row in panel.rows if row.median is not None]
    return max((text_width(unit.show(median), 8.0) for median in medians), default=0.0) + 0.2


def _lay_axis(axes: Axes, scale: Scale, share: float) -> None:
    """Span the scale and, right of it, a share of the panel, at most half, for the marks' values."""
    share, low, high = min(0.5, share), scale.low, scale.high
    if scale.logarithmic:
        axes.set_xscale("log")
        low /= 1.12
        axes.set_xlim(low, high * (high / low) ** (share / (1 - share)))
        axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if high / low < 2000 else (1,), numticks=20))
        axes.xaxis.set_minor_locator(NullLocator())
    else:
        axes.set_xlim(low, high + (high - low) * share / (1 - share))
        axes.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: plain(value)))
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
    again = [row.name for row in rows if row.ratio_low is not None and row.name.endswith(AA_SUFFIX)]
    torn = any(row.cut for panel in panels for _, row in panel.placed)
    kind = "of the waits" if known_limit else "sequential work over workers or cores"
    parts = [
        f"{'Marker' if panels[0].scale.logarithmic else 'Bar'}: median {unit.words} over the rounds",
        "dots: each round",
        "whisker: 95 % interval" if any(row.low is not None for row in rows) else "",
        f"dashed: the limit, {kind}" if any(row.limit is not None for row in rows) else "",
        f"grey band: {again[0].removesuffix(AA_SUFFIX)} measured against itself" if again else "",
        "torn: a piece of the bar is cut out" if torn else "",
    ]
    kept = cells.words(held)
    return "; ".join(part for part in parts if part) + "." + (f" All with {kept}." if kept else "")
