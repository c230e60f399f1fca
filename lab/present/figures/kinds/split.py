"""Split: the gap between two models as a bar on a logarithmic axis, cut into its two factors.

Factors multiply, and lengths on a logarithmic axis add: each part is as long as its share of the gap.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullLocator

from lab.analysis.stats.intervals import Array
from lab.analysis.stats.rounds import by_round
from lab.analysis.stats.splits import Split, factor, splits
from lab.core.claims import Gap
from lab.core.errors import LabError
from lab.core.words import TIMES, digits
from lab.core.work import Value
from lab.present.figures import cells, style
from lab.present.figures.page import page, text_width
from lab.present.units import unit_of

if TYPE_CHECKING:
    from lab.store.reading import Results

TALL, THICK = 0.95, 0.18  # inches a row; half a bar's thickness, in rows
SHADES = ("#93b7d3", "#dcc7a6")  # the model's part, and the other
TICKS = (0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 4, 5, 7, 10, 15, 20, 30, 50, 100)
BESIDE = 1.45  # inches right of the panel: the whole gap's number


def draw(
    results: Results,
    summary: pl.DataFrame,  # noqa: ARG001 - every kind of figure is given it
    metric: str,
    *,
    model: str,
    to: str,
    axis: str,
    of: str,
    control: str,
    **where: Value,
) -> Figure:
    """Return the figure; LabError where the four cases of a split were not measured."""
    gap, rounds = Gap(model, to, axis, of, control), by_round(results)
    found = splits(rounds, gap, metric, where) if metric in rounds.values else []
    found = [each for each in found if np.isfinite(each.rest).any()]
    if not found:
        what = f"{model} and {to} with {axis}={of} and {axis}={control}"
        raise LabError(f"{metric} was not measured of {what}", where="split", remedy="measure all four")
    names = [cells.words(each.where) or "all" for each in found]
    figure, (panel,) = page(
        results.environment,
        subtitle(gap, unit_of(metric, ()).words),
        panels=1,
        columns=1,
        heights=[TALL * len(found)],
        left=max(text_width(name, 9.0) for name in names) + 0.3,
        gutter=0.0,
        right=BESIDE,
    )
    lay(panel, found, names)
    for row, each in enumerate(found):
        draw_row(panel, row, each, gap)
    panel.set_xlabel(f"{unit_of(metric, ()).words}: {model} over {to}, logarithmic")
    return figure


def lay(panel: Axes, found: list[Split], names: list[str]) -> None:
    """Lay the axis from 1, where the two models are alike, to beyond all that is drawn."""
    drawn = [logs for each in found for logs in (each.gap, each.model)]
    ends = [*np.exp(drawn).ravel(), *(end for logs in drawn for end in factor(logs))]
    low, high = min(float(np.nanmin(ends)), 1.0), max(float(np.nanmax(ends)), 1.0)
    panel.set_xscale("log")
    panel.set_xlim(low if low == 1 else low / 1.04, high * 1.04)
    panel.set_ylim(len(found) - 0.5, -0.5)
    panel.set_yticks(range(len(found)), names)
    ticks = [tick for tick in TICKS if low * 0.999 <= tick <= high * 1.04]
    panel.xaxis.set_major_locator(FixedLocator(ticks))
    panel.xaxis.set_minor_locator(NullLocator())
    panel.xaxis.set_major_formatter(lambda value, _: f"{value:g}{TIMES}")
    panel.grid(axis="x", color=style.BAND, linewidth=0.6)
    panel.axvline(1.0, color=style.INK, linewidth=1.0)


def draw_row(panel: Axes, row: int, each: Split, gap: Gap) -> None:
    """Draw a gap as two bars end to end, with intervals at the cut and at the end, and name the parts."""
    y = row + 0.2
    cut, end = factor(each.model), factor(each.gap)
    back = end[0] < cut[0] or cut[0] < 1  # a part that leads back lies below the other
    tops = (y - THICK, y if back else y - THICK)
    thick = THICK if back else 2 * THICK
    spans = ((1.0, cut[0]), (cut[0], end[0]))
    for (start, stop), top, shade, label in zip(spans, tops, SHADES, ("model", "rest"), strict=True):
        low, high = sorted((start, stop))
        panel.broken_barh([(low, high - low)], (top, thick), facecolor=shade, label=label)
    dot(panel, each.model, y - THICK / 2, "rounds of the model")
    dot(panel, each.gap, y + THICK / 2, "rounds of the gap")
    for (_, least, most), height in ((cut, y - THICK / 2), (end, y + THICK / 2)):
        panel.hlines(height, least, most, color=style.INK, linewidth=1.4, label="interval", zorder=4)
    names = (f"the model, {gap.control} in both", f"the {gap.axis}, {gap.of}")
    for name, logs, (start, stop) in zip(names, (each.model, each.rest), spans, strict=True):
        text = f"{name}\n{told(factor(logs))}"
        panel.annotate(
            text, (min(start, stop), y - THICK), (2, 3), textcoords="offset points", fontsize=8.5
        )
    panel.annotate(
        f"in all\n{told(end)}",
        (1, y),
        (7, 0),
        xycoords=panel.get_yaxis_transform(),
        textcoords="offset points",
        va="center",
        fontsize=8.5,
        weight="bold",
        annotation_clip=False,
    )


def dot(panel: Axes, logs: Array, y: float, label: str) -> None:
    """Draw each round as a dot."""
    there = np.exp(logs[np.isfinite(logs)])
    panel.plot(there, [y] * len(there), "o", color=style.INK, alpha=0.5, markersize=2.4, label=label)


def told(numbers: tuple[float, float, float]) -> str:
    """Return a factor with its interval, where it has one: "2.06x (1.88-2.26)"."""
    value, low, high = numbers
    return f"{digits(value)}{TIMES}" + (f" ({digits(low)}-{digits(high)})" if low == low else "")


def subtitle(gap: Gap, words: str) -> str:
    """Return what is drawn."""
    return (
        f"How many times the {words} {gap.model} takes of {gap.to}. In all: with {gap.of}. The model: with"
        f" {gap.control} in both. The {gap.axis}: what is left, the difference between {gap.of} and"
        f" {gap.control} in either. Line: 95 % interval; dots: each round, above at the cut, below at the"
        " end."
    )
