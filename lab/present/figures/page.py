"""The page of a figure: title, subtitle, panels in a grid, and how it was measured as a footer.

Everything is laid out in inches from the text alone, so that no backend moves anything.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lab.core.words import many
from lab.present.figures import style
from lab.present.figures.cells import Case, titles_of

WIDTH, EDGE = 10.0, 0.2
ROW_GAP = 0.45  # room for a panel's title below the panel above
COLUMN_GAP = 0.35  # between two panels, besides their names
AXIS, BARE = 0.62, 0.25  # room below the last panels: for an axis with its label, and without
CHARACTER = 0.0077  # inches for each point of font size: the mean character of the font is 0.55 em wide
BOLD = 1.12  # how much wider bold is
SPACING = 1.45  # from line to line, in font sizes
LINE = SPACING / 72  # the same in inches, for each point of font size
TITLE, SUBTITLE, FOOTER = 14.0, 8.5, 7.5  # points


def text_width(text: str, size: float) -> float:
    """Return about how wide a text is, in inches, at a font size in points."""
    return len(text) * size * CHARACTER


def wrapped(text: str, width: float, size: float, most: int | None = None) -> list[str]:
    """Return a text in lines of at most a width, in inches; a word that is too long breaks after a "_".

    most: the number of lines to cut it to.
    """
    columns = max(4, int(width / (size * CHARACTER)))
    if any(len(word) > columns for word in text.split()):
        text = text.replace("_", "_ ")
    return [
        line for part in text.splitlines() for line in wrap(part, columns, max_lines=most, placeholder=" …")
    ]


def panel_size(axes: Axes) -> tuple[float, float]:
    """Return how wide and how tall a panel is, in inches."""
    box = axes.bbox.transformed(axes.figure.dpi_scale_trans.inverted())
    return float(box.width), float(box.height)


def share_of(axes: Axes, x: float, y: float) -> tuple[float, float]:
    """Return where a point is drawn, as shares of a panel's width and height."""
    across, up = (axes.transScale + axes.transLimits).transform((x, y))
    return float(across), float(up)


def legend(*parts: str) -> str:
    """Return what a figure shows as one sentence; empty parts are left out."""
    text = "; ".join(part for part in parts if part)
    return f"{text[0].upper()}{text[1:]}." if text else ""


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel of a page: the axes it holds fixed, its height in inches, and what draws into its axes."""

    fixed: Case
    height: float
    draw: Callable[[Axes], object]


def column_width(columns: int, left: float, right: float = 0.0, *, named: bool = True) -> float:
    """Return how wide each of several panels beside each other is, in inches.

    left, right: the room beside a panel; named: whether each has names on its left, or only the first.
    """
    gutter = right + COLUMN_GAP + (left if named else 0.0)
    return (WIDTH - 2 * EDGE - left - right - gutter * (columns - 1)) / columns


def page(
    environment: Mapping[str, Any],
    subtitle: str,
    panels: Sequence[Panel],
    *,
    columns: int = 2,
    left: float,
    right: float = 0.0,
    x_label: str = "",
    y_label: str | None = None,
    share_x: bool = True,
) -> Figure:
    """Return a page with its panels drawn, row by row, each titled with what it alone holds fixed.

    All sizes are in inches. left: the room left of the panels for names; right: the room right of each;
    x_label: the label below each column; y_label: that of the axis that the panels of a row share, left
    of them, None if each panel has its own; share_x: whether all panels share the x axis, so that its
    ticks are below the last alone.
    """
    titles, shared = titles_of([panel.fixed for panel in panels])
    columns, room = min(columns, len(panels)), WIDTH - 2 * EDGE
    title = wrapped(str(environment["experiment"]["question"]), room / BOLD, TITLE)
    under, end = wrapped(subtitle + shared, room, SUBTITLE), wrapped(footer(environment), room, FOOTER)
    head = EDGE + len(title) * TITLE * LINE + 0.05 + len(under) * SUBTITLE * LINE
    gap, heights = ROW_GAP + (0.0 if share_x else 0.2), [panel.height for panel in panels]
    rows = [max(heights[n : n + columns]) for n in range(0, len(heights), columns)]
    height = (
        head + gap * len(rows) + sum(rows) + (AXIS if x_label else BARE) + len(end) * FOOTER * LINE + EDGE
    )
    width = column_width(columns, left, right, named=y_label is None)
    step = (room - left - right - width) / max(1, columns - 1)
    figure = Figure(figsize=(WIDTH, height))
    _write(figure, title, EDGE, TITLE, color=style.INK, weight="bold")
    _write(figure, under, EDGE + len(title) * TITLE * LINE + 0.05, SUBTITLE)
    _write(figure, end, height - 0.75 * EDGE - len(end) * FOOTER * LINE, FOOTER)
    for number, panel in enumerate(panels):
        row, column = divmod(number, columns)
        x = EDGE + left + column * step
        y = height - head - gap * (row + 1) - sum(rows[: row + 1])
        axes = figure.add_axes((x / WIDTH, y / height, width / WIDTH, rows[row] / height))
        axes.set_title(titles[number], loc="left")
        panel.draw(axes)
        last = number + columns >= len(panels)
        axes.tick_params(axis="x", labelbottom=last or not share_x)
        axes.set_xlabel(x_label if last else "")
        if y_label is not None:
            axes.tick_params(axis="y", labelleft=column == 0)
            axes.set_ylabel("" if column else y_label)
    return figure


def _write(figure: Figure, lines: Sequence[str], top: float, size: float, **how: Any) -> None:
    """Write lines below `top`, in inches from the page's upper edge."""
    y = 1 - top / figure.get_figheight()
    how = {"fontsize": size, "color": style.GREY, "linespacing": SPACING, "va": "top", **how}
    figure.text(EDGE / WIDTH, y, "\n".join(lines), **how)


def footer(environment: Mapping[str, Any]) -> str:
    """Return in words how the numbers were measured, and a line for each warning."""
    plan, machine, python = (environment.get(part, {}) for part in ("plan", "machine", "python"))
    parts = [
        f"{many(plan.get('rounds', 0), 'round')} of {many(plan.get('samples', 0), 'sample')}",
        "a quick run" if plan.get("quick") else "",
        "against the live site" if plan.get("live") else "",
        f"{python.get('implementation', 'Python')} {python.get('version', '')}",
        many(machine.get("cores", 0), "core"),
        str(machine.get("cpu", "")),
        str(machine.get("system", "")),
        str(environment.get("started", ""))[:10],
    ]
    warnings = [f"Warning: {warning}" for warning in environment.get("warnings", ())]
    return "\n".join([" · ".join(part.strip() for part in parts if part), *warnings])
