"""Split: the gap between two models as a bar on a logarithmic axis, cut into its two factors.

Factors multiply, and lengths on a logarithmic axis add: each part is as long as its share of the gap.
"""

from typing import Any

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lab.analysis.stats.rounds import by_round
from lab.analysis.stats.splits import Split, factor, splits
from lab.core.claims import Gap
from lab.core.errors import LabError
from lab.core.words import TIMES, multiple
from lab.present.figures import selection, style
from lab.present.figures.axis_scale import Scale
from lab.present.figures.marks import draw_rounds
from lab.present.figures.page import legend, page, text_width
from lab.present.units import unit_of
from lab.store.reading import Results

TALL, THICK = 1.05, 0.16  # inches: a row; half a bar's thickness, in rows
SHADES = ("#93b7d3", "#dcc7a6")  # the model's part, and the other
TICKS = (0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 4, 5, 7, 10, 15, 20, 30, 50, 100)
BESIDE, SIZE = 1.45, 8.5  # inches right of the panel: the whole gap's number; points


def draw(results: Results, _summary: pl.DataFrame, metric: str, **options: Any) -> Figure:
    """Return the figure: options are the fields of a Gap, and the values that pick the cases.

    Raises LabError if the four cases of a split were not measured.
    """
    gap, rounds = Gap(*(options.pop(name) for name in Gap._fields)), by_round(results)
    every = splits(rounds, gap, metric, options) if metric in rounds.values else []
    parts = [split for split in every if np.isfinite(split.rest).any()]
    if not parts:
        what = f"{gap.model} and {gap.to} with {gap.axis}={gap.of} and {gap.axis}={gap.control}"
        raise LabError(f"{metric} was not measured of {what}", where="split", remedy="measure all four")
    names, words = [selection.words(split.where) or "all" for split in parts], unit_of(metric, ()).words
    subtitle, left = legend("split", metric=words, gap=gap), text_width(names, 9.0) + 0.3
    labels = (f"{words}: {gap.model} over {gap.to}, logarithmic", None)
    figure = page(results, subtitle, [({}, TALL * len(parts))], left=left, right=BESIDE, labels=labels)
    (panel,) = figure.axes
    drawn = [logs for split in parts for logs in (split.gap, split.model)]
    ends = [*np.exp(drawn).ravel(), *(end for logs in drawn for end in factor(logs)), 1.0]
    low, high = float(np.nanmin(ends)), float(np.nanmax(ends))
    ticks = [(tick, f"{tick:g}{TIMES}") for tick in TICKS if low * 0.999 <= tick <= high * 1.04]
    Scale(low, max(high, low * 1.1), logarithmic=True).apply(panel, "x", ticks=ticks)
    panel.set(ylim=(len(parts) - 0.5, -0.5), yticks=range(len(parts)), yticklabels=names)
    panel.axvline(1.0, color=style.INK, linewidth=1.0)  # where the two models are alike
    for row, split in enumerate(parts):
        _draw_row(panel, row, split, gap)
    return figure


def _draw_row(panel: Axes, y: int, split: Split, gap: Gap) -> None:
    """Draw a gap as two bars end to end, with intervals at the cut and at the end, and name the parts."""
    cut, end = factor(split.model), factor(split.gap)
    back = end[0] < cut[0] or cut[0] < 1  # a part that leads back is drawn below the other
    bars = (
        ("model", f"the model, {gap.control} in both", split.model, (1.0, cut[0]), y - THICK),
        ("rest", f"the {gap.axis}, {gap.of}", split.rest, (cut[0], end[0]), y if back else y - THICK),
    )
    for (label, name, logs, span, top), shade in zip(bars, SHADES, strict=True):
        low, high = min(span), max(span)
        thick = THICK if back else 2 * THICK
        panel.broken_barh([(low, high - low)], (top, thick), facecolor=shade, label=label)
        # The model's part is named above, the other below: either may be shorter than its name.
        edge, shift, va = (y + THICK, -3, "top") if label == "rest" else (y - THICK, 3, "bottom")
        text = f"{name}\n{multiple(*factor(logs))}"
        panel.annotate(text, (low, edge), (2, shift), textcoords="offset points", va=va, fontsize=SIZE)
    drawn = ((split.model, cut, y - THICK / 2), (split.gap, end, y + THICK / 2))
    for logs, (_, low, high), middle in drawn:
        draw_rounds(panel, [(float(value), middle) for value in np.exp(logs[np.isfinite(logs)])])
        panel.hlines(middle, low, high, color=style.INK, linewidth=1.4, label="interval", zorder=4)
    panel.annotate(f"in total\n{multiple(*end)}", (1, y), (7, 0), xycoords=panel.get_yaxis_transform(),
                   textcoords="offset points", va="center", fontsize=SIZE, weight="bold",
                   annotation_clip=False)  # fmt: skip
