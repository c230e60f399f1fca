"""The table of an experiment that measures what it likes: a row a case, a column a metric.

A cell holds the median over the rounds, below it their 95 % interval where they differ, and below that
the ratio to the baseline with its word where there is one. What does not fit side by side follows below.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl
from rich.table import Table
from rich.text import Text

from lab.analysis.stats.verdicts import is_time
from lab.core.words import digits, many
from lab.present.units import Unit, unit_of
from lab.store.reading import Results

Row = Mapping[str, Any]
Cells = dict[str, list[str]]
COLUMNS = 80
MOST = 12
"""So many metrics are shown, and the others are told to be in the file."""
APART = 1000.0
"""Where the largest of a column is so many times the smallest, each cell has a unit of its own."""
WIDEST = 24
"""A label longer than this is wrapped."""


def tables(results: Results, summary: pl.DataFrame) -> Iterator[Table | Text]:
    """Yield tables of at most 80 columns that together hold every metric of every case."""
    cases = summary.select(results.axes).unique(maintain_order=True).to_dicts()
    if not results.axes:
        cases = [{}]
    names = {
        axis: ["" if case[axis] is None else str(case[axis]) for case in cases] for axis in results.axes
    }
    columns = numbers(results, summary, cases) | labels(results, cases)
    room = COLUMNS - sum(width([axis, *values]) + 1 for axis, values in names.items())
    shown_here = dict(list(columns.items())[:MOST])
    for shown in side_by_side(shown_here, room):
        drawn = Table(box=None)
        drawn.pad_edge, drawn.collapse_padding = False, True
        for axis in names:
            drawn.add_column(axis, no_wrap=True)
        for heading in shown:
            drawn.add_column(heading, justify="right", max_width=WIDEST)
        for place in range(len(cases)):
            drawn.add_row(
                *(values[place] for values in names.values()), *(shown[name][place] for name in shown)
            )
        yield drawn
    if len(columns) > MOST:
        left = many(len(columns) - MOST, "more metric")
        yield Text(f"{left} in samples.csv", style="italic")


def side_by_side(columns: Cells, room: int) -> Iterator[Cells]:
    """Yield the columns in order, as many at a time as there is room for, and at least one."""
    shown: Cells = {}
    left = room
    for heading, cells in columns.items():
        wide = min(WIDEST, width([heading, *cells])) + 1
        if shown and wide > left:
            yield shown
            shown, left = {}, room
        shown[heading] = cells
        left -= wide
    if shown:
        yield shown


def width(texts: Sequence[str]) -> int:
    """Return how wide the widest line of some texts is."""
    return max(len(line) for text in texts for line in (text or " ").splitlines())


def numbers(results: Results, summary: pl.DataFrame, cases: Sequence[Row]) -> Cells:
    """Return heading -> a cell a case, for every metric that is a number."""
    rows = {(*(row[axis] for axis in results.axes), row["metric"]): row for row in summary.to_dicts()}
    columns = {}
    for metric in summary["metric"].unique(maintain_order=True):
        mine = [rows.get((*case.values(), metric)) for case in cases]
        truth = results.samples.schema.get(metric) == pl.Boolean
        medians = [abs(row["median"]) for row in mine if row and row["median"]]
        unit = unit_of(metric, medians)
        apart = bool(medians) and max(medians) > APART * min(medians)
        heading = "\n".join([*unit.words.split(" "), "" if apart else unit.name]).rstrip()
        columns[heading] = [
            number(
                row, unit_of(metric, [row["median"] or 0]) if row and apart else unit, truth, apart, metric
            )
            for row in mine
        ]
    return columns


def number(row: Row | None, unit: Unit, truth: bool, named: bool, metric: str) -> str:
    """Return a cell: the median, the interval where there is any, the ratio where there is one.

    truth: whether the metric is yes or no; named: whether the cell names its own unit.
    """
    if row is None or row["median"] is None:
        return (row or {}).get("verdict") or ""
    if truth and row["median"] in (0, 1):
        return "yes" if row["median"] else "no"
    median, low, high = (
        None if row[end] is None else unit.show(row[end] * unit.factor).removesuffix(f" {unit.name}")
        for end in ("median", "low", "high")
    )
    lines = [f"{median} {unit.name}" if named and row["median"] else str(median)] + (
        [f"{low}-{high}"] if low != high else []
    )
    if is_time(metric) and row["ratio"] is not None and row["verdict"] != "baseline":
        lines.append(f"{digits(row['ratio'])}× {row['verdict']}".rstrip())
    return "\n".join(lines)


def labels(results: Results, cases: Sequence[Row]) -> Cells:
    """Return heading -> a cell a case, for every metric that is text: the most frequent, and how often."""
    texts = [name for name, kind in results.samples.schema.items() if kind == pl.String]
    good = results.samples.filter(pl.col("void") == "").to_dicts()
    columns = {}
    for metric in texts:
        if metric in (*results.axes, "experiment", "void"):
            continue
        found = [
            [row[metric] for row in good if all(row[axis] == case[axis] for axis in case) and row[metric]]
            for case in cases
        ]
        columns[metric.replace("_", "\n")] = [most_frequent(each) for each in found]
    return columns


def most_frequent(found: Sequence[str]) -> str:
    """Return the text that was found most often, and how often where there were others too."""
    if not found:
        return ""
    text, often = Counter(found).most_common(1)[0]
    return text if often == len(found) else f"{text} ({often} of {len(found)})"
