"""A row of the summary → the cells of a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from lab.core.words import multiple
from lab.present.tables.table import Cell, Column
from lab.present.units import Unit

Row = Mapping[str, Any]
Rows = Mapping[str, Sequence[Row]]
"""Metric -> its row for each case: the summary has one for each of both, if perhaps without a median."""
Columns = list[tuple[Column, list[Cell]]]


def medians(rows: Iterable[Row]) -> list[float]:
    """Return the medians that there are."""
    return [row["median"] for row in rows if row["median"] is not None]


def axis_columns(axes: Iterable[str], rows: Sequence[Row]) -> Columns:
    """Return a column for each axis, with its value in each row."""
    return [
        (
            Column(axis, names=(axis,), axis=True),
            [Cell("" if row[axis] is None else str(row[axis])) for row in rows],
        )
        for axis in axes
    ]


def amount(row: Row, unit: Unit) -> Cell:
    """Return a median in its column's unit."""
    return Cell() if row["median"] is None else Cell(unit.digits(row["median"]), values=(row["median"],))


def spread(row: Row, unit: Unit) -> Cell:
    """Return a median's interval in its column's unit."""
    if row["low"] is None or row["median"] is None:
        return Cell()
    low, high = (unit.digits(row[end]) for end in ("low", "high"))
    return Cell(f"{low} to {high}" if "-" in low else f"{low}-{high}", values=(row["low"], row["high"]))


def ratio(row: Row, *names: str) -> Cell:
    """Return a ratio of the summary, of which these are its columns, with its interval where it has one."""
    values = [row[name] for name in names if row[name] is not None]
    compared = values and not (names[0] == "ratio" and row["verdict"] == "baseline")
    return Cell(multiple(*values), values=tuple(values)) if compared else Cell()


def verdict(row: Row) -> Cell:
    """Return the verdict, and how many trials do not count."""
    void = f"{row['void']} void" if row["void"] and row["verdict"] != "void" else ""
    return Cell(note=void, verdict=row["verdict"] or ("skipped" if skipped(row) else ""))


def skipped(row: Row) -> bool:
    """Return whether no trial of a case gave a number, and none failed."""
    return not row["rounds"] and not row["void"]


def of_limit(row: Row) -> Cell:
    """Return a makespan as a multiple of its lower bound."""
    share = row["median"] / row["limit"] if row["limit"] and row["median"] else None
    return Cell() if share is None else Cell(multiple(share), values=(share,))
