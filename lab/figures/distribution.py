"""Distribution: which share of one sample's tasks took no longer than so long, a step line a case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lab.core import LabError
from lab.declare import Picked
from lab.figures import cells, ends, marks, picking, style
from lab.figures.curves import line_axis
from lab.figures.page import name_axis, page
from lab.figures.ruler import Ruler, ruler_of
from lab.figures.units import Unit, unit_of

if TYPE_CHECKING:
    from lab.store.reading import Results

METRICS = {
    "latency_s": ("submitted_s", "finished_s"),
    "queue_wait_s": ("submitted_s", "started_s"),
    "service_s": ("started_s", "finished_s"),
}
QUANTILES = (0.5, 0.99)
TALL, EACH = 2.9, 0.32  # inches: a panel's height, and that of a name with its two quantiles


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


def draw(results: Results, summary: pl.DataFrame, metric: str, **where: Picked) -> Figure:  # noqa: ARG001
    """Return the empirical distributions of a time of the tasks, as the spans have them.

    Raises LabError where there is no such time, axis or value, or no tasks were recorded.
    """
    if metric not in METRICS:
        raise picking.unknown(results.name, "metric", metric, list(METRICS))
    panels = _panels(results, metric, where)
    times = [time for panel in panels for steps in panel.steps for time in steps.times]
    if not times:
        raise LabError("no tasks to draw", where=results.name, remedy="run the experiment first")
    unit = unit_of(metric, times)
    ruler = ruler_of([time * unit.factor for time in times])
    held = cells.held([panel.fixed for panel in panels])
    named = [_ends(panel, ruler, unit) for panel in panels]
    columns = 1 if len(panels) == 1 else 2
    room = max(ends.gutter(some) for some in named)
    figure, axes = page(
        results.environment,
        _subtitle(panels, unit, cells.words(held)),
        panels=len(panels),
        columns=columns,
        heights=[max(TALL, EACH * max(len(some) for some in named))] * ceil(len(panels) / columns),
        left=0.75,
        gutter=room + 0.3,
        right=room,
    )
    for number, (drawn, panel, some) in enumerate(zip(axes, panels, named, strict=True)):
        ruler.lay(drawn, "x")
        _lay_shares(drawn, named=number % columns == 0)
        drawn.set_title(cells.words({axis: v for axis, v in panel.fixed.items() if axis not in held}))
        for steps in panel.steps:
            _draw_steps(drawn, steps, ruler, unit)
        ends.draw_ends(drawn, some)
    name_axis(axes, columns, unit.label + (", logarithmic" if ruler.logarithmic else ""), shared=True)
    return figure


def _panels(results: Results, metric: str, where: dict[str, Picked]) -> list[Panel]:
    spans: dict[tuple[str | None, ...], list[dict[str, object]]] = {}
    for span in results.spans.iter_rows(named=True):
        spans.setdefault(cells.key(span, results.axes), []).append(span)
    there = [dict(zip(results.axes, key, strict=True)) for key in spans]
    cases = picking.in_grid_order(results, picking.kept(results.name, there, results.axes, where))
    named = line_axis(results.axes, "", cases)
    names = cells.values_of(cases, named) if named else [""]
    looks = dict(zip(names, style.looks_of(names, named), strict=True))
    panels = []
    for fixed in cells.panels(cases, [axis for axis in results.axes if axis != named]):
        found = []
        for case in cases:
            name = (case[named] if named else "") or ""
            if cells.matches(case, fixed):
                tasks = spans[cells.key(case, results.axes)]
                found.append(_steps(name, looks.get(name, style.NEUTRAL), tasks, metric))
        panels.append(Panel(fixed, [steps for steps in found if steps.times]))
    return panels


def _steps(name: str, look: style.Look, tasks: Sequence[dict[str, object]], metric: str) -> Steps:
    start, end = METRICS[metric]
    good = [task for task in tasks if not task["error"]]
    times = sorted(max(0.0, float(str(task[end])) - float(str(task[start]))) for task in good)
    return Steps(name, look, times, len(tasks) - len(good))


def _lay_shares(axes: Axes, *, named: bool) -> None:
    """Span the share of the tasks, with the two quantiles that are marked."""
    axes.set_ylim(0, 1.03)
    places = {0.0: "0 %", 0.25: "25 %", 0.5: "p50", 0.75: "75 %", 0.99: "p99"}
    axes.set_yticks(list(places), list(places.values()) if named else [""] * len(places))
    axes.grid(axis="y", color=style.BAND, linewidth=0.6)
    if named:
        axes.set_ylabel("tasks that took no longer")


def _draw_steps(axes: Axes, steps: Steps, ruler: Ruler, unit: Unit) -> None:
    places = [ruler.place(time * unit.factor) for time in steps.times]
    shares = [number / len(places) for number in range(1, len(places) + 1)]
    left, right = axes.get_xlim()
    axes.step([left, *places, right], [0.0, *shares, 1.0], where="post", color=steps.look.colour,
              linewidth=1.4, label="steps", zorder=3)  # fmt: skip
    marked = [ruler.place(steps.quantile(share) * unit.factor) for share in QUANTILES]
    axes.plot(marked, QUANTILES, label="quantiles", zorder=5, **marks.marker(steps.look, 6.0))


def _ends(panel: Panel, ruler: Ruler, unit: Unit) -> list[ends.End]:
    """Return the lines' names, the fastest on top, each led to by a stalk from its line."""
    ordered = sorted(panel.steps, key=lambda steps: steps.quantile(0.5), reverse=True)
    found = []
    for number, steps in enumerate(ordered):
        share = (number + 0.5) / len(ordered)
        remark = ", ".join(
            f"p{100 * q:.0f} {unit.show(steps.quantile(q) * unit.factor)}" for q in QUANTILES
        )
        place = ruler.place(steps.quantile(share) * unit.factor)
        found.append(ends.End(steps.name or "tasks", place, share, steps.look, remark))
    return found


def _subtitle(panels: Sequence[Panel], unit: Unit, kept: str) -> str:
    failed = sum(steps.failed for panel in panels for steps in panel.steps)
    text = f"Line: the share of one sample's tasks whose {unit.words} was no longer; markers: p50 and p99, the time that 50 % and 99 % of the tasks kept within"
    text += f"; {failed} tasks that failed are left out" if failed else ""
    return text + "." + (f" All with {kept}." if kept else "")
