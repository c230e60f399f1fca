"""Matrix: measured facts as a table of coloured cells with words; a sign repeats what the colour says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from lab.analysis.stats.rounds import by_round
from lab.core.errors import LabError
from lab.core.figures import Picked
from lab.present.figures import selection, style
from lab.present.figures.facts import Fact, metrics_of
from lab.present.figures.page import (
    BOLD,
    Panel,
    column_width,
    legend,
    page,
    panel_size,
    text_width,
    wrapped,
)
from lab.present.figures.tables import Table, headings_of, tables_of, without_ending
from lab.store.reading import Results

# The lighter, the better: the order is left in grey.
FILLS = {
    "good": ("#dbeee6", style.INK),
    "mixed": ("#f1c684", style.INK),
    "bad": ("#a8442a", "#ffffff"),
    "": ("#f0f1f3", style.INK),
    "absent": ("#ffffff", style.GREY),
}
SIGNS = {"good": "✓", "mixed": "~", "bad": "✗"}
SIZE, SMALL, SPACING = 8.5, 7.0, 1.3  # points: a cell's words, and a remark; from line to line in sizes
LINE, SMALL_LINE = SIZE * SPACING / 72, SMALL * SPACING / 72  # inches
PAD, SIGN = 0.08, 0.17  # inches: the room about a cell's words, and that for its sign
WIDEST, NAMES = 2.6, 1.9  # inches: of a cell, and of the rows' names
NARROW = 1.15  # inches: the narrowest cell of two panels beside each other
MOST = 5  # lines of words in a cell without data


def draw(
    results: Results,
    _summary: pl.DataFrame,
    rows: str | tuple[str, ...],
    columns: str | tuple[str, ...],
    metric: str = "",
    good: tuple[str, ...] = (),
    bad: tuple[str, ...] = (),
    absent: str = "",
    **where: Picked,
) -> Figure:
    """Return the table of a metric over two axes, or of several metrics over one.

    Raises LabError if the results have no such axis, value or metric.
    """
    for axis in (rows, columns):
        if isinstance(axis, str):
            selection.check_axis(results.name, axis, results.axes)
    names = next((side for side in (rows, columns) if not isinstance(side, str)), (metric,))
    if names == ("",):
        raise LabError("no metric to fill the cells with", where=results.name, remedy='write metric="..."')
    metrics = metrics_of(results, names, good, bad, absent)
    cases = selection.kept(results.name, by_round(results).cases, results.axes, where)
    words = [each.unit.words for each in metrics]
    row_names, ending = without_ending(names)
    across = headings_of(columns, cases, words, metrics)
    tables = tables_of(results, cases, headings_of(rows, cases, row_names, metrics), across, metrics[0])
    corner, what = (rows, "") if isinstance(rows, str) else (ending, ending)
    if names == (metric,):
        what = f"{words[0]}, by {rows} and {columns}"
    headings = [heading.name for heading in across]
    return _draw(results, tables, [corner.replace("_", " "), *headings], what.replace("_", " "))


@dataclass(frozen=True, slots=True)
class Layout:
    """What all tables share: the lines of the headings, and sizes in inches.

    lines: those above the rows' names, and above each column; head: how tall they are; left, cell: how
    wide the rows' names and a cell are; tall: a row's height by its name.
    """

    lines: Sequence[Sequence[str]]
    head: float
    left: float
    cell: float
    tall: Mapping[str, float]


def _texts(fact: Fact, width: float) -> tuple[list[str], list[str]]:
    """Return the lines of a fact's words and of its remark; a long reason for missing data is cut."""
    room = width - 2 * PAD - (SIGN if fact.judgement in SIGNS else 0.0)
    most = MOST if fact.judgement == "absent" else None
    return wrapped(fact.words, room, SIZE, most), wrapped(fact.remark, room, SMALL)


