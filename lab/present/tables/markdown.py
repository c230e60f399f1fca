"""A table as Markdown, for a README or an issue."""

import re
from collections.abc import Sequence

from lab.present.tables.table import Cell, Table


def markdown(table: Table) -> str:
    """Return the table's lines, its notes below them; the title is left to the text around it."""
    rules = ["--:" if column.number else "---" for column in table.columns]
    rows = [[_plain(column.label) for column in table.columns], rules]
    rows += [[_words(cell) for cell in row] for row in table.rows]
    return "".join([*map(_line, rows), *(f"\n{_plain(note)}\n" for note in table.notes)])


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


def _words(cell: Cell) -> str:
    note = f"({cell.note})" if cell.note and (cell.text or cell.verdict) else cell.note
    return _plain(" ".join(filter(None, (cell.verdict, cell.text, note.replace("\n", "; ")))))


def _plain(text: str) -> str:
    """Return a text in one line, without markup but for the code between its backticks."""
    return re.sub(r"([\\|*<\[\]])", r"\\\1", " ".join(text.split()))
