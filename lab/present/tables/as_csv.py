"""A table as CSV: exact values, in the metrics' own units, a column each."""

import csv
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
