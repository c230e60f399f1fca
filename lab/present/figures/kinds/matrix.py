"""Matrix: measured facts as a table of coloured cells with words; a sign repeats what the colour says."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from lab.analysis.stats.counterparts import agrees
from lab.analysis.stats.rounds import by_round
from lab.core.errors import LabError
from lab.core.figures import Picked
from lab.present.figures import page as pages
from lab.present.figures import selection, style
from lab.present.figures.facts import Fact, Facts
from lab.present.figures.page import legend, page, panel_size, text_width, wrapped
from lab.present.units import UNITS
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
Table = Mapping[str, Sequence[Fact | None]]  # row -> its facts by column; None where no case belongs


class Heading(NamedTuple):
    """A row or a column: its name, the value of an axis that it holds, and the metric that it shows."""

    name: str
    where: selection.Case
    metric: str


class Layout(NamedTuple):
    """The sizes that all tables share, in inches: of the rows' names, of a cell, and of each row."""

    left: float
    cell: float
    tall: Mapping[str, float]  # by the row's name; "" for the headings
    beside: int  # how many tables are beside each other


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
    """Return the table of a metric over two axes, or of several over one; LabError for an unknown name."""
    for axis in (rows, columns):
        if isinstance(axis, str):
            selection.check_axis(results, axis)
    names = next((side for side in (rows, columns) if not isinstance(side, str)), (metric,))
    if names == ("",):
        raise LabError("no metric to fill the cells with", where=results.name, remedy='write metric="..."')
    facts = Facts(results, names, good, bad, absent)
    cases = selection.kept(results, by_round(results).cases, where)
    words = [facts.units[name].words for name in names]
    row_names, ending = without_ending(names)
    down, across = _headings(rows, cases, row_names, names), _headings(columns, cases, words, names)
    free = [axis for axis in results.axes if axis not in (rows, columns)]
    groups = selection.grouped(cases, free, lambda case: case)
    tables = [_table(facts, inside, down, across) for _, inside in groups]
    corner, what = (rows, "") if isinstance(rows, str) else (ending, ending)
    if names == (metric,):
        what = f"{words[0]}, by {rows} and {columns}"
    heads = [corner.replace("_", " "), *(heading.name for heading in across)]
    layout = _layout(tables, heads)
    heights = [layout.tall[""] + sum(layout.tall[name] for name in table) for table in tables]
    sized = [(fixed, height) for (fixed, _), height in zip(groups, heights, strict=True)]
    subtitle = _subtitle(tables, what.replace("_", " "))
    figure = page(results, subtitle, sized, columns=layout.beside, left=layout.left)
    for axes, table in zip(figure.axes, tables, strict=True):
        _draw_table(axes, layout, heads, table)
    return figure


def without_ending(names: Sequence[str]) -> tuple[list[str], str]:
    """Return the names without the last word, if all have the same, and that word: "x_naive" -> "x".

    A unit is no word: of "x_known_s" the last word is "known".
    """
    unit = next((unit for unit in UNITS if all(name.endswith(unit) for name in names)), "")
    bare = [name.removesuffix(unit) for name in names]
    ending = bare[0].rpartition("_")[2]
    if len(names) < 2 or not all(name.endswith(f"_{ending}") for name in bare):
        return list(names), ""
    return [name.removesuffix(f"_{ending}") for name in bare], ending


def _headings(
    side: str | Sequence[str], cases: Sequence[selection.Case], names: Sequence[str], metrics: Sequence[str]
) -> list[Heading]:
    """Return the headings of an axis's values, a truth with its axis, or of metrics by these names."""
    if not isinstance(side, str):
        return [Heading(name, {}, metric) for name, metric in zip(names, metrics, strict=True)]
    values = selection.ordered(selection.values_of(cases, side))
    only = metrics[0] if len(metrics) == 1 else ""
    return [Heading(f"{side}={v}" if v in ("True", "False") else v, {side: v}, only) for v in values]


def _table(facts: Facts, cases: list[selection.Case], down: list[Heading], across: list[Heading]) -> Table:
    """Return the facts of these cases; a row without a fact is left out."""

    def fact_at(row: Heading, column: Heading) -> Fact | None:
        where, metric = {**row.where, **column.where}, row.metric or column.metric
        matching = [case for case in cases if agrees(case, where)]
        if not matching:
            return None
        return facts.of(
            max(matching, key=lambda case: None not in selection.key(case, list(where))), metric
        )

    table = {row.name: [fact_at(row, column) for column in across] for row in down}
    return {name: row for name, row in table.items() if any(row)}


