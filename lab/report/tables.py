"""An experiment's cases as tables: a row a case, a column a metric; exact values behind what is read."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from lab.analysis.stats.verdicts import is_time
from lab.core.words import digits, interval
from lab.present.figures.cells import row_axis
from lab.present.units import Unit, unit_of
from lab.report.views import Cell, Column, Table
from lab.store.reading import Results

Row = Mapping[str, Any]
Key = tuple[Any, ...]
COSTS = {
    "start_up_s": "start-up",
    "first_batch_s": "first batch",
    "shutdown_s": "shutdown",
    "cpu_s": "CPU time",
    "cores_busy": "cores busy",
    "peak_memory_bytes": "peak memory",
}
IN_FLIGHT = {
    "asked_in_flight": "asked",
    "peak_in_flight": "in flight",
    "server_peak_in_flight": "server saw",
}
NO_METRICS = ("experiment", "round", "trial", "sample", "void")


def tables(results: Results, summary: pl.DataFrame) -> list[Table]:
    """Return makespans and what they cost, for a workload; else one table of all that was measured."""
    cases = cases_of(results, summary)
    rows = {(*(row[axis] for axis in results.axes), row["metric"]): row for row in summary.to_dicts()}
    if any((*key, "makespan_s") in rows for key in cases) and "service_s" in results.samples.columns:
        cases = side_by_side(cases, results.axes)
        times = [rows.get((*key, "makespan_s")) for key in cases]
        return [
            _table("Makespans", results, cases, _makespans(times, results)),
            _table("Costs", results, cases, _costs(rows, cases, times, results)),
        ]
    return [_table("What was measured", results, cases, _facts(rows, cases, results, summary))]


Cells = list[tuple[Column, list[Cell]]]


def cases_of(results: Results, summary: pl.DataFrame) -> list[Key]:
    """Return the values of the axes of every case, in the summary's order."""
    if not results.axes:
        return [()]
    return list(summary.select(results.axes).unique(maintain_order=True).rows())


def side_by_side(cases: Sequence[Key], axes: Sequence[str]) -> list[Key]:
    """Return the cases so that those stand together that are alike but for their model."""
    fixed = [place for place, axis in enumerate(axes) if axis != row_axis(axes)]
    orders = {
        place: dict.fromkeys(key[place] for key in cases if key[place] is not None) for place in fixed
    }
    ranks = {place: {value: rank for rank, value in enumerate(order)} for place, order in orders.items()}
    return sorted(cases, key=lambda key: [ranks[place].get(key[place], -1) for place in fixed])


def _table(caption: str, results: Results, cases: Sequence[Key], columns: Cells) -> Table:
    axes = [Column(axis, names=(axis,), axis=True) for axis in results.axes]
    rows = [
        [*(axis_cell(value) for value in key), *(cells[place] for _, cells in columns)]
        for place, key in enumerate(cases)
    ]
    return Table(caption, [*axes, *(column for column, _ in columns)], rows)


def axis_cell(value: str | None) -> Cell:
    """Return an axis's value; a number sorts as one."""
    return Cell("" if value is None else str(value))


def _makespans(rows: Sequence[Row | None], results: Results) -> Cells:
    unit = unit_of("makespan_s", known(rows))
    baseline = str(results.environment["experiment"]["baseline"])
    columns: Cells = [
        (Column("makespan", unit.name, ("makespan_s",), number=True), [amount(row, unit) for row in rows]),
        (
            Column("95 %", unit.name, ("makespan_low_s", "makespan_high_s"), number=True),
            [spread(row, unit) for row in rows],
        ),
        (Column("speedup", "", ("speedup",), number=True), [_times(row, "speedup") for row in rows]),
        (
            Column(f"of {baseline}", "", ("ratio", "ratio_low", "ratio_high"), number=True),
            [ratio(row) for row in rows],
        ),
        (Column("verdict", names=("verdict",)), [verdict(row) for row in rows]),
        (Column("of the limit", "", ("of_limit",), number=True), [_of_limit(row) for row in rows]),
    ]
    return [
        (column, cells) for column, cells in columns if any(cell.text or cell.verdict for cell in cells)
    ]


def _costs(
    rows: Mapping[Key, Row], cases: Sequence[Key], times: Sequence[Row | None], results: Results
) -> Cells:
    in_batch = set(results.environment["experiment"].get("starts_in_batch", ()))
    columns: Cells = []
    for metric, heading in (COSTS | IN_FLIGHT).items():
        mine = [rows.get((*key, metric)) for key in cases]
        unit = unit_of(metric, known(mine))
        cells = [amount(row, unit) for row in mine]
        if metric == "start_up_s":
            cells = [
                Cell("in batch", values=("",)) if set(key) & in_batch and time else cell
                for key, time, cell in zip(cases, times, cells, strict=True)
            ]
        if any(cell.text for cell in cells):
            columns.append((Column(heading, unit.name, (metric,), number=True), cells))
    return columns


