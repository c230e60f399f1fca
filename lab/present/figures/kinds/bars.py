"""Bars: each case's median, every round's value as a dot, the interval, and the limit as a line.

If the medians span more than a decade, bars from zero would hide what is worth comparing: then the axis
is logarithmic and the median is the model's marker, as in Cleveland's dot plots (The Elements of Graphing
Data, 1985). A panel has a row for each of its own cases. Panels with different rows are in one column.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import Any

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import ScaledTranslation

from lab.core.work import AA_SUFFIX
from lab.present.figures import selection
from lab.present.figures.axis_scale import Scale, scale_of
from lab.present.figures.marks import SMALL, draw_rounds, marker
from lab.present.figures.page import legend, page, panel_size, share_of, text_width
from lab.present.figures.rows import Row, rows_of
from lab.present.figures.style import BAND, GREY, INK, PALE
from lab.present.units import Unit
from lab.store.reading import Results

ROW, LOW_ROW, MANY = 0.3, 0.22, 6  # inches: a row, and a row where a panel has more than so many
ALIKE = 2.0  # panels share one scale if the longest is at most this many times the shortest
VALUE = 8.0  # points: the value at the end of a mark
HEADROOM = 0.75  # rows above the first, for the name of the limit
BAR, BELOW = 0.48, 0.37  # a bar's height, and how far below its middle the dots stand; rows are 1 apart


def draw(results: Results, summary: pl.DataFrame, metric: str = "makespan_s") -> Figure:
    """Return the bars of a metric: a row for each model, a panel for each combination of the other axes.

    Without a model the first axis names the rows. Raises LabError if the summary has no such metric.
    """
    rows, unit = rows_of(results, summary, metric)
    names = list(dict.fromkeys(row.name for row in rows))
    free = [axis for axis in results.axes if axis != selection.row_axis(results.axes)]
    fixed, members = zip(*selection.grouped(rows, free, lambda row: row.case), strict=True)
    by_name = [{row.name: row for row in inside} for inside in members]
    panels = [[inside[name] for name in names if name in inside] for inside in by_name]
    columns = 2 if len({tuple(row.name for row in inside) for inside in panels}) == 1 else 1
    scales = _scales(panels, columns)
    head = HEADROOM if any(row.limit is not None for row in rows) else 0.0
    tall = LOW_ROW if max(map(len, panels)) > MANY else ROW
    subtitle = _subtitle(results, rows, unit.words, as_bars=not scales[0].logarithmic)
    sized = [(case, tall * (len(inside) + head)) for case, inside in zip(fixed, panels, strict=True)]
    left, right = text_width(names, 9.0) + 0.3, text_width([row.remark for row in rows], SMALL) + 0.1
    labels, shared = (unit.label + scales[0].suffix, ""), len(set(scales)) == 1
    figure = page(
        results, subtitle, sized, columns=columns, left=left, right=right, labels=labels, share_x=shared
    )
    value = text_width([unit.show(row.median or 0.0) for row in rows], VALUE) + 0.2
    for axes, inside, scale in zip(figure.axes, panels, scales, strict=True):
        axes.set_ylim(len(inside) - 0.5, -0.5 - head)
        axes.set_yticks(range(len(inside)), [row.name for row in inside])
        axes.tick_params(axis="y", pad=17)
        scale.apply(axes, "x", room=min(0.5, value / panel_size(axes)[0]))
        _draw_control(axes, inside)
        _draw_rows(axes, inside, unit, as_bars=not scale.logarithmic)
        _draw_limits(axes, inside, unit)
    return figure


def _scales(panels: Sequence[Sequence[Row]], columns: int) -> list[Scale]:
    """Return the scale of each panel: one for all that are below each other, or whose lengths are alike."""
    numbers = [[number for row in rows for number in row.numbers] for rows in panels]
    medians = [row.median for rows in panels for row in rows if row.median is not None]
    whole = scale_of([number for each in numbers for number in each], medians)
    own = [scale_of(each, logarithmic=whole.logarithmic) for each in numbers]
    longest = [scale.high for scale in own]
    return [whole] * len(own) if columns == 1 or max(longest) <= ALIKE * min(longest) else own


def _draw_control(axes: Axes, rows: Sequence[Row]) -> None:
    """Draw as a pale band the interval of the baseline's second measurement, relative to its first."""
    medians = {row.name + AA_SUFFIX: row.median for row in rows}
    for row in rows:
        median = medians.get(row.name)
        if median is not None and row.control is not None:
            low, high = (median * ratio for ratio in row.control)
            axes.axvspan(low, high, color=BAND, linewidth=0, label="band", zorder=0)


