"""Distribution: which share of one sample's tasks took no longer than so long, a step line a case."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import TYPE_CHECKING

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lab.core.figures import Picked
from lab.core.words import many
from lab.present.figures import bar_marks, cells, end_labels, style
from lab.present.figures.axis_scale import Ruler, ruler_of
from lab.present.figures.ecdf import Panel, Steps, panels_of
from lab.present.figures.page import name_axis, page
from lab.present.units import Unit, unit_of

if TYPE_CHECKING:
    from lab.store.reading import Results

QUANTILES = (0.5, 0.99)
TALL = 2.9  # inches: a panel's height, where its names need no more


def draw(results: Results, summary: pl.DataFrame, metric: str, **where: Picked) -> Figure:  # noqa: ARG001
    """Return the empirical distributions of a time of the tasks, as the spans have them.

    Raises LabError where there is no such time, axis or value, or no tasks were recorded.
    """
    panels = panels_of(results, metric, where)
    times = [time for panel in panels for steps in panel.steps for time in steps.times]
    unit = unit_of(metric, times)
    ruler = ruler_of([time * unit.factor for time in times], from_zero=False)
    held = cells.held([panel.fixed for panel in panels])
    named = [_ends(panel, ruler, unit) for panel in panels]
    columns = 1 if len(panels) == 1 else 2
    room = max(end_labels.gutter(some) for some in named)
    figure, axes = page(
        results.environment,
        _subtitle(panels, unit, cells.words(held)),
        panels=len(panels),
        columns=columns,
        heights=[max(TALL, *(end_labels.height(some) for some in named))] * ceil(len(panels) / columns),
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
        end_labels.draw_ends(drawn, some, dots=True)
    name_axis(axes, columns, unit.label + (", logarithmic" if ruler.logarithmic else ""), shared=True)
    return figure


def _lay_shares(axes: Axes, *, named: bool) -> None:
    """Span the share of the tasks, with the two quantiles that are marked."""
    axes.set_ylim(0, 1.03)
    places = {0.0: "0 %", 0.25: "25 %", 0.5: "p50", 0.75: "75 %", 0.99: "p99"}
    axes.set_yticks(list(places), list(places.values()) if named else [""] * len(places))
    axes.grid(axis="y", color=style.BAND, linewidth=0.6)
    if named:
        axes.set_ylabel("tasks that took no longer")


def _draw_steps(axes: Axes, steps: Steps, ruler: Ruler, unit: Unit) -> None:
    """Draw a case's line from its fastest task to its slowest, and no further, or it would look slower."""
    places = [ruler.place(time * unit.factor) for time in steps.times]
    shares = [number / len(places) for number in range(1, len(places) + 1)]
    axes.step([places[0], *places], [0.0, *shares], where="post", color=steps.look.colour,
              linewidth=1.4, label="steps", zorder=3)  # fmt: skip
    marked = [ruler.place(steps.quantile(share) * unit.factor) for share in QUANTILES]
    axes.plot(marked, QUANTILES, label="quantiles", zorder=5, **bar_marks.marker(steps.look, 6.0))


def _ends(panel: Panel, ruler: Ruler, unit: Unit) -> list[end_labels.End]:
    """Return the lines' names, the fastest on top, each led to by a stalk from its line."""
    order = sorted(panel.steps, key=lambda steps: steps.quantile(0.5), reverse=True)
    found = []
    for steps in panel.steps:
        share = (order.index(steps) + 0.5) / len(order)
        remark = ", ".join(f"p{100 * q:.0f} {_shown(steps.quantile(q))}" for q in QUANTILES)
        place = ruler.place(steps.quantile(share) * unit.factor)
        found.append(end_labels.End(steps.name or "tasks", place, share, steps.look, remark))
    return found


def _shown(seconds: float) -> str:
    """Return a time in the unit that suits it, whatever the axis has."""
    unit = unit_of("time_s", [seconds])
    return unit.show(seconds * unit.factor)


def _subtitle(panels: Sequence[Panel], unit: Unit, kept: str) -> str:
    failed = sum(steps.failed for panel in panels for steps in panel.steps)
    text = (
        f"Line: the share of one sample's tasks whose {unit.words} was no longer; markers: p50 and p99, "
        "the times that 50 % and 99 % of them kept to"
    )
    text += f"; {many(failed, 'failed task')} left out" if failed else ""
    return text + "." + (f" All with {kept}." if kept else "")
