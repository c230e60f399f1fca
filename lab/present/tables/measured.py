"""The table of an experiment with a `measure` function: a row a case, a column a metric.

A cell holds the median over the rounds; below it their 95 % interval where they differ, and the ratio to
the baseline with its verdict where there is one.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence

import polars as pl

from lab.analysis.stats.verdicts import is_time
from lab.core.words import multiple
from lab.present.tables.cells import Case, Row, axis_columns, axis_of, medians, skipped, spread
from lab.present.tables.table import Cell, Column, Table
from lab.present.units import in_words, unit_of
from lab.store.reading import Results

APART = 1000.0
"""Where a column's largest number is so many times its smallest, each cell has a unit of its own."""
NO_METRICS = ("experiment", "round", "trial", "sample", "void")

Made = tuple[Column, Callable[[Case], Cell]]


def measured(results: Results, cases: Sequence[Case]) -> Table:
    """Return every metric of every case."""
    metrics = list(cases[0]) if cases else []
    numbers = [_numbers(results, cases, metric, first=metric == metrics[0]) for metric in metrics]
    columns = [*axis_columns(results.axes), *numbers, *_labels(results)]
    return Table.of("What was measured", cases, columns)


def _numbers(results: Results, cases: Sequence[Case], metric: str, *, first: bool) -> Made:
    """Return the column of a metric that is a number; the first says which cases were skipped."""
    sizes = [abs(median) for median in medians(cases, metric) if median]
    apart = bool(sizes) and max(sizes) > APART * min(sizes)
    unit, truth = unit_of(metric, sizes), results.samples.schema.get(metric) == pl.Boolean

    def cell(case: Case) -> Cell:
        row = case[metric]
        if first and all(map(skipped, case.values())):
            return Cell(verdict="skipped")
        if row["median"] is None:
            return Cell(verdict=row["verdict"])
        if truth and row["median"] in (0, 1):
            return Cell("yes" if row["median"] else "no", values=(row["median"],))
        return _number(row, [row["median"]] if apart else sizes, named=apart)

    return Column(unit.words, "" if apart else unit.name, (metric,), number=True), cell


def _number(row: Row, sizes: Sequence[float], *, named: bool) -> Cell:
    """Return a median in the unit of `sizes`; named: whether the cell says which that is."""
    median, unit = row["median"], unit_of(row["metric"], sizes)
    text = unit.show(median * unit.factor) if named and median else unit.digits(median)
    low, high = (unit.digits(row[end]) if row[end] is not None else "" for end in ("low", "high"))
    notes = [spread(row, unit).text if low != high else ""]
    if is_time(row["metric"]) and row["ratio"] is not None and row["verdict"] != "baseline":
        notes.append(f"{multiple(row['ratio'])} {row['verdict']}".rstrip())
    return Cell(text, "\n".join(filter(None, notes)), (median,))


def _labels(results: Results) -> Iterator[Made]:
    """Yield a column for each metric that is text: the most frequent, and how often."""
    good, axes = results.samples.filter(pl.col("void") == ""), results.axes
    for name, kind in results.samples.schema.items():
        if kind == pl.String and name not in (*NO_METRICS, *axes):
            texts: dict[tuple[str | None, ...], Counter[str]] = defaultdict(Counter)
            for *key, text in good.select(*axes, name).drop_nulls(name).iter_rows():
                texts[tuple(key)][text] += 1

            def cell(case: Case, texts: dict[tuple[str | None, ...], Counter[str]] = texts) -> Cell:
                return _label(texts[tuple(axis_of(axis, case) for axis in axes)])

            yield Column(in_words(name), names=(name,)), cell


def _label(texts: Counter[str]) -> Cell:
    if not texts:
        return Cell()
    text, often = texts.most_common(1)[0]
    return Cell(text, f"{often} of {texts.total()}" if often < texts.total() else "")