def _layout(tables: Sequence[Table], heads: Sequence[str]) -> Layout:
    """Return the sizes of cells that hold their words."""
    names = [heads[0], *(name for table in tables for name in table)]
    left = min(NAMES, text_width(names, SIZE) + 0.15)
    widths = [pages.column_width(columns, left, 0.0, pages.COLUMN_GAP + left) for columns in (1, 2)]
    beside = 2 if len(tables) > 1 and widths[1] / (len(heads) - 1) >= NARROW else 1
    cell = min(WIDEST, widths[beside - 1] / (len(heads) - 1))
    lines = {name: LINE * len(wrapped(name, left - PAD, SIZE)) for name in names}
    for table in tables:
        for name, facts in table.items():
            texts = [_texts(fact, cell) for fact in facts if fact]
            needed = [LINE * len(words) + SMALL_LINE * len(remark) for words, remark in texts]
            lines[name] = max(lines[name], *needed)
    head = LINE * max(len(_head(name, cell)) for name in heads[1:]) + PAD
    return Layout(left, cell, {name: tall + 2 * PAD for name, tall in lines.items()} | {"": head}, beside)


def _head(name: str, cell: float) -> list[str]:
    """Return the lines of a column's heading, which is bold."""
    return wrapped(name, (cell - PAD) / pages.BOLD, SIZE)


def _texts(fact: Fact, width: float) -> tuple[list[str], list[str]]:
    """Return the lines of a fact's words and of its remark; a long reason for missing data is cut."""
    room = width - 2 * PAD - (SIGN if fact.judgement in SIGNS else 0.0)
    most = MOST if fact.judgement == "absent" else None
    return wrapped(fact.words, room, SIZE, most), wrapped(fact.remark, room, SMALL)


def _draw_table(axes: Axes, layout: Layout, heads: Sequence[str], table: Table) -> None:
    """Write the names of columns and rows, and draw the cells, in inches from the upper left."""
    left, cell, tall, _ = layout
    width, height = panel_size(axes)
    axes.set_title(axes.get_title("left"), loc="left", x=-left / width, pad=9.0)
    axes.set(xlim=(0, width), ylim=(height, 0), xticks=[], yticks=[])
    axes.set_axis_off()
    top = tall[""]
    _write(axes, -left, top - PAD - LINE / 2, [heads[0]], color=style.GREY)
    for column, head in enumerate(heads[1:]):
        lines = _head(head, cell)
        _write(axes, column * cell + PAD, top - PAD - LINE * len(lines) / 2, lines, weight="bold")
    for name, facts in table.items():
        _write(axes, -left, top + tall[name] / 2, wrapped(name, left - PAD, SIZE))
        for column, fact in enumerate(facts):
            if fact is not None:
                _draw_cell(axes, fact, column * cell, top, cell, tall[name])
        top += tall[name]


def _draw_cell(axes: Axes, fact: Fact, x: float, top: float, width: float, tall: float) -> None:
    fill, ink = FILLS[fact.judgement]
    how: dict[str, Any] = {"hatch": "//", "edgecolor": style.BAND} if fact.judgement == "absent" else {}
    label = fact.judgement or "fact"
    axes.add_patch(Rectangle((x, top), width, tall, facecolor=fill, linewidth=0, label=label, **how))
    edge = Rectangle((x, top), width, tall, fill=False, edgecolor="white", linewidth=2.0, label="edge")
    axes.add_patch(edge)
    words, remark = _texts(fact, width)
    middle = top + (tall - SMALL_LINE * len(remark)) / 2
    if fact.judgement in SIGNS:
        _write(axes, x + PAD, middle, [SIGNS[fact.judgement]], size=SIZE + 1, color=ink, weight="bold")
        x += SIGN
    _write(axes, x + PAD, middle, words, color=ink, style="italic" if how else "normal")
    below = middle + (LINE * len(words) + SMALL_LINE * len(remark)) / 2
    _write(axes, x + PAD, below, remark, size=SMALL, color=ink)


def _write(axes: Axes, x: float, middle: float, lines: list[str], size: float = SIZE, **how: Any) -> None:
    """Write lines about a middle, each on a baseline of its own: no letter moves the others."""
    for number, line in enumerate(lines):
        y = middle + (number - (len(lines) - 1) / 2) * size * SPACING / 72 + 0.36 * size / 72
        axes.text(x, y, line, fontsize=size, va="baseline", **how)


def _subtitle(tables: Sequence[Table], what: str) -> str:
    facts = [fact for table in tables for row in table.values() for fact in row if fact]
    judged = {fact.judgement for fact in facts}
    signs = [f"{sign} {judgement}" for judgement, sign in SIGNS.items() if judgement in judged]
    ranges, counts = (any(word in fact.remark for fact in facts) for word in (" to ", " of "))
    return legend("matrix", absent="absent" in judged, what=what, signs=signs, ranges=ranges, counts=counts)
