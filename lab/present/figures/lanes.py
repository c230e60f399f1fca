"""The tasks that a timeline shows: the cases that its options pick, with one lane for each worker."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from lab.analysis.stats.rounds import by_round
from lab.core.work import Value
from lab.present.figures import selection
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

    `where` holds an axis at a value; an axis that it leaves open is held at its largest: "all", or the
    largest number, or the last word. The baseline's second measurement is left out, because it is not a
    model. Raises LabError for an unknown axis or value.
    """
    axes, named = results.axes, selection.row_axis(results.axes)
    spans = selection.by_case(results.spans, axes)
    cases = [case for case in by_round(results).cases if selection.key(case, axes) in spans]
    held: dict[str, str | None] = {axis: str(value) for axis, value in where.items()}
    if cases:
        cases = selection.kept(results, cases, where)
    for axis in axes:
        if axis not in where and axis != named and (values := selection.values_of(cases, axis)):
            numbers = [value for value in values if number(value) is not None]
            held[axis] = "all" if "all" in values else (selection.ordered(numbers) or values)[-1]
            cases = [case for case in cases if case[axis] in (None, held[axis])]
    names = [case[named] or "" if named else results.name for case in cases]
    tasks = [spans[selection.key(case, axes)].to_dicts() for case in cases]
    return list(map(lanes_of, names, tasks)), {axis: held[axis] for axis in axes if axis in held}
