"""The marks that several kinds of figure draw; each mark's label says what it is."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from scipy.optimize import isotonic_regression  # type: ignore[import-untyped]

from lab.present.figures import style
from lab.present.figures.page import panel_size, share_of, text_width

SMALL = 7.5  # points: remarks
APART, REMARK_APART = 0.165, 0.12  # inches from name to name, and more if there is a remark
NAME, REMARK = 8.0, 7.0  # points
STALK, KEY = 0.16, 0.13  # inches: of the line that leads to a name, and of the marker before it


def marker(look: style.Look, size: float) -> dict[str, Any]:
    """Return how a model's marker is drawn, as the keywords of `Axes.plot`."""
    return {
        "marker": look.marker,
        "markersize": size + 2 * (look.marker == "*"),
        "markerfacecolor": "white" if look.hollow else look.colour,
        "markeredgecolor": look.colour if look.hollow else style.INK,
        "markeredgewidth": 1.2 if look.hollow else 0.5,
        "linestyle": "none",
    }


def draw_rounds(axes: Axes, dots: Sequence[tuple[float, float]], *, colour: str = style.INK) -> None:
    """Draw the value of each round as a dot."""
    if dots:
        axes.plot(*zip(*dots, strict=True), "o", color=colour, alpha=0.55, markersize=2.5,
                  markeredgewidth=0, label="rounds", zorder=3.2)  # fmt: skip


class End(NamedTuple):
    """A name beside a panel, where its line ends (in the panel's coordinates), its look, and a remark."""

    name: str
    x: float
    y: float
    look: style.Look | None = None
    remark: str = ""

    @property
    def height(self) -> float:
        """Return the height that the name needs, in inches."""
        return APART + REMARK_APART * bool(self.remark)


def gutter(panels: Sequence[Sequence[End]]) -> float:
    """Return how wide a gutter holds the names of each panel, in inches."""
    texts = [text for ends in panels for end in ends for text in (end.name, end.remark)]
    return STALK + KEY + text_width(texts, NAME) + 0.1


def height(panels: Sequence[Sequence[End]]) -> float:
    """Return how tall panels have to be for the names of each, in inches."""
    return max(sum(end.height for end in ends) for ends in panels)


def spread(wanted: Sequence[float], tall: Sequence[float], low: float, high: float) -> list[float]:
    """Return positions as near as can be to those wanted, in their order, no two of which overlap.

    These are the least squares under an order: an isotonic regression of the positions, less the heights
    of what stands below them. Clipping that to the bounds gives the least squares within the bounds.
    """
    order = sorted(range(len(wanted)), key=lambda n: (wanted[n], -n))
    heights = np.array([tall[n] for n in order])
    middles = np.cumsum(heights) - heights / 2
    fitted = isotonic_regression(np.array([wanted[n] for n in order]) - middles).x
    placed = np.clip(fitted, low, high - heights.sum()) + middles
    return [float(placed[order.index(n)]) for n in range(len(wanted))]


def draw_end_labels(axes: Axes, ends: Sequence[End]) -> None:
    """Write each name beside the panel, led to by a stalk, with marker and remark; none of them collide."""
    if not ends:
        return
    width, tall = panel_size(axes)
    starts = [share_of(axes, end.x, end.y) for end in ends]
    wanted, heights = [y * tall for _, y in starts], [end.height for end in ends]
    positions = spread(wanted, heights, -0.1, max(tall + 0.1, sum(heights) - 0.1))
    for end, (x, y), position in zip(ends, starts, positions, strict=True):
        stalk = [x, 1.0, 1.0 + STALK / width], [y, y, position / tall]
        axes.plot(*stalk, color=style.PALE, linewidth=0.7, linestyle=(0, (1, 1.5)),
                  transform=axes.transAxes, clip_on=False, label="stalk", zorder=1)  # fmt: skip
        _write(axes, end, 1.0 + (STALK + 0.02) / width, position / tall)


def _write(axes: Axes, end: End, x: float, y: float) -> None:
    """Write a name, its marker and its remark at a point that is given as shares of the panel."""
    width, tall = panel_size(axes)
    if end.look:
        axes.plot(x + KEY / 2 / width, y, transform=axes.transAxes, clip_on=False, label="key",
                  **marker(end.look, 5.5))  # fmt: skip
        x += (KEY + 0.03) / width
    y += 0.06 / tall if end.remark else 0.0
    how: dict[str, Any] = {"transform": axes.transAxes, "va": "center_baseline"}
    axes.text(x, y, end.name, fontsize=NAME, **how)
    if end.remark:
        axes.text(x, y - 0.13 / tall, end.remark, fontsize=REMARK, color=style.GREY, **how)
