"""An experiment's table: a block for each combination of the axes but the model, a line for each case."""

from collections.abc import Iterator, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from lab.core.words import digits, interval
from lab.present.figures.cells import matches, panels, row_axis, words
from lab.present.units import Unit, unit_of
from lab.store.reading import Results

Row = dict[str, Any]
STYLES = {"faster": "green", "slower": "red", "void": "bold red"}


def blocks(rows: Sequence[Row], axes: Sequence[str]) -> Iterator[tuple[str, list[Row]]]:
    """Yield title and rows of each block; a case without an axis stands in every block it fits."""
    lines = row_axis(axes)
    fixed = [axis for axis in axes if axis != lines]
    cases = [{axis: row[axis] for axis in axes} for row in rows]
    for panel in panels(cases, fixed):
        yield words(panel), [row for row, case in zip(rows, cases, strict=True) if matches(case, panel)]


def table(title: str, metric: str, rows: Sequence[Row], results: Results) -> Table:
    """Return one block as a table of at most 80 columns."""
    experiment = results.environment["experiment"]
    lines = row_axis(results.axes)
    unit = unit_of(metric, [row["median"] for row in rows if row["median"] is not None])
    compared = any(row["ratio"] is not None for row in rows)
    sped_up = any(row["speedup"] is not None for row in rows)
    drawn = Table(box=None, title=title or None, title_justify="left", title_style="italic")
    drawn.pad_edge, drawn.collapse_padding = False, True  # the longest names just fit into 80 columns
    drawn.add_column(lines or "", no_wrap=True)
    drawn.add_column(unit.words, justify="right", no_wrap=True)
    drawn.add_column("95 %", justify="right", no_wrap=True)
    if sped_up:
        drawn.add_column("speedup", justify="right", no_wrap=True)
    if compared:
        drawn.add_column(f"of {experiment['baseline']}", justify="right", no_wrap=True)
    drawn.add_column("")
    for row in rows:
        cells = [str(row[lines]) if lines else results.name, *spread(row, unit)]
        cells += [f"{digits(row['speedup'])}×" if row["speedup"] else ""] if sped_up else []
        cells += [ratio(row)] if compared else []
        drawn.add_row(*cells, Text(remark(row), style=STYLES.get(row["verdict"], "")))
    return drawn


def spread(row: Row, unit: Unit) -> tuple[str, str]:
    """Return the median in its unit, and its interval."""
    if row["median"] is None:
        return "", ""
    median = unit.show(row["median"] * unit.factor)
    if row["low"] is None:
        return median, ""
    low, high = (unit.show(row[end] * unit.factor).removesuffix(f" {unit.name}") for end in ("low", "high"))
    return median, f"{low}-{high}"


def ratio(row: Row) -> str:
    """Return the ratio to the baseline with its interval, where there is one."""
    if row["ratio"] is None or row["verdict"] == "baseline":
        return ""
    if row["ratio_low"] is None:
        return f"{digits(row['ratio'])}×"
    return interval(row["ratio"], row["ratio_low"], row["ratio_high"], unit="×")


def remark(row: Row) -> str:
    """Return the verdict, and how many trials do not count."""
    void = f"{row['void']} void" if row["void"] and row["verdict"] != "void" else ""
    skipped = "skipped" if not row["rounds"] and not row["void"] else ""
    return " ".join(filter(None, (row["verdict"], void, skipped)))
