"""The same cases in two results: what was measured here beside what was measured in the reference."""

from collections.abc import Collection, Sequence

import polars as pl

from lab.present.tables.cells import Case, Columns, amount, axis_columns, quotient, side_by_side, spread
from lab.present.tables.table import Cell, Column, Table
from lab.present.units import unit_of
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
    both = [{"here": row, "reference": theirs[key]} for key, row in mine.items() if key in theirs]
    pairs = [
        pair
        for pair in both
        if pair["here"]["metric"] in metrics and None not in (row["median"] for row in pair.values())
    ]
    if not pairs:
        return None
    columns = [*axis_columns(axes), *_columns(pairs)]
    return Table.of("Beside the reference", side_by_side(pairs, axes), columns)


def _columns(pairs: Sequence[Case]) -> Columns:
    """Return the columns of pairs of rows: the metric if there are several, numbers, and verdicts."""
    medians: dict[str, list[float]] = {}
    for pair in pairs:
        medians.setdefault(pair["here"]["metric"], []).append(pair["here"]["median"])
    units = {metric: unit_of(metric, values) for metric, values in medians.items()}
    unit = next(iter(units.values())).name if len(units) == 1 else ""

    def label(pair: Case) -> Cell:
        metric = pair["here"]["metric"]
        return Cell(units[metric].label, values=(metric,)) if len(units) > 1 else Cell()

    def median(pair: Case, name: str) -> Cell:
        middle, ends = (make(pair[name], units[pair[name]["metric"]]) for make in (amount, spread))
        return Cell(middle.text, ends.text, (*middle.values, *ends.values))

    def ratio(pair: Case) -> Cell:
        return quotient(pair["here"]["median"], pair["reference"]["median"])

    names = {name: (name, f"{name}_low", f"{name}_high") for name in ("here", "reference")}
    return [
        (Column("metric", names=("metric",), axis=True), label),
        (Column("here", unit, names["here"], number=True), lambda pair: median(pair, "here")),
        (
            Column("reference", unit, names["reference"], number=True),
            lambda pair: median(pair, "reference"),
        ),
        (Column("here ÷ reference", "", ("ratio",), number=True), ratio),
        (Column("verdict here", "", ("verdict_here",)), lambda pair: Cell(verdict=pair["here"]["verdict"])),
        (
            Column("verdict there", "", ("verdict_there",)),
            lambda pair: Cell(verdict=pair["reference"]["verdict"]),
        ),
    ]
