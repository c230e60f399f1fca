"""What no page may show: texts that collide, or that leave it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from lab.present.figures.draw import styled


def texts_of(drawn) -> list[Text]:
    """Return all texts that a figure shows: those of ticks beyond an axis are there, and not drawn."""
    beyond = set()
    for axes in drawn.axes:
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            ticks = [*axis.get_major_ticks(), *axis.get_minor_ticks()]
            beyond |= {t for tick in ticks if not low <= tick.get_loc() <= high for t in tick.findobj(Text)}
    return [t for t in drawn.findobj(Text) if t.get_text() and t.get_visible() and t not in beyond]


def faults_of(draw: Callable[[], Figure]) -> list[str]:
    """Draw a figure, and return the texts that leave the page and the pairs that collide."""
    with styled():
        drawn = draw()
        drawn.set_dpi(100)
        renderer = FigureCanvasAgg(drawn).get_renderer()
        drawn.draw(renderer)
        boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in texts_of(drawn)]
    page = drawn.bbox
    inside = [
        (page.x0 <= b.x0 and b.x1 <= page.x1 and page.y0 <= b.y0 and b.y1 <= page.y1) for _, b in boxes
    ]
    beyond = [f"{text!r} leaves the page" for (text, _), ok in zip(boxes, inside, strict=True) if not ok]
    pairs = combinations(boxes, 2)
    return beyond + [f"{a!r} on {b!r}" for (a, one), (b, other) in pairs if one.overlaps(other.padded(-1))]
