"""A result's tables: makespans and costs of a workload's cases, or every metric of another experiment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from lab.core.words import many
from lab.present.figures.cells import matches, panels, row_axis, words
from lab.present.tables.cells import (
    Columns,
    Key,
    Row,
    amount,
    axis_columns,
    medians,
    multiple,
    of_limit,
    spread,
    verdict,
)
from lab.present.tables.measured import measured
from lab.present.tables.table import Cell, Column, Table
from lab.present.units import unit_of
from lab.store.reading import Results

COSTS = {
    "start_up_s": "start-up",
    "first_batch_s": "first batch",
    "shutdown_s": "shutdown",
    "cpu_s": "CPU time",
    "cores_busy": "cores busy",
    "peak_memory_bytes": "peak memory",
    "asked_in_flight": "asked",
    "peak_in_flight": "in flight",
    "server_peak_in_flight": "server saw",
}
MOST = 12
"""So many metrics fit in a terminal; the others are in samples.csv."""


def tables(results: Results, summary: pl.DataFrame) -> list[Table]:
    """Return makespans and costs, for a workload; else one table of all that was measured; a row a case."""
    cases, rows = cases_of(results, summary), _rows(results, summary)
    if not _has_makespans(results, cases, rows):
        return [measured(results, summary, cases, rows)]
    return _of_workload(results, results.axes, side_by_side(cases, results.axes), rows, "")


def narrow_tables(results: Results, summary: pl.DataFrame) -> list[Table]:
    """Return the same for a terminal: a workload's cases in parts, or the first of all other metrics.

    A part has the cases that are alike but for their model, and its title says which they are.
    """
    cases, rows = cases_of(results, summary), _rows(results, summary)
    if not _has_makespans(results, cases, rows):
        return [_first(measured(results, summary, cases, rows), len(results.axes) + MOST)]
    shown = row_axis(results.axes)
    fixed = [axis for axis in results.axes if axis != shown]
    named = [dict(zip(results.axes, key, strict=True)) for key in cases]
    return [
        table
        for panel in panels(named, fixed)
        for table in _of_workload(
            results,
            (shown,) if shown else (),
            [key for key, case in zip(cases, named, strict=True) if matches(case, panel)],
            rows,
            f" at {words(panel)}" if words(panel) else "",
        )
    ]


def cases_of(results: Results, summary: pl.DataFrame) -> list[Key]:
    """Return the values of the axes of every case, in the summary's order."""
    return list(summary.select(results.axes).unique(maintain_order=True).rows()) if results.axes else [()]


def side_by_side(cases: Sequence[Key], axes: Sequence[str]) -> list[Key]:
    """Return the cases in an order in which those that differ in their model alone stand together."""
    fixed = [index for index, axis in enumerate(axes) if axis != row_axis(axes)]
    orders = {n: list(dict.fromkeys(key[n] for key in cases if key[n] is not None)) for n in fixed}
    ranks = {n: {value: rank for rank, value in enumerate(order)} for n, order in orders.items()}
    return sorted(cases, key=lambda key: [ranks[n].get(key[n], -1) for n in fixed])


def _rows(results: Results, summary: pl.DataFrame) -> dict[Key, Row]:
    """Return the summary's rows by the case's key and the metric."""
    return {(*(row[axis] for axis in results.axes), row["metric"]): row for row in summary.to_dicts()}


def _has_makespans(results: Results, cases: Sequence[Key], rows: Mapping[Key, Row]) -> bool:
    """Return whether the experiment ran a workload: one with a `measure` has no times of tasks."""
    return "service_s" in results.samples.columns and any((*key, "makespan_s") in rows for key in cases)


def _of_workload(
    results: Results, axes: Sequence[str], cases: Sequence[Key], rows: Mapping[Key, Row], where: str
) -> list[Table]:
    """Return two tables of these cases, whose rows are named by `axes`; `where` ends their titles."""
    named = [pair for pair in axis_columns(results.axes, cases) if pair[0].heading in axes]
    return [
        Table.of_columns(f"Makespans{where}", [*named, *_makespans(results, cases, rows)]),
        Table.of_columns(f"Costs{where}", [*named, *_costs(results, cases, rows)]),
    ]


def _makespans(results: Results, cases: Sequence[Key], rows: Mapping[Key, Row]) -> Columns:
    mine = [rows.get((*key, "makespan_s")) for key in cases]
    unit, baseline = unit_of("makespan_s", medians(mine)), results.environment["experiment"]["baseline"]

    def column(heading: str, *names: str, unit: str = "") -> Column:
        return Column(heading, unit, names, number=True)

    return [
        (column("makespan", "makespan_s", unit=unit.name), [amount(row, unit) for row in mine]),
        (
            column("95 %", "makespan_low_s", "makespan_high_s", unit=unit.name),
            [spread(row, unit) for row in mine],
        ),
        (column("speedup", "speedup"), [multiple(row, "speedup") for row in mine]),
        (
            column(f"of {baseline}", "ratio", "ratio_low", "ratio_high"),
            [multiple(row, "ratio") for row in mine],
        ),
        (Column("verdict", names=("verdict",)), [verdict(row) for row in mine]),
        (column("of the limit", "of_limit"), [of_limit(row) for row in mine]),
    ]


def _costs(results: Results, cases: Sequence[Key], rows: Mapping[Key, Row]) -> Columns:
    in_batch = set(results.environment["experiment"].get("starts_in_batch", ()))
    columns: Columns = []
    for metric, heading in COSTS.items():
        mine = [rows.get((*key, metric)) for key in cases]
        unit = unit_of(metric, medians(mine))
        cells = [amount(row, unit) for row in mine]
        if metric == "start_up_s":  # of a model that starts a worker for each task it is part of the batch
            cells = [
                Cell("in batch", values=("",))
                if in_batch & set(key) and (*key, "makespan_s") in rows
                else cell
                for key, cell in zip(cases, cells, strict=True)
            ]
        columns.append((Column(heading, unit.name, (metric,), number=True), cells))
    return columns


def _first(table: Table, columns: int) -> Table:
    """Return the first columns of a table, with a note on how many more there are."""
    more = len(table.columns) - columns
    if more <= 0:
        return table
    rows = [row[:columns] for row in table.rows]
    note = f"{many(more, 'more metric')} in samples.csv"
    return replace(table, columns=table.columns[:columns], rows=rows, notes=[*table.notes, note])
