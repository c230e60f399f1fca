"""The tasks that a timeline shows: the cases that its options pick, with one lane for each worker."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import polars as pl

from lab.analysis.stats.rounds import by_round
from lab.core.work import AA_SUFFIX, Value
from lab.present.figures import cells
from lab.present.units import number
from lab.store.reading import Results

SpanRow = Mapping[str, Any]  # one row of spans.csv


class Lanes(NamedTuple):
    """One case's tasks: each with the number of its worker's lane, from 0 in the order of first starts."""

    name: str
    workers: Sequence[str]
    tasks: Sequence[tuple[int, SpanRow]]

    @property
    def makespan_s(self) -> float:
        """Return the seconds from the first submission to the last finish."""
        return max(float(span["finished_s"]) for _, span in self.tasks)


def lanes_of(name: str, spans: Sequence[SpanRow]) -> Lanes:
    """Return a case's spans, sorted into lanes."""
    ordered = sorted(spans, key=lambda span: (span["started_s"], span["index"]))
    lanes: dict[str, int] = {}
    tasks = [(lanes.setdefault(span["worker"], len(lanes)), span) for span in ordered]
    return Lanes(name, list(lanes), tasks)


def pick(results: Results, where: Mapping[str, Value]) -> tuple[list[Lanes], dict[str, str | None]]:
    """Return the lanes of each model in the grid's order, and the values at which the axes are held.

    `where` holds an axis at a value; an axis that it leaves open is held at its largest. The baseline's
    second measurement is left out, because it is not a model. Raises LabError for an unknown axis or value.
    """
    named, spans, grid = cells.row_axis(results.axes), results.spans, by_round(results).cases
    for axis in where:
        cells.check_axis(results, axis)
    held: dict[str, str | None] = {}
    for axis in results.axes:
        values = [value for value in spans[axis].unique(maintain_order=True) if value is not None]
        if axis in where and str(where[axis]) not in values:
            raise cells.unknown(results, axis, str(where[axis]), values)
        if values and (axis in where or axis != named):
            order = cells.values_of(grid, axis)
            held[axis] = str(where[axis]) if axis in where else max(values, key=lambda v: _size(v, order))
            spans = spans.filter(pl.col(axis).is_null() | (pl.col(axis) == held[axis]))
    names = cells.values_of(grid, named) if named else [results.name]
    tasks = {name: spans.filter(pl.col(named) == name) if named else spans for name in names}
    models = [name for name in names if tasks[name].height and not name.endswith(AA_SUFFIX)]
    return [lanes_of(name, tasks[name].to_dicts()) for name in models], held


def _size(value: str, order: Sequence[str]) -> tuple[int, float]:
    """Return how large an axis's value is: a word by its index in the grid, a number, then "all"."""
    size = number(value)
    return (2, 0.0) if value == "all" else (0, order.index(value)) if size is None else (1, size)
