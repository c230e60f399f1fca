"""Whose tasks a timeline shows: the cases its options pick, a panel each, and in it a lane a worker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lab.core.work import Value
from lab.present.figures import cells
from lab.present.figures.selection import unknown

if TYPE_CHECKING:
    from lab.store.reading import Results

SpanRow = Mapping[str, Any]  # one row of spans.csv


@dataclass(frozen=True, slots=True)
class Lanes:
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
    workers = list(dict.fromkeys(str(span["worker"]) for span in ordered))
    return Lanes(name, workers, [(workers.index(str(span["worker"])), span) for span in ordered])


def pick(results: Results, where: Mapping[str, Value]) -> tuple[list[Lanes], dict[str, str | None]]:
    """Return the lanes of each model in the grid's order, and the values at which the axes are held.

    `where` holds an axis at a value; one it leaves open is held at its largest. The baseline's second
    measurement is left out: it is not a model. Raises LabError for an axis or a value that is not there.
    """
    axis = cells.row_axis(results.axes)
    spans = list(results.spans.iter_rows(named=True))
    cases = [
        {name: case.get(name) for name in results.axes}
        for case in results.environment["experiment"]["cases"]
    ]
    for name in where:
        if name not in results.axes:
            raise unknown(results.name, "axis", name, results.axes)
    held: dict[str, str | None] = {}
    for name in results.axes:
        values = cells.values_of(spans, name)
        if name in where and str(where[name]) not in values:
            raise unknown(results.name, name, str(where[name]), values)
        if values and (name in where or name != axis):
            order = cells.values_of(cases, name)
            held[name] = (
                str(where[name]) if name in where else max(values, key=lambda value: _size(value, order))
            )
            spans = [span for span in spans if cells.matches(span, {name: held[name]})]
    names = cells.values_of(cases, axis) if axis else [results.name]
    chosen = [(name, [span for span in spans if axis is None or span[axis] == name]) for name in names]
    return [lanes_of(name, mine) for name, mine in chosen if mine], held


def _size(value: str, order: Sequence[str]) -> tuple[int, float]:
    """Return how large an axis's value is: a word by its place in the grid, a number, then "all"."""
    if value == "all":
        return 2, 0.0
    try:
        return 1, float(value)
    except ValueError:
        return 0, order.index(value) if value in order else -1
