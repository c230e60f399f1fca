"""A result's tables: makespans and costs of a workload's cases, or every metric of another experiment."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from lab.core.words import many
from lab.present.figures.cells import matches, panels, row_axis, words
from lab.present.tables import cells
from lab.present.tables.cells import Case, Columns, by_case, side_by_side
from lab.present.tables.measured import measured
from lab.present.tables.table import Cell, Column, Table
from lab.present.units import Unit, unit_of
from lab.store.reading import Results

MOST = 12
"""So many metrics a terminal shows; the others are in samples.csv."""
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
IN_BATCH = Cell("in batch", values=("",))
"""The start-up of a model that starts a worker for each task: it is part of every batch."""


def tables(results: Results, summary: pl.DataFrame) -> list[Table]:
    """Return makespans and costs, for a workload; else one table of all that was measured; a row a case."""
    cases = by_case(summary, results.axes)
    if not _of_workload(results, cases):
        return [measured(results, cases)]
    return _of_cases(results, side_by_side(cases, results.axes), results.axes)


def narrow_tables(results: Results, summary: pl.DataFrame) -> list[Table]:
    """Return the same for a terminal: a workload's cases in parts, or the first of all other metrics.

    A part has the cases that are alike but for their model, and its title says which they are.
    """
    cases = by_case(summary, results.axes)
    if not _of_workload(results, cases):
        return [_first(measured(results, cases), len(results.axes) + MOST)]
    shown = row_axis(results.axes)
    rows = [case["makespan_s"] for case in cases]
    parts = []
    for part in panels(rows, [axis for axis in results.axes if axis != shown]):
        mine = [case for case in cases if matches(case["makespan_s"], part)]
        where = f" at {words(part)}" if words(part) else ""
        parts += _of_cases(results, mine, [shown] if shown else [], where)
    return parts


def _of_workload(results: Results, cases: Sequence[Case]) -> bool:
    """Return whether the experiment ran a workload: one with a `measure` has no times of tasks."""
    return bool(cases) and "makespan_s" in cases[0] and "service_s" in results.samples.columns


def _first(table: Table, columns: int) -> Table:
    """Return the first columns of a table, with a note on how many more there are."""
    more = len(table.columns) - columns
    if more <= 0:
        return table
    rows, note = [row[:columns] for row in table.rows], f"{many(more, 'more metric')} in samples.csv"
    return replace(table, columns=table.columns[:columns], rows=rows, notes=[note])


def _of_cases(results: Results, cases: Sequence[Case], axes: Sequence[str], where: str = "") -> list[Table]:
    """Return the tables of some cases of a workload, which `axes` name; `where` ends their titles."""
    named = cells.axis_columns(axes)
    return [
        Table.of(f"Makespans{where}", cases, [*named, *_makespans(results, cases)]),
        Table.of(f"Costs{where}", cases, [*named, *_costs(results, cases)]),
    ]


def _makespans(results: Results, cases: Sequence[Case]) -> Columns:
    baseline = results.environment["experiment"]["baseline"]
    unit, ratios = (
        unit_of("makespan_s", cells.medians(cases, "makespan_s")),
        ("ratio", "ratio_low", "ratio_high"),
    )

    def of(make: Callable[..., Cell], *more: Any) -> Callable[[Case], Cell]:
        return lambda case: make(case["makespan_s"], *more)

    ends = ("makespan_low_s", "makespan_high_s")
    return [
        (Column("makespan", unit.name, ("makespan_s",), number=True), of(cells.amount, unit)),
        (Column("95 %", unit.name, ends, number=True), of(cells.spread, unit)),
        (Column("speedup", "", ("speedup",), number=True), of(cells.ratio, "speedup")),
        (Column(f"of {baseline}", "", ratios, number=True), of(cells.ratio, *ratios)),
        (Column("verdict", "", ("verdict",)), of(cells.verdict)),
        (
            Column("of the limit", "", ("of_limit",), number=True),
            of(lambda row: cells.quotient(row["median"], row["limit"])),
        ),
    ]


def _costs(results: Results, cases: Sequence[Case]) -> Columns:
    in_batch = set(results.environment["experiment"].get("starts_in_batch", ()))
    columns: Columns = []
    for metric in (metric for metric in COSTS if cases and metric in cases[0]):
        unit = unit_of(metric, cells.medians(cases, metric))

        def cost(case: Case, metric: str = metric, unit: Unit = unit) -> Cell:
            if metric == "start_up_s" and in_batch & {case[metric][axis] for axis in results.axes}:
                return IN_BATCH
            return cells.amount(case[metric], unit)

        columns.append((Column(COSTS[metric], unit.name, (metric,), number=True), cost))
    return columns
