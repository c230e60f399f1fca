"""Names at the ends of lines, in the gutter beside a panel, moved apart where they would collide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes

from lab.present.figures import bar_marks, style
from lab.present.figures.page import page_of, panel_width, text_width

APART = 0.165  # inches from name to name
SIZE = 8.0
STALK, KEY = 0.16, 0.13  # inches: of the line that leads to a name, and of the marker before it


@dataclass(frozen=True, slots=True)
class End:
    """A name, where its line ends (in the panel's coordinates), its look, and a remark below it."""

    name: str
    x: float
    y: float
    look: style.Look | None = None
    remark: str = ""


def gutter(ends: Sequence[End]) -> float:
    """Return how wide a gutter holds the names, in inches."""
    words = [text for end in ends for text in (end.name, end.remark)]
    return STALK + KEY + max((text_width(text, SIZE) for text in words), default=0.0) + 0.1


def height(ends: Sequence[End]) -> float:
    """Return how tall a panel has to be for its names, in inches."""
    return sum(_tall(end) for end in ends)


def _tall(end: End) -> float:
    return APART + 0.12 * bool(end.remark)


def spread(wanted: Sequence[float], tall: Sequence[float], low: float, high: float) -> list[float]:
    """Return places as near as can be to those wanted, in their order, none nearer than they are tall.

    What would collide becomes one block about the middle of its members' wishes, until no two blocks
    touch: least squares under an order, by pooling neighbours.
    """
    order = sorted(range(len(wanted)), key=lambda n: (wanted[n], -n))
    blocks: list[tuple[list[int], float, float]] = []  # members, their height, the place of the middle
    for n in order:
        block = ([n], tall[n], _between(wanted[n], tall[n], low, high))
        while blocks and blocks[-1][2] + blocks[-1][1] / 2 > block[2] - block[1] / 2 + 1e-9:
            before, height, middle = blocks.pop()
            members, total = [*before, *block[0]], height + block[1]
            mean = (middle * len(before) + block[2] * len(block[0])) / len(members)
            block = (members, total, _between(mean, total, low, high))
        blocks.append(block)
    places = [0.0] * len(wanted)
    for members, height, middle in blocks:
        bottom = middle - height / 2
        for n in members:
            places[n] = bottom + tall[n] / 2
            bottom += tall[n]
    return places


def _between(middle: float, height: float, low: float, high: float) -> float:
    return max(low + height / 2, min(high - height / 2, middle))


def draw_ends(axes: Axes, ends: Sequence[End], *, dots: bool = False) -> None:
    """Write each name beside the panel at its line's end, with its marker, and a stalk leading there.

    dots: whether to draw one where the stalk leaves its line.
    """
    inches = panel_height(axes)
    low, high = axes.get_ylim()
    wanted = [(end.y - low) / (high - low) * inches for end in ends]
    tall = [_tall(end) for end in ends]
    places = spread(wanted, tall, -0.1, max(inches + 0.1, sum(tall) - 0.1))
    left, right = axes.get_xlim()
    inch = 1 / panel_width(axes)
    for end, place, here in zip(ends, places, wanted, strict=True):
        start = (end.x - left) / (right - left)
        stalk = ([start, 1.0, 1.0 + STALK * inch], [here / inches, here / inches, place / inches])
        middle = place / inches + (0.06 / inches if end.remark else 0.0)
        axes.plot(*stalk, color=style.PALE, linewidth=0.7, linestyle=(0, (1, 1.5)),
                  transform=axes.transAxes, clip_on=False, label="stalk", zorder=1)  # fmt: skip
        if dots and end.look:
            axes.plot(end.x, end.y, "o", color=end.look.colour, markersize=3.5, label="start", zorder=6)
        x = 1.0 + (STALK + KEY / 2 + 0.02) * inch
        if end.look:
            axes.plot(x, place / inches, transform=axes.transAxes, clip_on=False, label="key",
                      **bar_marks.marker(end.look, 5.5))  # fmt: skip
            x += (KEY / 2 + 0.03) * inch
        text: dict[str, Any] = {"transform": axes.transAxes, "va": "center_baseline"}
        axes.text(x, middle, end.name, fontsize=SIZE, **text)
        if end.remark:
            axes.text(x, middle - 0.13 / inches, end.remark, fontsize=7.0, color=style.GREY, **text)


def panel_height(axes: Axes) -> float:
    """Return how tall a panel is, in inches."""
    return float(axes.get_position().height) * float(page_of(axes).get_figheight())
