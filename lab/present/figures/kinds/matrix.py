"""Matrix: measured facts as a table of coloured cells with words; a sign says what the colour does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from lab.core.errors import LabError
from lab.core.figures import Picked
from lab.present.figures import cells, selection, style
from lab.present.figures.facts import Fact, columns_of
from lab.present.figures.page import EDGE, WIDTH, page, text_width
from lab.present.figures.tables import (
    BELOW,
    LINE,
    PAD,
    SIGN,
    SIGNS,
    SIZE,
    SMALL,
    Layout,
    Table,
    names_of,
    silent,
    tables_of,
    without_ending,
)

if TYPE_CHECKING:
    from lab.store.reading import Results

# The lighter, the better: the order is left in grey.
FILLS = {
    "good": ("#dbeee6", style.INK),
    "mixed": ("#f1c684", style.INK),
    "bad": ("#a8442a", "#ffffff"),
    "": ("#f0f1f3", style.INK),
    "absent": ("#ffffff", style.GREY),
}
WIDEST, NAMES, GUTTER = 2.6, 1.9, 0.4  # inches: of a cell, of the rows' names, and from panel to panel
NARROW = 1.15  # inches: the narrowest cell of two panels beside each other


def draw(
    results: Results,
    summary: pl.DataFrame,  # noqa: ARG001
    rows: str | tuple[str, ...],
    columns: str | tuple[str, ...],
    metric: str = "",
    good: tuple[str, ...] = (),
    bad: tuple[str, ...] = (),
    absent: str = "",
    **where: Picked,
) -> Figure:
    """Return the table of a metric over two axes, or of several metrics over one.

    Raises LabError where the results have no such axis, value or metric.
    """
    if isinstance(rows, tuple):
        turned, rows, columns = True, str(columns), rows
    else:
        turned = False
    for axis in (rows, columns) if isinstance(columns, str) else (rows,):
        selection.check_axis(results.name, axis, results.axes)
    if isinstance(columns, str) and not metric:
        raise LabError("no metric to fill the cells with", where=results.name, remedy='write metric="..."')
    shown = columns_of(results, (metric,) if isinstance(columns, str) else columns, good, bad, absent)
    tried = results.trials.select(results.axes).unique(maintain_order=True)
    there: list[cells.Case] = list(tried.iter_rows(named=True))
    cases = selection.in_grid_order(results, selection.kept(results.name, there, results.axes, where))
    tables = tables_of(results, cases, rows, columns, shown)
    metrics = [column.unit.words for column in shown.values()]
    headings = list(names_of(cases, columns).values()) if isinstance(columns, str) else metrics
    measured = metrics[0][:1].upper() + metrics[0][1:]
    what = f"{measured}, by {rows} and {columns}" if isinstance(columns, str) else ""
    if turned:
        names, what = without_ending(list(shown))
        headings = [
            name for name in names_of(cases, rows).values() if any(name in each.rows for each in tables)
        ]
        return _print(results, [each.turned(names, headings) for each in tables], what, headings, what)
    return _print(results, tables, rows.replace("_", " "), headings, what.replace("_", " "))


def _print(
    results: Results,
    tables: Sequence[Table],
    corner: str,
    headings: Sequence[str],
    what: str,
) -> Figure:
    names = [corner, *(name for table in tables for name in table.rows)]
    left = min(NAMES, max(text_width(name, SIZE) for name in names) + 0.15)
    half = (WIDTH - 2 * EDGE - GUTTER) / 2 - left
    beside = 2 if len(tables) > 1 and half / len(headings) >= NARROW else 1
    width = half if beside == 2 else WIDTH - 2 * EDGE - left
    layout = Layout(headings, left, min(WIDEST, width / len(headings)))
    held = cells.held([table.fixed for table in tables])
    abreast = [tables[n : n + beside] for n in range(0, len(tables), beside)]
    tall = [rows for some in abreast for rows in layout.heights(some)]
    most = [max(sum(rows) for rows in layout.heights(some)) for some in abreast]
    figure, axes = page(
        results.environment,
        _subtitle(tables, what, cells.words(held)),
        panels=len(tables),
        columns=beside,
        heights=[layout.head + rows for rows in most],
        left=left,
        gutter=GUTTER + left,
        right=0.0,
        foot=0.25,
    )
    for number, (drawn, table) in enumerate(zip(axes, tables, strict=True)):
        title = cells.words({axis: value for axis, value in table.fixed.items() if axis not in held})
        drawn.set_title(title, x=-left / width, pad=9.0)
        drawn.set_xlim(0, width)
        drawn.set_ylim(layout.head + most[number // beside], 0)
        drawn.set_axis_off()
        drawn.set(xticks=[], yticks=[])
        _name_table(drawn, layout, table, tall[number], corner)
        _fill_table(drawn, layout, table, tall[number])
    return figure


def _name_table(axes: Axes, layout: Layout, table: Table, heights: Sequence[float], corner: str) -> None:
    """Write the names of rows and columns, in a panel whose coordinates are inches from its upper left."""
    base = layout.head - PAD
    _write(axes, -layout.left, base - LINE / 2, [corner], SIZE, color=style.GREY)
    for number, name in enumerate(layout.columns):
        lines = layout.heading(name)
        _write(axes, number * layout.cell + PAD, base - LINE * len(lines) / 2, lines, SIZE, weight="bold")
    top = layout.head
    for name, tall in zip(table.rows, heights, strict=True):
        _write(axes, -layout.left, top + tall / 2, layout.name(name), SIZE)
        top += tall


def _fill_table(axes: Axes, layout: Layout, table: Table, heights: Sequence[float]) -> None:
    """Draw the cells; a row or a column that knows nothing, for one reason, is one long cell."""
    columns = silent(list(zip(*table.facts, strict=True)))
    rows = [] if len(columns) == len(layout.columns) else silent(table.facts)
    tops = [layout.head + sum(heights[:row]) for row in range(len(heights))]
    for row, facts in enumerate(table.facts):
        for column, fact in enumerate(facts):
            if fact is None or (column and row in rows) or (row and column in columns):
                continue
            tall = sum(heights) if column in columns else heights[row]
            across = len(facts) if row in rows else 1
            _draw_cell(axes, layout, fact, Box(column * layout.cell, tops[row], tall, across))


@dataclass(frozen=True, slots=True)
class Box:
    """Where a cell stands and how tall it is, in inches, and how many columns it takes."""

    x: float
    top: float
    tall: float
    across: int


def _draw_cell(axes: Axes, layout: Layout, fact: Fact, box: Box) -> None:
    """Fill a cell and write its sign, its words and its remark."""
    fill, ink = FILLS[fact.judgement]
    absent = fact.judgement == "absent"
    for how in (
        {"facecolor": fill, "edgecolor": style.BAND, "linewidth": 0, "hatch": "...." if absent else None},
        {"facecolor": "none", "edgecolor": "white", "linewidth": 2.0},
    ):
        label = "edge" if how["facecolor"] == "none" else fact.judgement or "fact"
        width = layout.cell * box.across
        axes.add_patch(Rectangle((box.x, box.top), width, box.tall, label=label, **how))  # type: ignore[arg-type]
    words, remark = layout.words(fact, box.across, box.tall), layout.remark(fact)
    sign = SIGNS.get(fact.judgement, "")
    middle = box.top + box.tall / 2 - BELOW * len(remark) / 2
    below = middle + (LINE * len(words) + BELOW * len(remark)) / 2
    start = box.x + PAD + (SIGN if sign else 0.0)
    _write(axes, box.x + PAD, middle, [sign] if sign else [], SIZE + 1, color=ink, weight="bold")
    _write(axes, start, middle, words, SIZE, color=ink, style="italic" if absent else "normal")
    _write(axes, start, below, remark, SMALL, step=BELOW, color=ink)


def _write(
    axes: Axes,
    x: float,
    middle: float,
    lines: Sequence[str],
    size: float,
    *,
    step: float = LINE,
    **how: Any,
) -> None:
    """Write lines about a middle, each on a baseline of its own: no letter moves the others."""
    for number, line in enumerate(lines):
        y = middle + (number - (len(lines) - 1) / 2) * step + 0.36 * size / 72
        axes.text(x, y, line, fontsize=size, va="baseline", **how)


def _subtitle(tables: Sequence[Table], what: str, kept: str) -> str:
    facts = [fact for table in tables for row in table.facts for fact in row if fact]
    judged = {fact.judgement for fact in facts}
    ranges, counts = (any(word in fact.remark for fact in facts) for word in (" to ", " of "))
    parts = [
        what,
        ", ".join(f"{sign} {judgement}" for judgement, sign in SIGNS.items() if judgement in judged),
        "numbers: the median over the rounds, and their range" if ranges else "",
        "where the rounds differ: what most of them said, and how many" if counts else "",
        "dotted: nothing that counts" if "absent" in judged else "",
    ]
    text = "; ".join(part for part in parts if part)
    return (f"{text[0].upper()}{text[1:]}." if text else "") + (f" All with {kept}." if kept else "")
