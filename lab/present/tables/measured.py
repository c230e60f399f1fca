"""The table of an experiment with a `measure` function: a row a case, a column a metric.

A cell holds the median over the rounds; below it their 95 % interval where they differ, and the ratio to
the baseline with its verdict where there is one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from lab.analysis.stats.verdicts import is_time
from lab.core.words import digits
from lab.present.tables.cells import Columns, Key, Row, amount, axis_columns, medians, visible_spread
from lab.present.tables.table import Cell, Column, Table
from lab.present.units import in_words, unit_of
from lab.store.reading import Results

APART = 1000.0
"""Where a column's largest number is so many times its smallest, each cell has a unit of its own."""
NO_METRICS = ("experiment", "round", "trial", "sample", "void")


def measured(
    results: Results, summary: pl.DataFrame, cases: Sequence[Key], rows: Mapping[Key, Row]
) -> Table:
    """Return every metric of every case; `rows` holds the summary's rows by the case's key and metric."""
    metrics: Columns = []
    for metric in summary["metric"].unique(maintain_order=True):
        truth = results.samples.schema.get(metric) == pl.Boolean
        metrics.append(_numbers(metric, [rows.get((*key, metric)) for key in cases], truth=truth))
    metrics += _labels(results, cases)
    for index in _skipped(results, cases, [cells for _, cells in metrics]):
        metrics[0][1][index] = Cell(verdict="skipped")
    return Table.of_columns("What was measured", [*axis_columns(results.axes, cases), *metrics])


def _numbers(metric: str, rows: Sequence[Row | None], *, truth: bool) -> tuple[Column, list[Cell]]:
    """Return the column of a metric that is a number; truth: whether it is yes or no."""
    sizes = [abs(median) for median in medians(rows) if median]
    apart = bool(sizes) and max(sizes) > APART * min(sizes)
    unit = unit_of(metric, sizes)
    column = Column(unit.words, "" if apart else unit.name, (metric,), number=True)
    return column, [_number(metric, row, sizes, truth=truth, apart=apart) for row in rows]


def _number(metric: str, row: Row | None, sizes: Sequence[float], *, truth: bool, apart: bool) -> Cell:
    if row is None or row["median"] is None:
        return Cell(verdict=(row or {}).get("verdict") or "")
    median = row["median"]
    if truth and median in (0, 1):
        return Cell("yes" if median else "no", values=(median,))
    unit = unit_of(metric, [median] if apart else sizes)
    text = unit.show(median * unit.factor) if apart and median else amount(row, unit).text
    compared = is_time(metric) and row["ratio"] is not None and row["verdict"] != "baseline"
    notes = [
        visible_spread(row, unit),
        f"{digits(row['ratio'])}× {row['verdict']}".rstrip() if compared else "",
    ]
    return Cell(text, "\n".join(filter(None, notes)), (median,))


def _labels(results: Results, cases: Sequence[Key]) -> Iterator[tuple[Column, list[Cell]]]:
    """Yield a column for each metric that is text: the most frequent, and how often."""
    good = results.samples.filter(pl.col("void") == "")
    for name, kind in results.samples.schema.items():
        if kind != pl.String or name in (*NO_METRICS, *results.axes):
            continue
        texts: dict[Key, Counter[str]] = defaultdict(Counter)
        for *key, text in good.select(*results.axes, name).drop_nulls(name).iter_rows():
            texts[tuple(key)][text] += 1
        yield Column(in_words(name), names=(name,)), [_label(texts[key]) for key in cases]


def _label(texts: Counter[str]) -> Cell:
    if not texts:
        return Cell()
    text, often = texts.most_common(1)[0]
    return Cell(text, f"{often} of {texts.total()}" if often < texts.total() else "")


def _skipped(results: Results, cases: Sequence[Key], columns: Sequence[Sequence[Cell]]) -> list[int]:
    """Return the indices of the cases that were skipped and have no number."""
    skipped = results.trials.filter(pl.col("status") == "skipped")
    keys = set(skipped.select(results.axes).rows()) if results.axes else set()
    return [
        index
        for index, key in enumerate(cases)
        if key in keys and columns and all(cells[index].blank for cells in columns)
    ]
