"""Matrix: measured facts as a table of coloured cells with words; the sign says what the colour does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from lab.core import LabError
from lab.declare import Picked
from lab.figures import cells, picking, style
from lab.figures.facts import Column, Fact, columns_of, fact
from lab.figures.page import CHARACTER, EDGE, WIDTH, page, text_width

if TYPE_CHECKING:
    from lab.store.reading import Results

SIZE, SMALL = 8.5, 7.0  # points: a cell's words, and a remark
LINE, BELOW, PAD = 0.155, 0.13, 0.07  # inches: a line of words, of a remark, and the room about them
SIGN = 0.17  # inches: the room for a cell's sign
FILLS = {
    "good": ("#dbeee6", style.INK, "✓"),
    "mixed": ("#f1c684", style.INK, "~"),
    "bad": ("#a8442a", "#ffffff", "✗"),
    "": ("#f2f3f4", style.INK, ""),
    "absent": ("#ffffff", style.GREY, ""),
}
WIDEST, NAMES, GUTTER = 2.6, 1.9, 0.4  # inches: of a cell, of the rows' names, and from panel to panel
SIDE_BY_SIDE = 1.15  # inches: the narrowest cell of two panels beside each other


@dataclass(frozen=True, slots=True)
class Table:
    """One panel: the axes it holds fixed, and its cells, row by row; None where no case belongs."""

    fixed: cells.Case
    facts: Sequence[Sequence[Fact | None]]


@dataclass(frozen=True, slots=True)
class Layout:
    """The names of rows and columns, wrapped, and the widths that all panels share, in inches."""

    corner: str
    rows: Sequence[str]
    columns: Sequence[str]
    left: float
    cell: float

    def lines(self, text: str, size: float, width: float) -> list[str]:
        """Return a text wrapped to a width."""
        return wrap(text, max(4, int(width / (size * CHARACTER)))) or [""]

    @property
    def head(self) -> float:
        """Return the height of the columns' names."""
        return LINE * max(len(self.lines(name, SIZE, self.cell - PAD)) for name in self.columns) + PAD

    def words(self, fact: Fact) -> list[str]:
        """Return a cell's words, wrapped."""
        return self.lines(
            fact.words, SIZE, self.cell - 2 * PAD - (SIGN if FILLS[fact.judgement][2] else 0.0)
        )

    def remark(self, fact: Fact) -> list[str]:
        """Return a cell's remark, wrapped; nothing where there is none."""
        return self.lines(fact.remark, SMALL, self.cell - 2 * PAD) if fact.remark else []

    def height(self, name: str, facts: Sequence[Fact | None]) -> float:
        """Return how tall a row is."""
        tall = [LINE * len(self.lines(name, SIZE, self.left - 0.1))]
        tall += [LINE * len(self.words(f)) + BELOW * len(self.remark(f)) for f in facts if f is not None]
        return max(tall) + 2 * PAD

    def heights(self, table: Table) -> list[float]:
        """Return how tall each row of a table is."""
        return [self.height(name, facts) for name, facts in zip(self.rows, table.facts, strict=True)]


def draw(
    results: Results,
    summary: pl.DataFrame,  # noqa: ARG001
    rows: str,
    columns: str | tuple[str, ...],
    metric: str = "",
    good: tuple[str, ...] = (),
    bad: tuple[str, ...] = (),
    **where: Picked,
) -> Figure:
    """Return the table of a metric over two axes, or of several metrics over one.

    Raises LabError where the results have no such axis, value or metric.
    """
    axes = (rows, columns) if isinstance(columns, str) else (rows,)
    for axis in axes:
        picking.check_axis(results.name, axis, results.axes)
    if isinstance(columns, str) and not metric:
        raise LabError("no metric to fill the cells", where=results.name, remedy='write metric="..."')
    shown = columns_of(results, (metric,) if isinstance(columns, str) else columns, good, bad)
    cases = [
        dict(case)
        for case in results.trials.select(results.axes).unique(maintain_order=True).rows(named=True)
    ]
    cases = picking.in_grid_order(results, picking.kept(results.name, cases, results.axes, where))
    names = cells.values_of(cases, rows)
    across = cells.values_of(cases, columns) if isinstance(columns, str) else list(columns)
    tables = [
        Table(fixed, [[_cell(results, cases, {**fixed, rows: row}, columns, one, shown) for one in across] for row in names])
        for fixed in cells.panels(cases, [axis for axis in results.axes if axis not in axes])
    ]  # fmt: skip
    headings = across if isinstance(columns, str) else [column.unit.words for column in shown.values()]
    return _print(results, tables, rows, names, headings, columns, shown)


def _cell(
    results: Results,
    cases: Sequence[cells.Case],
    place: cells.Case,
    columns: str | tuple[str, ...],
    column: str,
    shown: Mapping[str, Column],
) -> Fact | None:
    """Return what stands in a column of a row: an axis's value, or a metric."""
    if isinstance(columns, str):
        place = {**place, columns: column}
    matching = [case for case in cases if cells.matches(case, place)]
    exact = [case for case in matching if all(case[axis] == value for axis, value in place.items())]
    found = next(iter(exact or matching), None)
    metric = next(iter(shown.values())) if isinstance(columns, str) else shown[column]
    return None if found is None else fact(results, found, metric)


