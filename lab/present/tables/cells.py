"""A row of the summary → the cells of a table; None, for a case without such a row, is a blank cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from lab.core.words import digits, interval
from lab.present.tables.table import Cell, Column
from lab.present.units import Unit

Row = Mapping[str, Any]
Key = tuple[Any, ...]
"""The values of a case's axes."""
Columns = list[tuple[Column, list[Cell]]]


def medians(rows: Iterable[Row | None]) -> list[float]:
    """Return the medians that there are."""
    return [row["median"] for row in rows if row and row["median"] is not None]


def axis_columns(axes: Sequence[str], cases: Sequence[Key]) -> Columns:
    """Return a column for each axis, with its value in each case."""
    return [
        (
            Column(axis, names=(axis,), axis=True),
            [Cell("" if key[n] is None else str(key[n])) for key in cases],
        )
        for n, axis in enumerate(axes)
    ]


def amount(row: Row | None, unit: Unit) -> Cell:
    """Return a median in its column's unit."""
    if row is None or row["median"] is None:
        return Cell()
    return Cell(unit.digits(row["median"]), values=(row["median"],))


def spread(row: Row | None, unit: Unit) -> Cell:
    """Return a median's interval in its column's unit."""
    if row is None or row["low"] is None or row["median"] is None:
        return Cell()
    low, high = (unit.digits(row[end]) for end in ("low", "high"))
    return Cell(f"{low} to {high}" if "-" in low else f"{low}-{high}", values=(row["low"], row["high"]))


def visible_spread(row: Row, unit: Unit) -> str:
    """Return an interval as a note, or nothing where its ends read alike."""
    alike = row["low"] is None or unit.digits(row["low"]) == unit.digits(row["high"])
    return "" if alike else spread(row, unit).text


def multiple(row: Row | None, name: str) -> Cell:
    """Return a column of the summary that is a ratio, with its interval where it has one to show."""
    if row is None or not row[name] or (name == "ratio" and row["verdict"] == "baseline"):
        return Cell()
    if name == "speedup" or row[f"{name}_low"] is None:
        return Cell(f"{digits(row[name])}×", values=(row[name],))
    values = (row[name], row[f"{name}_low"], row[f"{name}_high"])
    return Cell(interval(*values, unit="×"), values=values)


def verdict(row: Row | None) -> Cell:
    """Return the verdict, and how many trials do not count."""
    if row is None:
        return Cell()
    void = f"{row['void']} void" if row["void"] and row["verdict"] != "void" else ""
    skipped = "skipped" if not row["rounds"] and not row["void"] else ""
    return Cell(note=void, verdict=row["verdict"] or skipped)


def of_limit(row: Row | None) -> Cell:
    """Return a makespan as a multiple of its lower bound."""
    if row is None or not row["limit"] or not row["median"]:
        return Cell()
    share = row["median"] / row["limit"]
    return Cell(f"{digits(share)}×", values=(share,))
