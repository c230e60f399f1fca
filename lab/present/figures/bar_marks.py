"""The marks in one panel of a bar figure, a function each; a mark's label says what it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from matplotlib.axes import Axes
from matplotlib.transforms import ScaledTranslation

from lab.core.work import AA_SUFFIX
from lab.present.figures.page import page_of, panel_width, text_width
from lab.present.figures.rows import Row
from lab.present.figures.scale import TEAR
from lab.present.figures.style import BAND, GREY, INK, PALE, Look
from lab.present.units import Unit

SMALL = 7.5  # points, for what stands beside a mark
HEADROOM = 0.75  # rows above the first, for the name of the limit
BAR, BELOW = 0.48, 0.37  # a bar's height, and how far below its middle the dots stand; rows are 1 apart

Placed = Sequence[tuple[int, Row]]  # each row with its number from the top


def draw_bars(axes: Axes, placed: Placed) -> None:
    """Draw each median as a bar from zero; hollow and hatched for the baseline measured again."""
    for y, row in placed:
        if row.median is not None:
            face, edge = ("white", row.look.colour) if row.look.hollow else (row.look.colour, INK)
            hatch = "/////" if row.look.hollow else None
            axes.barh(
                y,
                row.median,
                BAR,
                color=face,
                edgecolor=edge,
                linewidth=0.5,
                hatch=hatch,
                label="median",
            )


def draw_tears(axes: Axes, placed: Placed, high: float) -> None:
    """Draw the gap where a piece is cut out of a bar: left of all its numbers."""
    for y, row in placed:
        if row.cut:
            x, slant, gap, tall = TEAR * high, high * 0.008, high * 0.008, BAR / 2 + 0.06
            left = [(x - gap - slant, y + tall), (x - gap + slant, y - tall)]
            right = [(x + gap + slant, y - tall), (x + gap - slant, y + tall)]
            axes.fill(*zip(*left, *right, strict=True), color="white", linewidth=0, label="tear", zorder=2)
            for edge in (left, right):
                axes.plot(*zip(*edge, strict=True), color=INK, linewidth=0.8, label="tear edge", zorder=2)


def draw_guides(axes: Axes, placed: Placed) -> None:
    """Draw a dotted line from each row's name to its marker, to lead the eye."""
    known = [(y, row.median) for y, row in placed if row.median is not None]
    if known:
        y, ends = zip(*known, strict=True)
        left = axes.get_xlim()[0]
        axes.hlines(y, left, ends, color=PALE, linestyle=":", linewidth=0.8, label="guide", zorder=1)


def draw_medians(axes: Axes, placed: Placed) -> None:
    """Draw each median as its model's marker."""
    for y, row in placed:
        if row.median is not None:
            axes.plot(row.median, y, label="median", zorder=4, **marker(row.look, 7.5))


def draw_keys(axes: Axes, placed: Placed) -> None:
    """Draw each row's marker between its name and the panel."""
    beside = ScaledTranslation(-9 / 72, 0, page_of(axes).dpi_scale_trans)
    for y, row in placed:
        axes.plot(
            0,
            y,
            transform=axes.get_yaxis_transform() + beside,
            clip_on=False,
            label="key",
            **marker(row.look, 6.5),
        )


def marker(look: Look, size: float) -> dict[str, Any]:
    """Return how a model's marker is drawn, as the keywords of `Axes.plot`."""
    face, edge = ("white", look.colour) if look.hollow else (look.colour, INK)
    width = 1.2 if look.hollow else 0.5
    return {
        "marker": look.marker,
        "markersize": size + 2 * (look.marker == "*"),
        "markerfacecolor": face,
        "markeredgecolor": edge,
        "markeredgewidth": width,
        "linestyle": "none",
    }


