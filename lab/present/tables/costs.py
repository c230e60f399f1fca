"""What each case cost beside its makespan: a second table below the first, of at most 80 columns."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from rich.table import Table

from lab.core.words import digits
from lab.present.units import Unit, unit_of

Row = Mapping[str, Any]
COLUMNS = {
    "start_up_s": "start-up",
    "first_batch_s": "first",
    "shutdown_s": "close",
    "cpu_s": "CPU",
    "cores_busy": "cores",
    "peak_memory_bytes": "memory",
}
"""Metric -> its heading; its unit stands below it."""
CAPTION = "* as asked, as the spans say, and as the server saw it"
IN_FLIGHT = ("asked_in_flight", "peak_in_flight", "server_peak_in_flight")


def costs(
    summary: pl.DataFrame, rows: Sequence[Row], axes: Sequence[str], lines: str | None, in_batch: set[str]
) -> Table:
    """Return the costs of the cases in `rows`, a line each, the medians over their rounds.

    lines: the axis whose values name the lines. in_batch: the models that start a worker for each task,
    whose start-up is therefore part of every batch.
    """
    found = {(*(row[axis] for axis in axes), row["metric"]): row["median"] for row in summary.to_dicts()}
    medians = {
        metric: [found.get((*(row[axis] for axis in axes), metric)) for row in rows]
        for metric in (*COLUMNS, *IN_FLIGHT)
    }
    units = {metric: unit_of(metric, _known(medians[metric])) for metric in COLUMNS}
    drawn = Table(box=None, caption=CAPTION, caption_justify="left")
    drawn.pad_edge, drawn.collapse_padding = False, True
    drawn.add_column(lines or "", no_wrap=True)
    drawn.add_column("of the\nlimit", justify="right", no_wrap=True)
    for metric, heading in COLUMNS.items():
        unit = "busy" if metric == "cores_busy" else units[metric].name
        drawn.add_column(f"{heading}\n{unit}", justify="right", no_wrap=True)
    drawn.add_column("in\nflight*", justify="right", no_wrap=True)
    for place, row in enumerate(rows):
        name = str(row[lines]) if lines else ""
        cells = [_number(medians[metric][place], units[metric]) for metric in COLUMNS]
        if name in in_batch:
            cells[0] = "in batch"
        in_flight = [medians[metric][place] for metric in IN_FLIGHT]
        told = "/".join(f"{number:.0f}" for number in in_flight if number is not None)
        drawn.add_row(name, _of_limit(row), *cells, told)
    return drawn


def _known(medians: Sequence[float | None]) -> list[float]:
    return [median for median in medians if median is not None]


def _number(median: float | None, unit: Unit) -> str:
    """Return a number so that those of a column can be compared at a glance: two decimals at most."""
    if median is None:
        return ""
    shown = median * unit.factor
    return f"{shown:.{2 if shown < 10 else 1 if shown < 100 else 0}f}"


def _of_limit(row: Row) -> str:
    return f"{digits(row['median'] / row['limit'])}×" if row["limit"] and row["median"] else ""
