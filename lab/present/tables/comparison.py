"""The same cases in two results: what was measured here beside what was measured in the reference."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import polars as pl

from lab.core.words import multiple
from lab.present.tables.cells import Row, amount, axis_columns, medians, spread
from lab.present.tables.results import side_by_side
from lab.present.tables.table import Cell, Column, Table
from lab.present.units import Unit, unit_of
from lab.store.reading import Results

Measured = tuple[Results, pl.DataFrame]
"""A result and its summary."""


def compared(here: Measured, there: Measured | None, metrics: Collection[str]) -> Table | None:
    """Return a row for each case and metric that both have; None without such, or where they are one."""
    if there is None or here[0].axes != there[0].axes:
        return None
    if here[0].environment == there[0].environment and here[0].samples.equals(there[0].samples):
        return None
    axes = here[0].axes
    mine, theirs = (
        {tuple(row[name] for name in (*axes, "metric")): row for row in summary.to_dicts()}
        for _, summary in (here, there)
    )
    pairs = [(row, theirs[key]) for key, row in mine.items() if key in theirs and row["metric"] in metrics]
    pairs = [pair for pair in pairs if None not in (pair[0]["median"], pair[1]["median"])]
    order = side_by_side([row for row, _ in pairs], axes)
    return _table(axes, [pairs[index] for index in order]) if pairs else None


def _table(axes: Sequence[str], pairs: Sequence[tuple[Row, Row]]) -> Table:
    mine = [here for here, _ in pairs]
    units = {
        row["metric"]: unit_of(row["metric"], medians(r for r in mine if r["metric"] == row["metric"]))
        for row in mine
    }
    columns = axis_columns(axes, mine)
    unit = next(iter(units.values())).name
    if len(units) > 1:
        unit, labels = "", [Cell(units[row["metric"]].label, values=(row["metric"],)) for row in mine]
        columns.append((Column("metric", names=("metric",), axis=True), labels))
    for n, name in enumerate(("here", "reference")):
        column = Column(name, unit, (name, f"{name}_low", f"{name}_high"), number=True)
        columns.append((column, [_median(pair[n], units) for pair in pairs]))
    columns.append(
        (Column("here ÷ reference", "", ("ratio",), number=True), [_ratio(*pair) for pair in pairs])
    )
    for n, name in enumerate(("here", "there")):
        cells = [Cell(verdict=pair[n]["verdict"]) for pair in pairs]
        columns.append((Column(f"verdict {name}", "", (f"verdict_{name}",)), cells))
    return Table.of_columns("Beside the reference", columns)


def _median(row: Row, units: Mapping[str, Unit]) -> Cell:
    """Return a median with its interval below it, where there is one."""
    middle, ends = (make(row, units[row["metric"]]) for make in (amount, spread))
    return Cell(middle.text, ends.text, (*middle.values, *ends.values))


def _ratio(here: Row, there: Row) -> Cell:
    ratio = here["median"] / there["median"] if there["median"] else None
    return Cell() if ratio is None else Cell(multiple(ratio), values=(ratio,))