def draw_rounds(axes: Axes, placed: Placed) -> None:
    """Draw each round's value as a dot in the lower part of its row, where it hides nothing."""
    dots = [(value, y + BELOW) for y, row in placed for value in row.rounds]
    if dots:
        x, y = zip(*dots, strict=True)
        axes.plot(
            x, y, "o", markersize=2.6, color=INK, alpha=0.7, markeredgewidth=0, label="rounds", zorder=5
        )


def draw_intervals(axes: Axes, placed: Placed) -> None:
    """Draw each 95 % interval as a line with an end at each side."""
    known = [(y, row.low, row.high) for y, row in placed if row.low is not None and row.high is not None]
    if known:
        y, low, high = zip(*known, strict=True)
        axes.hlines(y, low, high, color="white", linewidth=2.4, label="halo", zorder=5)
        axes.hlines(y, low, high, color=INK, linewidth=1.1, label="interval", zorder=5)
        axes.plot([*low, *high], [*y, *y], "|", color=INK, markersize=5.5, label="ends", zorder=5)


def draw_limits(axes: Axes, placed: Placed) -> None:
    """Draw the limit as a dashed line over the rows it holds for."""
    for (limit, cut), group in groupby(placed, lambda numbered: (numbered[1].limit, numbered[1].cut)):
        if limit is not None and not cut:  # in a torn bar it would seem to stand elsewhere
            ys = [y for y, _ in group]
            edges = [ys[0] - 0.5, ys[-1] + 0.5]
            axes.plot([limit, limit], edges, "--", color=INK, linewidth=1.0, label="limit", zorder=3)


def name_limits(axes: Axes, placed: Placed, unit: Unit) -> None:
    """Name each limit above the first row, that of most rows first, as far as there is room."""
    # That of a torn row is not where the axis says: it is named only right above its row.
    above = [(row.limit, row.cut) for _, row in placed if row.limit is not None and not row.cut]
    named: list[float] = []
    for (limit, cut), _ in Counter(above).most_common():
        text = f"limit {unit.show(limit + cut)}"
        place = axes.transAxes.inverted().transform(axes.transData.transform((limit, 0)))[0]
        half = text_width(text, SMALL) / panel_width(axes) / 2
        place = min(max(place, half), 1 - half)
        if all(abs(place - other) > 2 * half for other in named):
            named.append(place)
            axes.text(
                place,
                -0.5 - HEADROOM / 2,
                text,
                transform=axes.get_yaxis_transform(),
                ha="center",
                va="center",
                fontsize=SMALL,
            )


def draw_band(axes: Axes, placed: Placed) -> None:
    """Draw, as a pale band, how far the baseline's second measurement may lie from its first."""
    medians = {row.name: row.median for _, row in placed}
    for _, row in placed:
        median = medians.get(row.name.removesuffix(AA_SUFFIX)) if row.name.endswith(AA_SUFFIX) else None
        if median is not None and row.ratio_low is not None and row.ratio_high is not None:
            axes.axvspan(
                median * row.ratio_low,
                median * row.ratio_high,
                color=BAND,
                linewidth=0,
                label="band",
                zorder=0,
            )


def draw_words(axes: Axes, placed: Placed, unit: Unit) -> None:
    """Write each value at its mark's end, or why there is none, and the verdict beside the panel."""
    small: dict[str, Any] = {"textcoords": "offset points", "va": "center", "annotation_clip": False}
    for y, row in placed:
        if row.absence:
            axes.annotate(
                row.absence,
                (0, y),
                (5, 0),
                xycoords=axes.get_yaxis_transform(),
                style="italic",
                color=GREY,
                **small,
            )
            continue
        end = max(number for number in (row.median, row.high, *row.rounds) if number is not None)
        axes.annotate(unit.show((row.median or 0.0) + row.cut), (end, y), (6, 0), fontsize=8.0, **small)
        if row.remark:
            beside: dict[str, Any] = {
                "xycoords": axes.get_yaxis_transform(),
                "fontsize": SMALL,
                "color": GREY,
            }
            axes.annotate(row.remark, (1, y), (7, 0), **beside, **small)
