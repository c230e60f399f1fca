"""A table for elsewhere: as CSV, with exact values, and as Markdown, for a README or an issue."""

import csv
import re
from io import StringIO

from lab.present.tables.table import Cell, Table, exactly


def as_csv(table: Table) -> str:
    """Return the table with a heading for each value: makespan_s, then makespan_low_s, makespan_high_s."""
    file = StringIO()
    writer = csv.writer(file, lineterminator="\n")
    names = [column.names or (column.heading,) for column in table.columns]
    writer.writerow([name for some in names for name in some])
    for row in table.rows:
        cells = zip(row, names, strict=True)
        writer.writerow([value for cell, some in cells for value in _values(cell, len(some))])
    return file.getvalue()


def _values(cell: Cell, number: int) -> list[str]:
    values = [exactly(value) for value in cell.values] or [cell.verdict or cell.text]
    return [*values, *[""] * (number - len(values))]


def markdown(table: Table) -> str:
    """Return the table's lines, its notes below them; the title is left to the text around it."""
    rules = ["--:" if column.number else "---" for column in table.columns]
    rows = [[_plain(column.label) for column in table.columns], rules]
    rows += [[_words(cell) for cell in row] for row in table.rows]
    lines = [f"| {' | '.join(cells)} |\n" for cells in rows]
    return "".join([*lines, *(f"\n{_plain(note)}\n" for note in table.notes)])


def _words(cell: Cell) -> str:
    note = f"({cell.note})" if cell.note and (cell.text or cell.verdict) else cell.note
    return _plain(" ".join(filter(None, (cell.verdict, cell.text, note.replace("\n", "; ")))))


def _plain(text: str) -> str:
    """Return a text in one line, without markup but for the code between its backticks."""
    return re.sub(r"([\\|*<\[\]])", r"\\\1", " ".join(text.split()))
