"""The marks in one panel of a bar figure; each mark's label says what it is."""

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from matplotlib.axes import Axes
from matplotlib.transforms import ScaledTranslation

from lab.core.work import AA_SUFFIX
from lab.present.figures.page import panel_size, share_of, text_width
from lab.present.figures.rows import Row
from lab.present.figures.style import BAND, GREY, INK, PALE, Look
from lab.present.units import Unit

SMALL, VALUE = 7.5, 8.0  # points: remarks, and the value at the end of a mark
HEADROOM = 0.75  # rows above the first, for the name of the limit
BAR, BELOW = 0.48, 0.37  # a bar's height, and how far below its middle the dots stand; rows are 1 apart


def marker(look: Look, size: float) -> dict[str, Any]:
    """Return how a model's marker is drawn, as the keywords of `Axes.plot`."""
    return {
        "marker": look.marker,
        "markersize": size + 2 * (look.marker == "*"),
        "markerfacecolor": "white" if look.hollow else look.colour,
        "markeredgecolor": look.colour if look.hollow else INK,
        "markeredgewidth": 1.2 if look.hollow else 0.5,
        "linestyle": "none",
    }


def draw_rounds(axes: Axes, dots: Sequence[tuple[float, float]], *, colour: str = INK) -> None:
    """Draw the value of each round as a dot."""
    if dots:
        axes.plot(*zip(*dots, strict=True), "o", color=colour, alpha=0.55, markersize=2.5,
                  markeredgewidth=0, label="rounds", zorder=3.2)  # fmt: skip


def draw_rows(axes: Axes, rows: Sequence[Row], unit: Unit, *, as_bars: bool) -> None:
    """Draw the rows from the top, their medians as bars or as markers."""
    beside = axes.get_yaxis_transform() + ScaledTranslation(-9 / 72, 0, axes.figure.dpi_scale_trans)
    for y, row in enumerate(rows):
        axes.plot(0, y, transform=beside, clip_on=False, label="key", **marker(row.look, 6.5))
        if row.median is not None:
            (_draw_bar if as_bars else _draw_marker)(axes, y, row.median, row.look)
    draw_rounds(axes, [(value, y + BELOW) for y, row in enumerate(rows) for value in row.rounds])
    _draw_intervals(axes, rows)
    _write(axes, rows, unit)


def _draw_bar(axes: Axes, y: float, median: float, look: Look) -> None:
    """Draw a median as a bar from zero; hollow and hatched for the baseline's second measurement."""
    face, edge, hatch = ("white", look.colour, "/////") if look.hollow else (look.colour, INK, None)
    axes.barh(y, median, BAR, color=face, edgecolor=edge, hatch=hatch, linewidth=0.5, label="median")


def _draw_marker(axes: Axes, y: float, median: float, look: Look) -> None:
    """Draw a median as the model's marker, with a dotted line that leads the eye there from its name."""
    left = axes.get_xlim()[0]
    axes.hlines(y, left, median, color=PALE, linestyle=":", linewidth=0.8, label="guide", zorder=1)
    axes.plot(median, y, label="median", zorder=4, **marker(look, 7.5))


def _draw_intervals(axes: Axes, rows: Sequence[Row]) -> None:
    """Draw each 95 % interval as a line with an end at each side."""
    known = [(y, row.low, row.high) for y, row in enumerate(rows) if row.low is not None]
    if known:
        ys, low, high = zip(*known, strict=True)
        axes.hlines(ys, low, high, color="white", linewidth=2.4, label="halo", zorder=5)
        axes.hlines(ys, low, high, color=INK, linewidth=1.1, label="interval", zorder=5)
        axes.plot([*low, *high], [*ys, *ys], "|", color=INK, markersize=5.5, label="ends", zorder=5)


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


def draw_control(axes: Axes, rows: Sequence[Row]) -> None:
    """Draw as a pale band the interval of the baseline's second measurement, relative to its first."""
    medians = {row.name + AA_SUFFIX: row.median for row in rows}
    for row in rows:
        median = medians.get(row.name)
        if median is not None and row.control is not None:
            low, high = (median * ratio for ratio in row.control)
            axes.axvspan(low, high, color=BAND, linewidth=0, label="band", zorder=0)


def draw_limits(axes: Axes, rows: Sequence[Row], unit: Unit) -> None:
    """Draw each limit as a dashed line over its rows, and name it above the first if there is room.

    The limit of most rows is named first.
    """
    for limit, group in groupby(range(len(rows)), lambda y: rows[y].limit):
        if limit is not None:
            ys = list(group)
            edges = [ys[0] - 0.5, ys[-1] + 0.5]
            axes.plot([limit, limit], edges, "--", color=INK, linewidth=1.0, label="limit", zorder=3)
    named: list[float] = []
    for limit, _ in Counter(row.limit for row in rows if row.limit is not None).most_common():
        text = f"limit {unit.show(limit)}"
        half = text_width(text, SMALL) / panel_size(axes)[0] / 2
        x = min(max(share_of(axes, limit, 0)[0], half), 1 - half)
        if all(abs(x - other) > 2 * half for other in named):
            named.append(x)
            axes.text(x, -0.5 - HEADROOM / 2, text, transform=axes.get_yaxis_transform(),
                      ha="center", va="center", fontsize=SMALL)  # fmt: skip
