"""A result's tables: makespans and costs of a workload's cases, or every metric of another experiment.

The latter has a row for each case and a column for each metric. A cell holds the median over the rounds;
below it their 95 % interval where they differ, and the ratio to the baseline with its verdict where there
is one.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import polars as pl

from lab.analysis.stats.counterparts import agrees
from lab.analysis.stats.decision import is_time
from lab.analysis.stats.ranking import METRIC
from lab.core.words import many, multiple
from lab.present.figures.selection import panels, row_axis, words
from lab.present.tables import cells
from lab.present.tables.cells import Case, Make, Row, medians, number, of
from lab.present.tables.table import Cell, Column, Table
from lab.present.units import Unit, in_words, unit_of
from lab.store.reading import Results

MOST = 12  # so many metrics a terminal shows; the others are in samples.csv
COSTS: dict[str, str] = json.loads(Path(__file__).with_name("costs.json").read_text("utf-8"))
"""Metric -> the heading of its column in the table of costs, in its order."""
APART = 1000.0
"""Where a column's largest number is so many times its smallest, each cell has a unit of its own."""
NO_METRICS = ("experiment", "round", "trial", "sample", "void")
RATIO = ("ratio", "ratio_low", "ratio_high")
IN_BATCH = Cell("in batch", values=("",))
"""The start-up of a model that starts a worker for each task: it is part of every batch."""


def tables(results: Results, summary: pl.DataFrame) -> list[Table]:
    """Return makespans and costs, for a workload; else one table of all metrics; a row for each case."""
    cases = cells.by_case(summary, results.axes)
    if not _of_workload(results, cases):
        return [measured(results, cases)]
    return _of_cases(results, cells.side_by_side(cases, results.axes), results.axes)


def narrow_tables(results: Results, summary: pl.DataFrame) -> list[Table]:
    """Return the same for a terminal: a workload's cases in parts, or the first of all other metrics.

    A part has the cases that are alike but for their model, and its title says which they are.
    """
    cases = cells.by_case(summary, results.axes)
    if not _of_workload(results, cases):
        return [_first(measured(results, cases), len(results.axes) + MOST)]
    shown = row_axis(results.axes)
    rows = [case[METRIC] for case in cases]
    parts = []
    for part in panels(rows, [axis for axis in results.axes if axis != shown]):
        mine = [case for case in cases if agrees(case[METRIC], part)]
        where = f" at {words(part)}" if words(part) else ""
        parts += _of_cases(results, mine, [shown] if shown else [], where)
    return parts


def _of_workload(results: Results, cases: Sequence[Case]) -> bool:
    """Return whether the experiment ran a workload: one with a `measure` has no times of tasks."""
    return bool(cases) and METRIC in cases[0] and "service_s" in results.samples.columns


def _first(table: Table, columns: int) -> Table:
    """Return the first columns of a table, with a note on how many more there are."""
    more = len(table.columns) - columns
    if more <= 0:
        return table
    rows, note = [row[:columns] for row in table.rows], f"{many(more, 'more metric')} in samples.csv"
    return table._replace(columns=table.columns[:columns], rows=rows, notes=[note])


def _of_cases(results: Results, cases: Sequence[Case], axes: Sequence[str], where: str = "") -> list[Table]:
    """Return the tables of some cases of a workload, which `axes` name; `where` ends their titles."""
    made = {"Makespans": _makespans(results, cases), "Costs": _costs(results, cases)}
    named = list(map(cells.axis_column, axes))
    return [Table.of(f"{kind}{where}", cases, [*named, *columns]) for kind, columns in made.items()]


