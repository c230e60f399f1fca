"""The same cases in two results: what was measured here beside what was measured in the reference."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import polars as pl

from lab.core.words import digits
from lab.present.tables.cells import Row, amount, axis_columns, medians, spread
from lab.present.tables.results import cases_of, side_by_side
from lab.present.tables.table import Cell, Column, Table
from lab.present.units import Unit, unit_of
from lab.store.reading import Results

Pair = tuple[Row, Row]


def compared(
    results: Results,
    summary: pl.DataFrame,
    reference: tuple[Results, pl.DataFrame] | None,
    metrics: Collection[str],
) -> Table | None:
    """Return a row for each case and metric that both have; None without such, or where they are one.

    reference: the other results and their summary.
    """
    if reference is None:
        return None
    there, of_reference = reference
    copied = results.environment == there.environment and results.samples.equals(there.samples)
    if results.axes != there.axes or copied:
        return None
    pairs = _pairs(summary, of_reference, (*results.axes, "metric"), metrics)
    order = {key: rank for rank, key in enumerate(side_by_side(cases_of(results, summary), results.axes))}
    pairs.sort(key=lambda pair: order[tuple(pair[0][axis] for axis in results.axes)])
    return _table(pairs, results.axes) if pairs else None


def _pairs(
    here: pl.DataFrame, there: pl.DataFrame, names: Sequence[str], metrics: Collection[str]
) -> list[Pair]:
    others = {tuple(row[name] for name in names): row for row in there.to_dicts()}
    rows = here.filter(pl.col("metric").is_in(metrics)).to_dicts()
    pairs = [(row, others.get(tuple(row[name] for name in names))) for row in rows]
    return [(row, other) for row, other in pairs if other and None not in (row["median"], other["median"])]


def _table(pairs: Sequence[Pair], axes: Sequence[str]) -> Table:
    by_metric: dict[str, list[Row]] = {}
    for here, _ in pairs:
        by_metric.setdefault(here["metric"], []).append(here)
    units = {metric: unit_of(metric, medians(rows)) for metric, rows in by_metric.items()}
    several = len(units) > 1
    unit = "" if several else next(iter(units.values())).name
    columns = axis_columns(axes, [tuple(here[axis] for axis in axes) for here, _ in pairs])
    if several:
        labels = [Cell(units[here["metric"]].label, values=(here["metric"],)) for here, _ in pairs]
        columns.append((Column("metric", names=("metric",), axis=True), labels))
    for n, name in enumerate(("here", "reference")):
        column = Column(name, unit, (name, f"{name}_low", f"{name}_high"), number=True)
        columns.append((column, [_median(pair[n], units) for pair in pairs]))
    columns.append(
        (Column("here ÷ reference", "", ("ratio",), number=True), [_ratio(*pair) for pair in pairs])
    )
    for n, name in enumerate(("here", "there")):
        cells = [Cell(verdict=pair[n]["verdict"] or "") for pair in pairs]
        columns.append((Column(f"verdict {name}", names=(f"verdict_{name}",)), cells))
    return Table.of_columns("Beside the reference", columns)


def _median(row: Row, units: Mapping[str, Unit]) -> Cell:
    """Return a median with its interval below it, where there is one."""
    middle, ends = (make(row, units[row["metric"]]) for make in (amount, spread))
    return Cell(middle.text, ends.text, (*middle.values, *ends.values))


def _ratio(here: Row, there: Row) -> Cell:
    if not there["median"]:
        return Cell()
    ratio = here["median"] / there["median"]
    return Cell(f"{digits(ratio)}×", values=(ratio,))