def _draw(results: Results, tables: Sequence[Table], heads: Sequence[str], what: str) -> Figure:
    names, count = [heads[0], *(name for table in tables for name in table.facts)], len(heads) - 1
    left = min(NAMES, max(text_width(name, SIZE) for name in names) + 0.15)
    beside = 2 if len(tables) > 1 and column_width(2, left) / count >= NARROW else 1
    cell = min(WIDEST, column_width(beside, left) / count)
    tall = {name: LINE * len(wrapped(name, left - PAD, SIZE)) for name in names}
    for name, fact in [(n, f) for table in tables for n, facts in table.facts.items() for f in facts if f]:
        words, remark = _texts(fact, cell)
        tall[name] = max(tall[name], LINE * len(words) + SMALL_LINE * len(remark))
    tall = {name: height + 2 * PAD for name, height in tall.items()}
    lines = [[heads[0]], *(wrapped(name, (cell - PAD) / BOLD, SIZE) for name in heads[1:])]
    layout = Layout(lines, LINE * max(map(len, lines)) + PAD, left, cell, tall)
    panels = [
        Panel(
            each.fixed, layout.head + sum(tall[n] for n in each.facts), partial(_draw_table, layout, each)
        )
        for each in tables
    ]
    return page(results.environment, _subtitle(tables, what), panels, columns=beside, left=left)


def _draw_table(layout: Layout, table: Table, axes: Axes) -> None:
    """Write the names of columns and rows, and draw the cells, in inches from the upper left."""
    width, height = panel_size(axes)
    axes.set_title(axes.get_title("left"), loc="left", x=-layout.left / width, pad=9.0)
    axes.set(xlim=(0, width), ylim=(height, 0), xticks=[], yticks=[])
    axes.set_axis_off()
    for number, lines in enumerate(layout.lines):
        x = (number - 1) * layout.cell + PAD if number else -layout.left
        how: dict[str, Any] = {"weight": "bold"} if number else {"color": style.GREY}
        _write(axes, x, layout.head - PAD - LINE * len(lines) / 2, lines, **how)
    top = layout.head
    for name, facts in table.facts.items():
        _write(axes, -layout.left, top + layout.tall[name] / 2, wrapped(name, layout.left - PAD, SIZE))
        for column, fact in enumerate(facts):
            if fact is not None:
                _draw_cell(axes, fact, column * layout.cell, top, layout.cell, layout.tall[name])
        top += layout.tall[name]


def _draw_cell(axes: Axes, fact: Fact, x: float, top: float, width: float, tall: float) -> None:
    """Fill a cell and write its sign, its words and its remark."""
    fill, ink = FILLS[fact.judgement]
    how: dict[str, Any] = {"hatch": "//", "edgecolor": style.BAND} if fact.judgement == "absent" else {}
    label = fact.judgement or "fact"
    axes.add_patch(Rectangle((x, top), width, tall, facecolor=fill, linewidth=0, label=label, **how))
    axes.add_patch(
        Rectangle((x, top), width, tall, fill=False, edgecolor="white", linewidth=2.0, label="edge")
    )
    words, remark = _texts(fact, width)
    middle = top + (tall - SMALL_LINE * len(remark)) / 2
    if fact.judgement in SIGNS:
        _write(axes, x + PAD, middle, [SIGNS[fact.judgement]], size=SIZE + 1, color=ink, weight="bold")
        x += SIGN
    _write(axes, x + PAD, middle, words, color=ink, style="italic" if how else "normal")
    below = middle + (LINE * len(words) + SMALL_LINE * len(remark)) / 2
    _write(axes, x + PAD, below, remark, size=SMALL, color=ink)


def _write(
    axes: Axes, x: float, middle: float, lines: Sequence[str], *, size: float = SIZE, **how: Any
) -> None:
    """Write lines about a middle, each on a baseline of its own: no letter moves the others."""
    for number, line in enumerate(lines):
        y = middle + (number - (len(lines) - 1) / 2) * size * SPACING / 72 + 0.36 * size / 72
        axes.text(x, y, line, fontsize=size, va="baseline", **how)


def _subtitle(tables: Sequence[Table], what: str) -> str:
    facts = [fact for table in tables for row in table.facts.values() for fact in row if fact]
    judged = {fact.judgement for fact in facts}
    ranges, counts = (any(word in fact.remark for fact in facts) for word in (" to ", " of "))
    return legend(
        what,
        ", ".join(f"{sign} {judgement}" for judgement, sign in SIGNS.items() if judgement in judged),
        "numbers: the median over the rounds, and their range" if ranges else "",
        "if the rounds differ: the most frequent, and how many had it" if counts else "",
        "hatched: no valid measurement" if "absent" in judged else "",
    )
