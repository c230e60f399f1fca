"""The table of an experiment with a `measure` function: a row a case, a column a metric.

A cell holds the median over the rounds; below it their 95 % interval where they differ, and the ratio to
the baseline with its verdict where there is one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

import polars as pl

from lab.analysis.stats.verdicts import is_time
from lab.core.words import multiple
from lab.present.tables.cells import Columns, Row, Rows, axis_columns, medians, skipped, spread
from lab.present.tables.table import Cell, Column, Table
from lab.present.units import in_words, unit_of
from lab.store.reading import Results

APART = 1000.0
"""Where a column's largest number is so many times its smallest, each cell has a unit of its own."""
NO_METRICS = ("experiment", "round", "trial", "sample", "void")


def measured(results: Results, rows: Rows) -> Table:
    """Return every metric of every case."""
    cases = next(iter(rows.values()), [])
    metrics: Columns = [
        _numbers(metric, each, truth=results.samples.schema.get(metric) == pl.Boolean)
        for metric, each in rows.items()
    ]
    for index in range(len(cases)):
        if all(skipped(each[index]) for each in rows.values()):
            metrics[0][1][index] = Cell(verdict="skipped")
    return Table.of_columns(
        "What was measured", [*axis_columns(results.axes, cases), *metrics, *_labels(results, cases)]
    )


def _numbers(metric: str, rows: Sequence[Row], *, truth: bool) -> tuple[Column, list[Cell]]:
    """Return the column of a metric that is a number; truth: whether it is yes or no."""
    sizes = [abs(median) for median in medians(rows) if median]
    apart = bool(sizes) and max(sizes) > APART * min(sizes)
    unit = unit_of(metric, sizes)
    column = Column(unit.words, "" if apart else unit.name, (metric,), number=True)
    return column, [
        _number(metric, row, [row["median"] or 0] if apart else sizes, truth=truth, named=apart)
        for row in rows
    ]


def _number(metric: str, row: Row, sizes: Sequence[float], *, truth: bool, named: bool) -> Cell:
    """Return a median in the unit of `sizes`; named: whether the cell says which that is."""
    median, unit = row["median"], unit_of(metric, sizes)
    if median is None:
        return Cell(verdict=row["verdict"])
    if truth and median in (0, 1):
        return Cell("yes" if median else "no", values=(median,))
    text = unit.show(median * unit.factor) if named and median else unit.digits(median)
    low, high = (unit.digits(row[end]) if row[end] is not None else "" for end in ("low", "high"))
    notes = [spread(row, unit).text if low != high else ""]
    if is_time(metric) and row["ratio"] is not None and row["verdict"] != "baseline":
        notes.append(f"{multiple(row['ratio'])} {row['verdict']}".rstrip())
    return Cell(text, "\n".join(filter(None, notes)), (median,))


def _labels(results: Results, cases: Sequence[Row]) -> Iterator[tuple[Column, list[Cell]]]:
    """Yield a column for each metric that is text: the most frequent, and how often."""
    good = results.samples.filter(pl.col("void") == "")
    for name, kind in results.samples.schema.items():
        if kind == pl.String and name not in (*NO_METRICS, *results.axes):
            texts: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
            for *key, text in good.select(*results.axes, name).drop_nulls(name).iter_rows():
                texts[tuple(key)][text] += 1
            keys = [tuple(case[axis] for axis in results.axes) for case in cases]
            yield Column(in_words(name), names=(name,)), [_label(texts[key]) for key in keys]


def _label(texts: Counter[str]) -> Cell:
    if not texts:
        return Cell()
    text, often = texts.most_common(1)[0]
    return Cell(text, f"{often} of {texts.total()}" if often < texts.total() else "")
