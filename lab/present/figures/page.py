"""The page of a figure: title, subtitle, panels in a grid, and how it was measured as a footer.

Everything is laid out in inches from the text alone, so that no backend moves anything.
"""

from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lab.present.figures import style
from lab.present.figures.selection import Case, all_with, words
from lab.present.templates import lines
from lab.store.reading import Results

WIDTH, EDGE = 10.0, 0.2
ROW_GAP = 0.45  # room for a panel's title below the panel above
COLUMN_GAP = 0.35  # between two panels, besides their names
AXIS, BARE = 0.62, 0.25  # room below the last panels: for an axis with its label, and without
CHARACTER = 0.0077  # inches for each point of font size: the mean character of the font is 0.55 em wide
BOLD = 1.12  # how much wider bold is
SPACING = 1.45  # from line to line, in font sizes
TITLE, SUBTITLE, FOOTER = 14.0, 8.5, 7.5  # points


def text_width(texts: Sequence[str], size: float) -> float:
    """Return about how wide the longest of some texts is, in inches, at a font size in points."""
    return max(map(len, texts), default=0) * size * CHARACTER


def wrapped(text: str, width: float, size: float, most: int | None = None) -> list[str]:
    """Return a text in lines of a width in inches, cut to `most`; a too long word breaks after a "_"."""
    columns = max(4, int(width / (size * CHARACTER)))
    if any(len(word) > columns for word in text.split()):
        text = text.replace("_", "_ ")
    cut: dict[str, Any] = {"max_lines": most, "placeholder": " …"}
    return [line for part in text.splitlines() for line in wrap(part, columns, **cut)]


def panel_size(axes: Axes) -> tuple[float, float]:
    """Return how wide and how tall a panel is, in inches."""
    box = axes.bbox.transformed(axes.figure.dpi_scale_trans.inverted())
    return float(box.width), float(box.height)


def share_of(axes: Axes, x: float, y: float) -> tuple[float, float]:
    """Return where a point is drawn, as shares of a panel's width and height."""
    across, up = (axes.transScale + axes.transLimits).transform((x, y))
    return float(across), float(up)


def legend(kind: str, **data: object) -> str:
    """Return what a kind of figure shows as one sentence; its parts are lines in `sentences.jinja`."""
    text = "; ".join(lines(f"legend_{kind}", **data))
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def titles_of(panels: Sequence[Case]) -> tuple[list[str], str]:
    """Return the title of each panel, and a sentence on the values that several panels share."""
    first = panels[0] if len(panels) > 1 else {}
    shared = {axis: v for axis, v in first.items() if all(panel[axis] == v for panel in panels)}
    own = [{axis: v for axis, v in panel.items() if axis not in shared} for panel in panels]
    return [words(panel) for panel in own], all_with(shared)


def column_width(columns: int, left: float, right: float, gutter: float) -> float:
    """Return how wide each of so many panels beside each other is, in inches, with this room about them."""
    return (WIDTH - 2 * EDGE - left - right - gutter * (columns - 1)) / columns


def page(
    results: Results,
    subtitle: str,
    panels: Sequence[tuple[Case, float]],
    *,
    columns: int = 2,
    left: float,
    right: float = 0.0,
    labels: tuple[str, str | None] = ("", None),
    share_x: bool = True,
) -> Figure:
    """Return a page with empty panels, row by row, each titled with what it alone holds fixed.

    panels: what each holds fixed, and its height. All sizes are in inches. left: the room left of the
    panels for names; right: the room right of each; labels: of x, below each column, and of the y axis that
    the panels of a row share, left of them, None if each panel has its own; share_x: whether all panels
    share the x axis, so that its ticks are below the last alone.
    """
    titles, shared = titles_of([fixed for fixed, _ in panels])
    columns, heights = min(columns, len(panels)), [height for _, height in panels]
    rows = [max(heights[n : n + columns]) for n in range(0, len(heights), columns)]
    x_label, y_label = labels
    gap, foot = ROW_GAP + (0.0 if share_x else 0.2), AXIS if x_label else BARE
    figure, top, bottom = _sheet(results, subtitle + shared, gap * len(rows) + sum(rows) + foot)
    gutter = right + COLUMN_GAP + (left if y_label is None else 0.0)
    tall, wide = figure.get_figheight(), column_width(columns, left, right, gutter)
    ends = {"left": (EDGE + left) / WIDTH, "right": 1 - (EDGE + right) / WIDTH}
    ends |= {"top": top - gap / tall, "bottom": bottom + foot / tall}
    gaps = {"wspace": gutter / wide, "hspace": gap * len(rows) / sum(rows)}
    grid = figure.add_gridspec(len(rows), columns, height_ratios=rows, **ends, **gaps)
    for number, title in enumerate(titles):
        axes = figure.add_subplot(grid[divmod(number, columns)])
        axes.set_title(title, loc="left")
        first, last = number % columns == 0, number + columns >= len(panels)
        axes.tick_params(labelbottom=last or not share_x, labelleft=first or y_label is None)
        axes.set(xlabel=x_label if last else "", ylabel=(y_label or "") if first else "")
    return figure


def _sheet(results: Results, subtitle: str, body: float) -> tuple[Figure, float, float]:
    """Return a figure with its texts about a body of so many inches, and the body's top and bottom."""
    texts = [str(results.environment["experiment"]["question"]), subtitle, footer(results.environment)]
    room, sizes = WIDTH - 2 * EDGE, (TITLE, SUBTITLE, FOOTER)
    widths = (room / BOLD, room, room)
    blocks = [wrapped(*each) for each in zip(texts, widths, sizes, strict=True)]
    title, under, end = (len(own) * size * SPACING / 72 for own, size in zip(blocks, sizes, strict=True))
    below = EDGE + title + 0.05
    height = below + under + body + end + EDGE
    figure = Figure(figsize=(WIDTH, height))
    how: dict[str, Any] = {"va": "top", "linespacing": SPACING, "color": style.GREY}
    bold = {**how, "color": style.INK, "weight": "bold"}
    starts = (height - EDGE, height - below, end + 0.75 * EDGE)
    for own, start, size, looks in zip(blocks, starts, sizes, (bold, how, how), strict=True):
        figure.text(EDGE / WIDTH, start / height, "\n".join(own), fontsize=size, **looks)
    return figure, 1 - (below + under) / height, (end + EDGE) / height


def footer(environment: Mapping[str, Any]) -> str:
    """Return in words how the numbers were measured, and a line for each warning."""
    about = {part: environment.get(part, {}) for part in ("plan", "machine", "python")}
    warnings = [f"Warning: {warning}" for warning in environment.get("warnings", ())]
    parts = lines("footer", started=str(environment.get("started", "")), **about)
    return "\n".join([" · ".join(parts), *warnings])