def _draw_rows(axes: Axes, rows: Sequence[Row], unit: Unit, *, as_bars: bool) -> None:
    """Draw the rows from the top, their medians as bars or as markers, and their 95 % intervals."""
    beside = axes.get_yaxis_transform() + ScaledTranslation(-9 / 72, 0, axes.figure.dpi_scale_trans)
    left = axes.get_xlim()[0]
    for y, row in enumerate(rows):
        look, median = row.look, row.median
        axes.plot(0, y, transform=beside, clip_on=False, label="key", **marker(look, 6.5))
        if median is not None and as_bars:
            face, edge, hatch = ("white", look.colour, "/////") if look.hollow else (look.colour, INK, None)
            axes.barh(
                y, median, BAR, color=face, edgecolor=edge, hatch=hatch, linewidth=0.5, label="median"
            )
        elif median is not None:  # a dotted line leads the eye from the name to the marker
            axes.hlines(y, left, median, color=PALE, linestyle=":", linewidth=0.8, label="guide", zorder=1)
            axes.plot(median, y, label="median", zorder=4, **marker(look, 7.5))
    draw_rounds(axes, [(value, y + BELOW) for y, row in enumerate(rows) for value in row.rounds])
    known = [(y, row.low, row.high) for y, row in enumerate(rows) if row.low is not None]
    if known:
        ys, low, high = zip(*known, strict=True)
        axes.hlines(ys, low, high, color="white", linewidth=2.4, label="halo", zorder=5)
        axes.hlines(ys, low, high, color=INK, linewidth=1.1, label="interval", zorder=5)
        axes.plot([*low, *high], [*ys, *ys], "|", color=INK, markersize=5.5, label="ends", zorder=5)
    _write(axes, rows, unit)


def _write(axes: Axes, rows: Sequence[Row], unit: Unit) -> None:
    """Write each value at its mark's end, or why there is none, and the verdict beside the panel."""
    how: dict[str, Any] = {"textcoords": "offset points", "va": "center", "annotation_clip": False}
    side: dict[str, Any] = {"xycoords": axes.get_yaxis_transform(), "color": GREY}
    for y, row in enumerate(rows):
        if row.median is None:
            axes.annotate(row.absence, (0, y), (5, 0), style="italic", **side, **how)
            continue
        end = max(number for number in (row.median, row.high, *row.rounds) if number is not None)
        axes.annotate(unit.show(row.median), (end, y), (6, 0), fontsize=VALUE, **how)
        if row.remark:
            axes.annotate(row.remark, (1, y), (7, 0), fontsize=SMALL, **side, **how)


def _draw_limits(axes: Axes, rows: Sequence[Row], unit: Unit) -> None:
    """Draw limits as dashed lines over their rows; name those with room above, that of most rows first."""
    for limit, group in groupby(range(len(rows)), lambda y: rows[y].limit):
        if limit is not None:
            ys = list(group)
            edges = [ys[0] - 0.5, ys[-1] + 0.5]
            axes.plot([limit, limit], edges, "--", color=INK, linewidth=1.0, label="limit", zorder=3)
    named: list[float] = []
    for limit, _ in Counter(row.limit for row in rows if row.limit is not None).most_common():
        text = f"limit {unit.show(limit)}"
        half = text_width([text], SMALL) / panel_size(axes)[0] / 2
        x = min(max(share_of(axes, limit, 0)[0], half), 1 - half)
        if all(abs(x - other) > 2 * half for other in named):
            named.append(x)
            axes.text(x, -0.5 - HEADROOM / 2, text, transform=axes.get_yaxis_transform(),
                      ha="center", va="center", fontsize=SMALL)  # fmt: skip


def _subtitle(results: Results, rows: Sequence[Row], metric: str, *, as_bars: bool) -> str:
    control = next((row.name for row in rows if row.control and row.name.endswith(AA_SUFFIX)), "")
    # The limit of waiting work is known; that of computing work is what it took sequentially, divided.
    waits = "limit_s" in results.samples.columns and results.samples["limit_s"].is_not_null().any()
    limit = "of the waits" if waits else "sequential work over workers or cores"
    limit = limit if any(row.limit is not None for row in rows) else ""
    interval, control = any(row.low is not None for row in rows), control.removesuffix(AA_SUFFIX)
    return legend("bars", bars=as_bars, metric=metric, limit=limit, interval=interval, control=control)
