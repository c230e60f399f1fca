"""Rows of the summary → the cells of a table; each makes one cell of one row."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from lab.core.words import multiple
from lab.present.figures.selection import row_axis
from lab.present.tables.table import Cell, Column
from lab.present.units import Unit

Row = Mapping[str, Any]
Case = Mapping[str, Row]  # a case: metric -> its row of the summary, which has the case's axes
Make = tuple[Column, Callable[[Case], Cell]]  # a column, and what makes its cell of each case


def by_case(summary: pl.DataFrame, axes: Sequence[str]) -> list[dict[str, Row]]:
    """Return the summary's cases, in its order; each has a row for each metric, if one without a median."""
    cases: dict[tuple[str | None, ...], dict[str, Row]] = {}
    for row in summary.to_dicts():
        cases.setdefault(tuple(row[axis] for axis in axes), {})[row["metric"]] = row
    return list(cases.values())


def axis_of(axis: str, case: Case) -> str | None:
    """Return a case's value on an axis; None where the axis means nothing to it."""
    value: str | None = next(iter(case.values()))[axis]
    return value


def axis_column(axis: str) -> Make:
    """Return the column of an axis."""
    return Column(axis, names=(axis,), axis=True), lambda case: Cell(axis_of(axis, case) or "")


def number(heading: str, unit: str, *names: str) -> Column:
    """Return a column of numbers, with the names of a cell's values in CSV."""
    return Column(heading, unit, names, number=True)


def of(key: str, column: Column, cell: Callable[[Row], Cell]) -> Make:
    """Return a column whose cells are made of one row of each case, that of a metric."""
    return column, lambda case: cell(case[key])


def side_by_side(cases: Sequence[Case], axes: Sequence[str]) -> list[Case]:
    """Return the cases so ordered that those which differ in their model alone are neighbours."""
    fixed = [axis for axis in axes if axis != row_axis(axes)]
    orders = [list(dict.fromkeys([None, *(axis_of(axis, case) for case in cases)])) for axis in fixed]
    ranked = list(zip(fixed, orders, strict=True))
    return sorted(cases, key=lambda case: [order.index(axis_of(axis, case)) for axis, order in ranked])


def medians(cases: Iterable[Case], metric: str) -> list[float]:
    """Return the medians that there are of a metric."""
    return [case[metric]["median"] for case in cases if case[metric]["median"] is not None]


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


def quotient(above: float | None, below: float | None) -> Cell:
    """Return how many times as much one number is; blank where one is not known, or there is none below."""
    if above is None or not below:
        return Cell()
    return Cell(multiple(above / below), values=(above / below,))


def verdict(row: Row) -> Cell:
    """Return the verdict, and how many trials do not count."""
    void = f"{row['void']} void" if row["void"] and row["verdict"] != "void" else ""
    return Cell(note=void, verdict=row["verdict"] or ("skipped" if skipped(row) else ""))


def skipped(row: Row) -> bool:
    """Return whether no trial of a case gave a number, and none failed."""
    return not row["rounds"] and not row["void"]
