"""A table in the terminal: columns that do not fit side by side follow in a second table below."""

from collections.abc import Iterator, Sequence
from textwrap import fill

from rich.console import Console, Group, RenderableType
from rich.table import Table as RichTable
from rich.text import Text

from lab.core.verdicts import VERDICTS
from lab.present.tables.table import Cell, Table

STYLES = {"good": "green", "bad": "red", "open": "yellow", "none": ""}  # of a verdict's tone
WIDEST = 24  # text that is longer than this is wrapped where its column needs the room


def drawn(table: Table, width: int) -> Group:
    """Return the title, the columns in parts, each with those that name its rows, and the notes."""
    if not table.columns:
        return Group()
    headings = [_heading(table, index) for index in range(len(table.columns))]
    parts: list[RenderableType] = [Text(table.title, style="italic")] if table.title else []
    for number, indices in enumerate(_side_by_side(table, headings, width)):
        rich = RichTable(box=None, pad_edge=False, collapse_padding=True, show_header=any(headings))
        for index in indices:
            column = table.columns[index]
            fixed = column.number or column.axis
            rich.add_column(headings[index], justify="right" if column.number else "left", no_wrap=fixed)
        for row in table.rows:
            rich.add_row(*(_cell(row[index]) for index in indices))
        parts += ["", rich] if number else [rich]
    return Group(*parts, *(Text(note, style="italic") for note in table.notes))


def text(renderable: RenderableType, width: int) -> str:
    """Return what a terminal of that width shows, without colours."""
    console = Console(width=width, color_system=None, highlight=False, force_jupyter=False)
    with console.capture() as captured:
        console.print(renderable)
    return captured.get()


def _side_by_side(table: Table, headings: Sequence[str], width: int) -> Iterator[list[int]]:
    """Yield the columns of each part: as many as there is room for, after those that name the rows."""
    named = [index for index, column in enumerate(table.columns) if column.axis] or [0]
    full = [_width(table, index, heading) for index, heading in enumerate(headings)]
    widths = [1 + (each if index in named else min(WIDEST, each)) for index, each in enumerate(full)]
    room = width + 1 - sum(widths[index] for index in named)
    part: list[int] = []
    for index in (index for index in range(len(headings)) if index not in named):
        if part and sum(widths[each] for each in (*part, index)) > room:
            yield [*named, *part]
            part = []
        part.append(index)
    yield [*named, *part]


def _width(table: Table, index: int, heading: str = "") -> int:
    cells = [_cell(row[index]).plain for row in table.rows]
    return max(len(line) for words in (heading, *cells) for line in words.split("\n"))


def _heading(table: Table, index: int) -> str:
    """Return a column's heading, wrapped to the width of its cells, with its unit as the last line."""
    column = table.columns[index]
    longest = max(map(len, column.heading.split()), default=0)
    lines = fill(column.heading, max(1, longest, _width(table, index)), break_long_words=False)
    return "\n".join(filter(None, (lines, column.unit)))


def _cell(cell: Cell) -> Text:
    words = Text(cell.text, style="bold" if cell.strong else "")
    if cell.verdict:
        words = Text.assemble((cell.verdict, verdict_style(cell.verdict)), " " if cell.text else "", words)
    return Text("\n").join([words, *map(Text, filter(None, cell.note.split("\n")))])


def verdict_style(word: str) -> str:
    """Return the style of a verdict's word; plain for a word that is none."""
    return STYLES[VERDICTS[word].tone] if word in VERDICTS else ""
