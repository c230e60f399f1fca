"""The same cases in two results: what was measured here beside what was measured in the reference."""

from collections import defaultdict
from collections.abc import Collection, Sequence

import polars as pl

from lab.present.tables import cells
from lab.present.tables.cells import Case, Make, Row, number, of
from lab.present.tables.table import Cell, Column, Table
from lab.present.units import unit_of
from lab.store.reading import Results

Measured = tuple[Results, pl.DataFrame]  # a result and its summary


def compared(here: Measured, there: Measured | None, metrics: Collection[str]) -> Table | None:
    """Return a row for each case and metric that both have; None without such, or where they are one."""
    if there is None or here[0].axes != there[0].axes:
        return None
    if here[0].environment == there[0].environment and here[0].samples.equals(there[0].samples):
        return None
    axes = here[0].axes
    known = (summary.filter(pl.col("median").is_not_null()).to_dicts() for _, summary in (here, there))
    mine, theirs = ({tuple(row[name] for name in (*axes, "metric")): row for row in rows} for rows in known)
    both = [{"here": row, "reference": theirs[key]} for key, row in mine.items() if key in theirs]
    pairs = cells.side_by_side([pair for pair in both if pair["here"]["metric"] in metrics], axes)
    if not pairs:
        return None
    return Table.of("Beside the reference", pairs, [*map(cells.axis_column, axes), *_columns(pairs)])


def _columns(pairs: Sequence[Case]) -> list[Make]:
    """Return the columns of pairs of rows: the metric if there are several, numbers, and verdicts."""
    medians = defaultdict(list)
    for pair in pairs:
        medians[pair["here"]["metric"]].append(pair["here"]["median"])
    units = {metric: unit_of(metric, values) for metric, values in medians.items()}
    unit = next(iter(units.values())).name if len(units) == 1 else ""

    def label(row: Row) -> Cell:
        metric = row["metric"]
        return Cell(units[metric].label, values=(metric,)) if len(units) > 1 else Cell()

    def median(row: Row) -> Cell:
        middle, ends = (make(row, units[row["metric"]]) for make in (cells.amount, cells.spread))
        return Cell(middle.text, ends.text, (*middle.values, *ends.values))

    def ratio(pair: Case) -> Cell:
        return cells.quotient(pair["here"]["median"], pair["reference"]["median"])

    def verdict(row: Row) -> Cell:
        return Cell(verdict=row["verdict"])

    return [
        of("here", Column("metric", names=("metric",), axis=True), label),
        of("here", number("here", unit, "here", "here_low", "here_high"), median),
        of("reference", number("reference", unit, "reference", "reference_low", "reference_high"), median),
        (number("here ÷ reference", "", "ratio"), ratio),
        of("here", Column("verdict here", names=("verdict_here",)), verdict),
        of("reference", Column("verdict there", names=("verdict_there",)), verdict),
    ]