def _makespans(results: Results, cases: Sequence[Case]) -> list[Make]:
    baseline = results.environment["experiment"]["baseline"]
    unit = unit_of(METRIC, medians(cases, METRIC))
    made: dict[Column, Callable[[Row], Cell]] = {
        number("makespan", unit.name, "makespan_s"): lambda row: cells.amount(row, unit),
        number("95 % interval", unit.name, "makespan_low_s", "makespan_high_s"): lambda row: cells.spread(
            row, unit
        ),
        number("speedup", "", "speedup"): lambda row: cells.ratio(row, "speedup"),
        number(f"ratio to {baseline}", "", *RATIO): lambda row: cells.ratio(row, *RATIO),
        Column("verdict", names=("verdict",)): cells.verdict,
        number("ratio to limit", "", "of_limit"): lambda row: cells.quotient(row["median"], row["limit"]),
    }
    return [of(METRIC, column, cell) for column, cell in made.items()]


def _costs(results: Results, cases: Sequence[Case]) -> list[Make]:
    in_batch = set(results.environment["experiment"].get("starts_in_batch", ()))

    def cost(unit: Unit, row: Row) -> Cell:
        within = row["metric"] == "start_up_s" and in_batch & {row[axis] for axis in results.axes}
        return IN_BATCH if within else cells.amount(row, unit)

    units = {name: unit_of(name, medians(cases, name)) for name in COSTS if name in cases[0]}
    return [
        of(name, number(COSTS[name], unit.name, name), partial(cost, unit)) for name, unit in units.items()
    ]


def measured(results: Results, cases: Sequence[Case]) -> Table:
    """Return every metric of every case: the numbers, then the texts."""
    numbers = [_numbers(results, cases, metric) for metric in (cases[0] if cases else ())]
    names = results.samples.select(pl.col(pl.String).exclude(*NO_METRICS, *results.axes)).columns
    texts = [_texts(results, name) for name in names]
    axes = map(cells.axis_column, results.axes)
    return Table.of("What was measured", cases, [*axes, *numbers, *texts])


def _numbers(results: Results, cases: Sequence[Case], metric: str) -> Make:
    """Return the column of a metric that is a number; the first says which cases were skipped."""
    sizes = [abs(median) for median in medians(cases, metric) if median]
    apart = bool(sizes) and max(sizes) > APART * min(sizes)
    unit, truth = unit_of(metric, sizes), results.samples.schema.get(metric) == pl.Boolean

    def cell(case: Case) -> Cell:
        row, median = case[metric], case[metric]["median"]
        if metric == next(iter(case)) and all(map(cells.skipped, case.values())):
            return Cell(verdict="skipped")
        if median is None:
            return Cell(verdict=row["verdict"])
        if truth and median in (0, 1):
            return Cell("yes" if median else "no", values=(median,))
        own = unit_of(metric, [median]) if apart else unit
        text = own.show(median * own.factor) if apart and median else own.digits(median)
        return Cell(text, _notes(row, own), (median,))

    return number(unit.words, "" if apart else unit.name, metric), cell


def _notes(row: Row, unit: Unit) -> str:
    """Return a median's interval, if it has one in this unit, and its ratio to the baseline."""
    low, high = (unit.digits(row[end]) if row[end] is not None else "" for end in ("low", "high"))
    notes = [cells.spread(row, unit).text] if low != high else []
    if is_time(row["metric"]) and row["ratio"] is not None and row["verdict"] != "baseline":
        notes.append(f"{multiple(row['ratio'])} {row['verdict']}".rstrip())
    return "\n".join(filter(None, notes))


def _texts(results: Results, name: str) -> Make:
    """Return the column of a metric that is text: the most frequent, and how often."""
    counts: dict[tuple[str | None, ...], Counter[str]] = defaultdict(Counter)
    good = results.samples.filter((pl.col("void") == "") & pl.col(name).is_not_null())
    for *key, text in good.select(*results.axes, name).iter_rows():
        counts[tuple(key)][text] += 1

    def cell(case: Case) -> Cell:
        texts = counts[tuple(cells.axis_of(axis, case) for axis in results.axes)]
        for text, often in texts.most_common(1):
            return Cell(text, f"{often} of {texts.total()}" if often < texts.total() else "")
        return Cell()

    return Column(in_words(name), names=(name,)), cell