def _print(
    results: Results,
    tables: Sequence[Table],
    rows: str,
    names: Sequence[str],
    headings: Sequence[str],
    columns: str | tuple[str, ...],
    shown: Mapping[str, Column],
) -> Figure:
    corner = rows.replace("_", " ")
    left = min(NAMES, max(text_width(name, SIZE) for name in (corner, *names)) + 0.15)
    double = (WIDTH - 2 * EDGE - GUTTER) / 2 - left
    beside = 2 if len(tables) > 1 and double / len(headings) >= SIDE_BY_SIDE else 1
    width = double if beside == 2 else WIDTH - 2 * EDGE - left
    layout = Layout(corner, names, headings, left, min(WIDEST, width / len(headings)))
    held = cells.held([table.fixed for table in tables])
    tall = [layout.head + sum(layout.heights(table)) for table in tables]
    figure, axes = page(
        results.environment,
        _subtitle(tables, columns, shown, cells.words(held)),
        panels=len(tables),
        columns=beside,
        heights=[max(tall[n : n + beside]) for n in range(0, len(tables), beside)],
        left=left,
        gutter=GUTTER + left,
        right=0.0,
    )
    for number, (drawn, table) in enumerate(zip(axes, tables, strict=True)):
        drawn.set_title(
            cells.words({axis: value for axis, value in table.fixed.items() if axis not in held}),
            x=-left / (width if beside == 1 else width),
        )
        _draw_table(drawn, layout, table, width, max(tall[number - number % beside :][:beside]))
    return figure


def _draw_table(axes: Axes, layout: Layout, table: Table, width: float, height: float) -> None:
    """Draw a table in a panel whose coordinates are inches from its upper left."""
    axes.set_xlim(0, width)
    axes.set_ylim(height, 0)
    axes.axis("off")
    _write(axes, -layout.left, layout.head - PAD, [layout.corner], SMALL, color=style.GREY, va="bottom")
    for number, name in enumerate(layout.columns):
        lines = layout.lines(name, SIZE, layout.cell - PAD)
        _write(axes, number * layout.cell + PAD, layout.head - PAD, lines, SIZE, weight="bold", va="bottom")
    top = layout.head
    for name, facts, tall in zip(layout.rows, table.facts, layout.heights(table), strict=True):
        lines = layout.lines(name, SIZE, layout.left - 0.1)
        _write(axes, -layout.left, top + tall / 2, lines, SIZE, va="center")
        for number, one in enumerate(facts):
            if one is not None:
                _draw_cell(axes, layout, one, (number * layout.cell, top, tall))
        top += tall


def _draw_cell(axes: Axes, layout: Layout, fact: Fact, box: tuple[float, float, float]) -> None:
    x, top, tall = box
    fill, ink, sign = FILLS[fact.judgement]
    hatch = (
        {"hatch": "....", "edgecolor": style.BAND} if fact.judgement == "absent" else {"edgecolor": "white"}
    )
    axes.add_patch(
        Rectangle((x, top), layout.cell, tall, facecolor=fill, label=fact.judgement or "fact", **hatch)
    )
    axes.add_patch(Rectangle((x, top), layout.cell, tall, fill=False, edgecolor="white", linewidth=2.0))
    words, remark = layout.words(fact), layout.remark(fact)
    middle = top + tall / 2 - BELOW * len(remark) / 2
    if sign:
        _write(axes, x + PAD, middle, [sign], SIZE + 1, color=ink, weight="bold", va="center")
    absent = {"style": "italic"} if fact.judgement == "absent" else {}
    _write(axes, x + PAD + (SIGN if sign else 0.0), middle, words, SIZE, color=ink, va="center", **absent)
    if remark:
        below = middle + LINE * len(words) / 2 + BELOW * len(remark) / 2
        _write(axes, x + PAD + (SIGN if sign else 0.0), below, remark, SMALL, color=ink, va="center")


def _write(axes: Axes, x: float, y: float, lines: Sequence[str], size: float, **how: str) -> None:
    axes.text(x, y, "\n".join(lines), fontsize=size, linespacing=1.15, **how)  # type: ignore[arg-type]


def _subtitle(
    tables: Sequence[Table], columns: str | tuple[str, ...], shown: Mapping[str, Column], kept: str
) -> str:
    facts = [fact for table in tables for row in table.facts for fact in row if fact]
    judged = {fact.judgement for fact in facts}
    signs = {"good": "✓ good", "mixed": "~ mixed", "bad": "✗ bad"}
    what = (
        f"{next(iter(shown.values())).unit.words.capitalize()} by {columns.replace('_', ' ')}. "
        if isinstance(columns, str)
        else ""
    )
    parts = [
        ", ".join(words for judgement, words in signs.items() if judgement in judged),
        "numbers: the median over the rounds, and their range" if any(" to " in f.remark for f in facts) else "",
        "where rounds differ: what most of them said, and how many" if any(" of " in f.remark for f in facts) else "",
        "dotted: no number" if "absent" in judged else "",
    ]  # fmt: skip
    text = "; ".join(part for part in parts if part)
    return what + (f"{text[0].upper()}{text[1:]}." if text else "") + (f" All with {kept}." if kept else "")
