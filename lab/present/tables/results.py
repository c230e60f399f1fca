"""A result's tables: makespans and costs of a workload's cases, or every metric of another experiment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from lab.analysis.stats.counterparts import agrees
from lab.core.words import many
from lab.present.figures.cells import panels, row_axis, words
from lab.present.tables.cells import Row, Rows
from lab.present.tables.measured import measured
from lab.present.tables.table import Table
from lab.present.tables.workload import workload_tables
from lab.store.reading import Results

MOST = 12
"""So many metrics a terminal shows; the others are in samples.csv."""


def tables(results: Results, summary: pl.DataFrame) -> list[Table]:
    """Return makespans and costs, for a workload; else one table of all that was measured; a row a case."""
    rows = by_metric(summary)
    if not _of_workload(results, rows):
        return [measured(results, rows)]
    order = side_by_side(rows["makespan_s"], results.axes)
    return workload_tables(
        results, {metric: [each[n] for n in order] for metric, each in rows.items()}, results.axes
    )


def narrow_tables(results: Results, summary: pl.DataFrame) -> list[Table]:
    """Return the same for a terminal: a workload's cases in parts, or the first of all other metrics.

    A part has the cases that are alike but for their model, and its title says which they are.
    """
    rows = by_metric(summary)
    if not _of_workload(results, rows):
        return [_first(measured(results, rows), len(results.axes) + MOST)]
    shown = row_axis(results.axes)
    found = []
    for part in panels(rows["makespan_s"], [axis for axis in results.axes if axis != shown]):
        mine = {metric: [row for row in each if agrees(row, part)] for metric, each in rows.items()}
        where = f" at {words(part)}" if words(part) else ""
        found += workload_tables(results, mine, [shown] if shown else [], where)
    return found


def by_metric(summary: pl.DataFrame) -> Rows:
    """Return the summary's rows for each metric, in the order of the cases."""
    parts = summary.partition_by("metric", as_dict=True, maintain_order=True)
    return {str(metric): part.to_dicts() for (metric,), part in parts.items()}


def side_by_side(rows: Sequence[Row], axes: Sequence[str]) -> list[int]:
    """Return the rows' indices so ordered that those which differ in their model alone are neighbours."""
    fixed = [axis for axis in axes if axis != row_axis(axes)]
    ranks = {axis: list(dict.fromkeys([None, *(row[axis] for row in rows)])).index for axis in fixed}
    return sorted(range(len(rows)), key=lambda index: [ranks[axis](rows[index][axis]) for axis in fixed])


def _of_workload(results: Results, rows: Rows) -> bool:
    """Return whether the experiment ran a workload: one with a `measure` has no times of tasks."""
    return "makespan_s" in rows and "service_s" in results.samples.columns


def _first(table: Table, columns: int) -> Table:
    """Return the first columns of a table, with a note on how many more there are."""
    more = len(table.columns) - columns
    if more <= 0:
        return table
    rows = [row[:columns] for row in table.rows]
    return replace(
        table,
        columns=table.columns[:columns],
        rows=rows,
        notes=[f"{many(more, 'more metric')} in samples.csv"],
    )
