"""The two tables of a workload: its cases' makespans, and what they cost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lab.present.tables import cells
from lab.present.tables.cells import Columns, Row, Rows
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
IN_BATCH = Cell("in batch", values=("",))
"""The start-up of a model that starts a worker for each task: it is part of every batch."""


def workload_tables(results: Results, rows: Rows, axes: Iterable[str], where: str = "") -> list[Table]:
    """Return the tables of some cases, which `axes` name; `where` ends their titles."""
    named = cells.axis_columns(axes, rows["makespan_s"])
    return [
        Table.of_columns(f"Makespans{where}", [*named, *_makespans(results, rows["makespan_s"])]),
        Table.of_columns(f"Costs{where}", [*named, *_costs(results, rows)]),
    ]


def _makespans(results: Results, rows: Sequence[Row]) -> Columns:
    baseline = results.environment["experiment"]["baseline"]
    unit, names = unit_of("makespan_s", cells.medians(rows)), ("ratio", "ratio_low", "ratio_high")
    medians = Column("makespan", unit.name, ("makespan_s",), number=True)
    intervals = Column("95 %", unit.name, ("makespan_low_s", "makespan_high_s"), number=True)
    return [
        (medians, [cells.amount(row, unit) for row in rows]),
        (intervals, [cells.spread(row, unit) for row in rows]),
        (Column("speedup", "", ("speedup",), number=True), [cells.ratio(row, "speedup") for row in rows]),
        (Column(f"of {baseline}", "", names, number=True), [cells.ratio(row, *names) for row in rows]),
        (Column("verdict", "", ("verdict",)), [cells.verdict(row) for row in rows]),
        (Column("of the limit", "", ("of_limit",), number=True), [cells.of_limit(row) for row in rows]),
    ]


def _costs(results: Results, rows: Rows) -> Columns:
    in_batch, axes = set(results.environment["experiment"].get("starts_in_batch", ())), results.axes
    columns: Columns = []
    for metric in (metric for metric in COSTS if metric in rows):
        unit = unit_of(metric, cells.medians(rows[metric]))
        shown = [
            IN_BATCH
            if metric == "start_up_s" and in_batch & {row[axis] for axis in axes}
            else cells.amount(row, unit)
            for row in rows[metric]
        ]
        columns.append((Column(COSTS[metric], unit.name, (metric,), number=True), shown))
    return columns
