"""Bars: each case's median, every round's value as a dot, the interval, and the limit as a line.

If the medians span more than a decade, bars from zero would hide what is worth comparing: then the axis
is logarithmic and the median is the model's marker, as in Cleveland's dot plots (The Elements of Graphing
Data, 1985). A panel has a row for each of its own cases. Panels with different rows are in one column.
"""

from collections.abc import Sequence
from functools import partial

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lab.core.work import AA_SUFFIX
from lab.present.figures import bar_marks, cells
from lab.present.figures.axis_scale import Scale, scale_of
from lab.present.figures.page import Panel, legend, page, panel_size, text_width
from lab.present.figures.rows import Row, rows_of
from lab.present.units import Unit
from lab.store.reading import Results

ROW, LOW_ROW, MANY = 0.3, 0.22, 6  # inches: a row, and a row where a panel has more than so many
ALIKE = 2.0  # panels share one scale if the longest is at most this many times the shortest


def draw(results: Results, summary: pl.DataFrame, metric: str = "makespan_s") -> Figure:
    """Return the bars of a metric: a row for each model, a panel for each combination of the other axes.

    Without a model the first axis names the rows. Raises LabError if the summary has no such metric.
    """
    rows, unit = rows_of(results, summary, metric)
    names = list(dict.fromkeys(row.name for row in rows))
    free = [axis for axis in results.axes if axis != cells.row_axis(results.axes)]
    fixed, members = zip(*cells.grouped(rows, free, lambda row: row.case), strict=True)
    by_name = [{row.name: row for row in inside} for inside in members]
    panels = [[inside[name] for name in names if name in inside] for inside in by_name]
    columns = 2 if len({tuple(row.name for row in inside) for inside in panels}) == 1 else 1
    scales = _scales(panels, columns)
    tall = LOW_ROW if max(map(len, panels)) > MANY else ROW
    return page(
        results.environment,
        _subtitle(results, rows, unit, as_bars=not scales[0].logarithmic),
        [
            Panel(
                each,
                tall * (len(inside) + _headroom(rows)),
                partial(_draw_panel, inside, scale, rows, unit),
            )
            for each, inside, scale in zip(fixed, panels, scales, strict=True)
        ],
        columns=columns,
        left=max(text_width(row.name, 9.0) for row in rows) + 0.3,
        right=max(text_width(row.remark, bar_marks.SMALL) for row in rows) + 0.1,
        x_label=unit.label + scales[0].suffix,
        y_label="",
        share_x=len(set(scales)) == 1,
    )


def _headroom(rows: Sequence[Row]) -> float:
    """Return the room above the first row of each panel for the names of limits, in rows."""
    return bar_marks.HEADROOM if any(row.limit is not None for row in rows) else 0.0


def _scales(panels: Sequence[Sequence[Row]], columns: int) -> list[Scale]:
    """Return the scale of each panel: one for all that are below each other, or whose lengths are alike."""
    numbers = [[number for row in rows for number in row.numbers] for rows in panels]
    medians = [row.median for rows in panels for row in rows if row.median is not None]
    whole = scale_of([number for each in numbers for number in each], medians)
    own = [scale_of(each, logarithmic=whole.logarithmic) for each in numbers]
    longest = [scale.high for scale in own]
    return [whole] * len(own) if columns == 1 or max(longest) <= ALIKE * min(longest) else own


def _draw_panel(rows: Sequence[Row], scale: Scale, every: Sequence[Row], unit: Unit, axes: Axes) -> None:
    """Draw the rows from the top; `every` row of the figure decides how much room values need."""
    axes.set_ylim(len(rows) - 0.5, -0.5 - _headroom(every))
    axes.set_yticks(range(len(rows)), [row.name for row in rows])
    axes.tick_params(axis="y", pad=17)
    value = max(text_width(unit.show(row.median or 0.0), bar_marks.VALUE) for row in every) + 0.2
    scale.apply(axes, "x", room=min(0.5, value / panel_size(axes)[0]))
    bar_marks.draw_control(axes, rows)
    bar_marks.draw_rows(axes, rows, unit, as_bars=not scale.logarithmic)
    bar_marks.draw_limits(axes, rows, unit)


def _subtitle(results: Results, rows: Sequence[Row], unit: Unit, *, as_bars: bool) -> str:
    """Return what is drawn.

    The limit of waiting work is known; that of computing work is what it took sequentially, divided.
    """
    control = [row.name for row in rows if row.control and row.name.endswith(AA_SUFFIX)]
    waits = "limit_s" in results.samples.columns and results.samples["limit_s"].is_not_null().any()
    limit = "of the waits" if waits else "sequential work over workers or cores"
    return legend(
        f"{'bar' if as_bars else 'marker'}: median {unit.words} over the rounds",
        "dots: each round",
        "whisker: 95 % interval" if any(row.low is not None for row in rows) else "",
        f"dashed: the limit, {limit}" if any(row.limit is not None for row in rows) else "",
        f"grey band: {control[0].removesuffix(AA_SUFFIX)} measured against itself" if control else "",
    )
