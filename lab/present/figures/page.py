"""The page a figure is printed on: title, subtitle, panels in a grid, and how it was measured as a footer.

All is laid out in inches from the text alone, so that no backend moves anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lab.core.words import many
from lab.present.figures import style

WIDTH, EDGE = 10.0, 0.2
ROW_GAP = 0.45  # room for a panel's title below the panel above
AXIS = 0.62  # room for tick labels and the axis's label below the last panels
CHARACTER = 0.0077  # inches a point of font size: the mean character of the font is 0.55 em wide


def text_width(text: str, size: float) -> float:
    """Return about how wide a text is set, in inches, at a font size in points."""
    return len(text) * size * CHARACTER


def panel_width(axes: Axes) -> float:
    """Return how wide a panel is, in inches."""
    return float(axes.get_position().width) * WIDTH


def page_of(axes: Axes) -> Figure:
    """Return the figure that a panel stands in."""
    figure = axes.get_figure(root=True)
    assert isinstance(figure, Figure)
    return figure


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of text in one size, wrapped to the page."""

    text: str
    size: float
    colour: str = style.GREY
    weight: str = "normal"

    @property
    def lines(self) -> list[str]:
        """Return the text's lines."""
        bold = 1.12 if self.weight == "bold" else 1.0
        columns = int((WIDTH - 2 * EDGE) / (self.size * CHARACTER * bold))
        return [line for part in self.text.splitlines() for line in wrap(part, columns)]

    @property
    def height(self) -> float:
        """Return the height of all lines in inches."""
        return len(self.lines) * self.size * 1.45 / 72

    def print(self, figure: Figure, top: float) -> None:
        """Set the lines below `top`, in inches from the page's lower edge."""
        height = figure.get_figheight()
        for number, line in enumerate(self.lines):
            y = (top - (number + 0.8) * self.size * 1.45 / 72) / height
            figure.text(
                EDGE / WIDTH,
                y,
                line,
                fontsize=self.size,
                color=self.colour,
                weight=self.weight,
                va="baseline",
            )


def page(
    environment: Mapping[str, Any],
    subtitle: str,
    *,
    panels: int,
    columns: int,
    heights: Sequence[float],
    left: float,
    gutter: float,
    right: float,
    gap: float = ROW_GAP,
    foot: float = AXIS,
) -> tuple[Figure, list[Axes]]:
    """Return a figure and its panels, row by row.

    heights: that of each row of panels; left: the room for names on the page's left; gutter: the
    room between two columns; right: the room right of the last; gap: that between two rows;
    foot: the room below the last for its axis. In inches.
    """
    title = Block(str(environment["experiment"]["question"]), 14.0, style.INK, "bold")
    under, end = Block(subtitle, 8.5), Block(footer(environment), 7.5)
    head = EDGE + title.height + 0.05 + under.height + ROW_GAP
    body = sum(heights) + gap * (len(heights) - 1) + foot
    height = head + body + end.height + EDGE
    figure = Figure(figsize=(WIDTH, height))
    title.print(figure, height - EDGE)
    under.print(figure, height - EDGE - title.height - 0.05)
    end.print(figure, end.height + EDGE * 0.75)
    width = (WIDTH - 2 * EDGE - left - right - gutter * (columns - 1)) / columns
    axes, top = [], height - head
    for row, tall in enumerate(heights):
        for column in range(min(columns, panels - row * columns)):
            x = EDGE + left + column * (width + gutter)
            rectangle = (x / WIDTH, (top - tall) / height, width / WIDTH, tall / height)
            axes.append(figure.add_axes(rectangle))
        top -= tall + gap
    return figure, axes


def footer(environment: Mapping[str, Any]) -> str:
    """Return how the numbers came about, in words, and a line for each warning."""
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


def name_axis(axes: Sequence[Axes], columns: int, label: str, *, shared: bool) -> None:
    """Name the axis below the last panel of each column; its ticks too where all panels share it."""
    for number, panel in enumerate(axes):
        last = number + columns >= len(axes)
        ticks = last or not shared
        panel.tick_params(axis="x", labelbottom=ticks, length=3.0 if ticks else 0.0)
        if last:
            panel.set_xlabel(label)
