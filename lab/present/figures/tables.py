"""The tables of a matrix: which fact stands in which row and column."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from lab.present.figures import cells
from lab.present.figures.facts import CsvRow, Fact, Metric, fact
from lab.present.units import UNITS
from lab.store.reading import Results


@dataclass(frozen=True, slots=True)
class Heading:
    """A row or a column: its name, the value of an axis that it holds, and the metric that it shows."""

    name: str
    where: cells.Case = field(default_factory=dict)
    metric: Metric | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """One panel: the axes it holds fixed, and its facts by row and column; None where no case belongs."""

    fixed: cells.Case
    facts: Mapping[str, Sequence[Fact | None]]


def headings_of(
    side: str | Sequence[str], cases: Sequence[cells.Case], names: Sequence[str], metrics: Sequence[Metric]
) -> list[Heading]:
    """Return the headings of an axis's values, a truth with its axis, or of metrics by these names."""
    if not isinstance(side, str):
        return [Heading(name, metric=metric) for name, metric in zip(names, metrics, strict=True)]
    values = cells.ordered(cells.values_of(cases, side))
    return [Heading(f"{side}={v}" if v in ("True", "False") else v, {side: v}) for v in values]


def tables_of(
    results: Results,
    cases: Sequence[cells.Case],
    rows: Sequence[Heading],
    columns: Sequence[Heading],
    metric: Metric,
) -> list[Table]:
    """Return a table for each combination of the axes that are neither rows nor columns.

    metric: what a cell shows if neither its row nor its column is a metric. A row without a fact is left
    out.
    """
    used = {axis for heading in (*rows, *columns) for axis in heading.where}
    trials, samples = _by_case(results.trials, results.axes), _by_case(results.samples, results.axes)

    def fact_at(inside: Sequence[cells.Case], row: Heading, column: Heading) -> Fact | None:
        where = {**row.where, **column.where}
        matching = [case for case in inside if cells.matches(case, where)]
        if not matching:
            return None
        case = max(matching, key=lambda case: None not in cells.key(case, list(where)))
        key = cells.key(case, results.axes)
        return fact(trials[key], samples[key], row.metric or column.metric or metric)

    tables = []
    for fixed, inside in cells.grouped(
        cases, [a for a in results.axes if a not in used], lambda case: case
    ):
        facts = {row.name: [fact_at(inside, row, column) for column in columns] for row in rows}
        tables.append(Table(fixed, {name: some for name, some in facts.items() if any(some)}))
    return tables


def _by_case(rows: pl.DataFrame, axes: Sequence[str]) -> dict[tuple[Any, ...], list[CsvRow]]:
    by_case: dict[tuple[Any, ...], list[CsvRow]] = defaultdict(list)
    for row in rows.iter_rows(named=True):
        by_case[cells.key(row, axes)].append(row)
    return by_case


def without_ending(names: Sequence[str]) -> tuple[list[str], str]:
    """Return the names without the last word, if all have the same, and that word: "x_naive" -> "x".

    A unit is no word: of "x_known_s" the last word is "known".
    """
    unit = next((unit for unit in UNITS if all(name.endswith(unit) for name in names)), "")
    bare = [name.removesuffix(unit) for name in names]
    ending = bare[0].rpartition("_")[2]
    if len(names) < 2 or not all(name.endswith(f"_{ending}") for name in bare):
        return list(names), ""
    return [name.removesuffix(f"_{ending}") for name in bare], ending
