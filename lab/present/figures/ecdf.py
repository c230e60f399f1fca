"""Whose times a distribution shows: its panels, and in each the tasks of each case in order of time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any

from lab.core.errors import LabError
from lab.core.figures import Picked
from lab.present.figures import cells, selection, style
from lab.present.figures.curves import line_axis, looks_in

if TYPE_CHECKING:
    from lab.store.reading import Results

METRICS = {
    "latency_s": ("submitted_s", "finished_s"),
    "queue_wait_s": ("submitted_s", "started_s"),
    "service_s": ("started_s", "finished_s"),
}


@dataclass(frozen=True, slots=True)
class Steps:
    """One case's tasks: their times in order, and how many failed and are left out."""

    name: str
    look: style.Look
    times: Sequence[float]
    failed: int

    def quantile(self, share: float) -> float:
        """Return the shortest time that at least this share of the tasks took no longer than."""
        return self.times[max(0, ceil(share * len(self.times) - 1e-9) - 1)]


@dataclass(frozen=True, slots=True)
class Panel:
    """The axes that a panel holds fixed, and its step lines, the fastest by the median first."""

    fixed: cells.Case
    steps: Sequence[Steps]


def panels_of(results: Results, metric: str, where: Mapping[str, Picked]) -> list[Panel]:
    """Return a panel for each combination of the axes that do not name the lines.

    Raises LabError where there is no such time, axis or value, or no tasks were recorded.
    """
    if metric not in METRICS:
        raise selection.unknown(results.name, "metric", metric, list(METRICS))
    spans: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
    for span in results.spans.iter_rows(named=True):
        spans.setdefault(cells.key(span, results.axes), []).append(span)
    if not spans:
        raise LabError("no tasks to draw", where=results.name, remedy="run the experiment first")
    there = [dict(zip(results.axes, key, strict=True)) for key in spans]
    cases = selection.in_grid_order(results, selection.kept(results.name, there, results.axes, where))
    named = line_axis(results.axes, None, cases)
    names = cells.values_of(cases, named) if named else [""]
    looks = looks_in(names, named, selection.in_grid_order(results, there))
    panels = []
    for fixed in cells.panels(cases, [axis for axis in results.axes if axis != named]):
        mine = [case for case in cases if cells.matches(case, fixed)]
        found = [
            _steps(
                (case[named] if named else "") or "", looks, spans[cells.key(case, results.axes)], metric
            )
            for case in mine
        ]
        panels.append(Panel(fixed, [steps for steps in found if steps.times]))
    if not any(panel.steps for panel in panels):
        raise LabError("no tasks to draw: all failed", where=results.name, remedy="see trials.csv")
    return panels


def _steps(
    name: str, looks: Mapping[str, style.Look], tasks: Sequence[Mapping[str, Any]], metric: str
) -> Steps:
    start, end = METRICS[metric]
    good = [task for task in tasks if not task["error"]]
    times = sorted(max(0.0, task[end] - task[start]) for task in good)
    return Steps(name, looks.get(name, style.NEUTRAL), times, len(tasks) - len(good))