def _facts(rows: Mapping[Key, Row], cases: Sequence[Key], results: Results, summary: pl.DataFrame) -> Cells:
    columns: Cells = []
    for metric in summary["metric"].unique(maintain_order=True):
        mine = [rows.get((*key, metric)) for key in cases]
        truth = results.samples.schema.get(metric) == pl.Boolean
        unit = unit_of(metric, known(mine))
        columns.append(
            (
                Column(unit.words, unit.name, (metric,), number=True),
                [_fact(row, unit, truth=truth, timed=is_time(metric)) for row in mine],
            )
        )
    columns += _labels(results, cases)
    if columns:
        first = columns[0][1]
        for place in _skipped(cases, [cells for _, cells in columns], results):
            first[place] = Cell(verdict="skipped")
    return columns


def _skipped(cases: Sequence[Key], columns: Sequence[list[Cell]], results: Results) -> list[int]:
    """Return the places of the cases that were left out, and of which nothing is told."""
    left_out = results.trials.filter(pl.col("status") == "skipped")
    keys = set(left_out.select(results.axes).rows()) if results.axes else set()
    blank = [all(cells[place] == Cell() for cells in columns) for place in range(len(cases))]
    return [place for place, key in enumerate(cases) if key in keys and blank[place]]


def _fact(row: Row | None, unit: Unit, *, truth: bool, timed: bool) -> Cell:
    """Return a median; below it the interval where there is any, and the ratio where there is one."""
    if row is None or row["median"] is None:
        return Cell(verdict=(row or {}).get("verdict") or "")
    if truth and row["median"] in (0, 1):
        return Cell("yes" if row["median"] else "no", values=(row["median"],))
    low_high = spread(row, unit).text if row["low"] != row["high"] else ""
    compared = timed and row["ratio"] is not None and row["verdict"] != "baseline"
    word = f"{digits(row['ratio'])}× {row['verdict']}".rstrip() if compared else ""
    notes = [note for note in (low_high, word) if note]
    return Cell(amount(row, unit).text, "; ".join(notes), (row["median"],))


def _labels(results: Results, cases: Sequence[Key]) -> Cells:
    """Return a column for every metric that is text: the most frequent, and how often."""
    names = [
        name
        for name, kind in results.samples.schema.items()
        if kind == pl.String and name not in (*NO_METRICS, *results.axes)
    ]
    found: dict[tuple[Key, str], Counter[str]] = defaultdict(Counter)
    good = results.samples.filter(pl.col("void") == "")
    for name in names:
        for *key, text in good.select(*results.axes, name).drop_nulls(name).iter_rows():
            found[tuple(key), name][text] += 1
    return [
        (Column(name.replace("_", " "), names=(name,)), [_label(found[key, name]) for key in cases])
        for name in names
    ]


def _label(found: Counter[str]) -> Cell:
    if not found:
        return Cell()
    text, often = found.most_common(1)[0]
    return Cell(text, f"{often} of {found.total()}" if often < found.total() else "")


def known(rows: Sequence[Row | None]) -> list[float]:
    """Return the medians that there are."""
    return [row["median"] for row in rows if row and row["median"] is not None]


def amount(row: Row | None, unit: Unit) -> Cell:
    """Return a median in its column's unit."""
    if row is None or row["median"] is None:
        return Cell()
    return Cell(
        unit.show(row["median"] * unit.factor).removesuffix(f" {unit.name}"), values=(row["median"],)
    )


def spread(row: Row | None, unit: Unit) -> Cell:
    """Return an interval in its column's unit."""
    if row is None or row["low"] is None or row["median"] is None:
        return Cell()
    ends = [unit.show(row[end] * unit.factor).removesuffix(f" {unit.name}") for end in ("low", "high")]
    return Cell("–".join(ends), values=(row["low"], row["high"]))


def ratio(row: Row | None) -> Cell:
    """Return the ratio to the baseline with its interval, where there is one."""
    if row is None or row["ratio"] is None or row["verdict"] == "baseline":
        return Cell()
    values = (row["ratio"], row["ratio_low"], row["ratio_high"])
    words = f"{digits(row['ratio'])}×" if row["ratio_low"] is None else interval(*values, unit="×")
    return Cell(words, values=values)


def verdict(row: Row | None) -> Cell:
    """Return the verdict, and how many trials do not count."""
    if row is None:
        return Cell()
    void = f"{row['void']} void" if row["void"] and row["verdict"] != "void" else ""
    skipped = "skipped" if not row["rounds"] and not row["void"] else ""
    return Cell(note=void, verdict=row["verdict"] or skipped)


def _times(row: Row | None, name: str) -> Cell:
    return Cell(f"{digits(row[name])}×", values=(row[name],)) if row and row[name] else Cell()


def _of_limit(row: Row | None) -> Cell:
    if row is None or not row["limit"] or not row["median"]:
        return Cell()
    share = row["median"] / row["limit"]
    return Cell(f"{digits(share)}×", values=(share,))
