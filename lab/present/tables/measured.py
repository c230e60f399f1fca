"""The table of an experiment with a `measure` function: a row a case, a column a metric.

A cell holds the median over the rounds; below it their 95 % interval where they differ, and the ratio to
the baseline with its verdict where there is one.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence

import polars as pl

from lab.analysis.stats.verdicts import is_time
from lab.core.words import multiple
from lab.present.tables.cells import (
    Case,
    Make,
    Row,
    axis_columns,
    axis_of,
    medians,
    number,
    skipped,
    spread,
)
from lab.present.tables.table import Cell, Column, Table
from lab.present.units import Unit, in_words, unit_of
from lab.store.reading import Results

APART = 1000.0
"""Where a column's largest number is so many times its smallest, each cell has a unit of its own."""
NO_METRICS = ("experiment", "round", "trial", "sample", "void")


def measured(results: Results, cases: Sequence[Case]) -> Table:
    """Return every metric of every case: the numbers, then the texts."""
    numbers = [_numbers(results, cases, metric) for metric in (cases[0] if cases else ())]
    texts = [
        _texts(results, name)
        for name, kind in results.samples.schema.items()
        if kind == pl.String and name not in (*NO_METRICS, *results.axes)
    ]
    return Table.of("What was measured", cases, [*axis_columns(results.axes), *numbers, *texts])


def _numbers(results: Results, cases: Sequence[Case], metric: str) -> Make:
    """Return the column of a metric that is a number; the first says which cases were skipped."""
    sizes = [abs(median) for median in medians(cases, metric) if median]
    apart = bool(sizes) and max(sizes) > APART * min(sizes)
    unit, truth = unit_of(metric, sizes), results.samples.schema.get(metric) == pl.Boolean

    def cell(case: Case) -> Cell:
        row, median = case[metric], case[metric]["median"]
        if metric == next(iter(case)) and all(map(skipped, case.values())):
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
    notes = [spread(row, unit).text] if low != high else []
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
        texts = counts[tuple(axis_of(axis, case) for axis in results.axes)]
        for text, often in texts.most_common(1):
            return Cell(text, f"{often} of {texts.total()}" if often < texts.total() else "")
        return Cell()

    return Column(in_words(name), names=(name,)), cell
