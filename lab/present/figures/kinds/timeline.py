"""Timeline: the tasks of one sample, a panel a model, a lane a worker, on one shared time axis."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import polars as pl
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.transforms import ScaledTranslation

from lab.core.errors import LabError
from lab.core.work import Value
from lab.present.figures import bar_marks, cells, lanes, style
from lab.present.figures.page import name_axis, page, page_of, panel_width
from lab.present.units import Unit, unit_of

if TYPE_CHECKING:
    from lab.store.reading import Results

LANE, LANES = 0.17, 1.75  # inches: a lane where there are few, and all of a panel's where there are many
HEAD = 0.2  # inches above the first lane, for the makespan
BAR, WAIT = 0.66, 0.42  # of a lane: the height of a bar, and how far below its middle the wait runs


def draw(results: Results, summary: pl.DataFrame, **where: Value) -> Figure:  # noqa: ARG001
    """Return the lanes of each model: a bar a task while it was served, a thin line while it waited.

    `where` picks the cases; an axis it leaves open is held at the largest of its values. Raises
    LabError where it names what is not there, or no tasks were recorded.
    """
    chosen, held = lanes.pick(results, where)
    if not chosen:
        raise LabError("no tasks to draw", where=results.name, remedy="run the experiment first")
    unit = unit_of("time_s", [panel.makespan_s for panel in chosen])
    columns = 1 if len(chosen) <= 3 else 2 if len(chosen) <= 8 else 3
    most = [
        max(len(panel.workers) for panel in chosen[n : n + columns]) for n in range(0, len(chosen), columns)
    ]
    figure, axes = page(
        results.environment,
        _subtitle(chosen, held),
        panels=len(chosen),
        columns=columns,
        heights=[HEAD + _lane(workers) * workers for workers in most],
        left=0.42,
        gutter=0.42,
        right=0.1,
    )
    last = max(panel.makespan_s for panel in chosen) * unit.factor
    for number, (panel, mine) in enumerate(zip(axes, chosen, strict=True)):
        panel.set_xlim(0, last * 1.01)
        _lay_lanes(panel, mine, most[number // columns], named=number % columns == 0)
        look = style.look(mine.name) if "model" in results.axes else style.NEUTRAL
        _name_panel(panel, mine.name, look)
        _draw_tasks(panel, mine, look, unit)
        _name_makespan(panel, mine, unit)
    name_axis(axes, columns, f"time since submission ({unit.name})", shared=True)
    return figure


def _lane(workers: int) -> float:
    """Return the height of a lane, in inches, in a row of panels with at most so many workers."""
    return min(LANE, LANES / workers)


def _subtitle(chosen: Sequence[lanes.Lanes], held: cells.Case) -> str:
    failed = any(span["error"] for panel in chosen for _, span in panel.tasks)
    kept = cells.words(held)
    return (
        "The tasks of one sample, a lane a worker. Bar: a task being served; thin line: a task in the queue"
        + ("; hatched, with a cross: a task that failed" if failed else "")
        + "; upright line: the makespan."
        + (f" All with {kept}." if kept else "")
    )


def _lay_lanes(panel: Axes, mine: lanes.Lanes, most: int, *, named: bool) -> None:
    """Number the lanes from the top, as many of them as can be read, under room for the makespan."""
    lane = _lane(most)
    panel.set_ylim(most - 0.5, -0.5 - HEAD / lane)
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10**9) if step * lane >= 0.12)
    labels = {n: "lost" if worker == "lost" else str(n + 1) for n, worker in enumerate(mine.workers)}
    shown = [n for n, label in labels.items() if n == 0 or (n + 1) % step == 0 or label == "lost"]
    panel.set_yticks(shown, [labels[n] for n in shown])
    panel.tick_params(axis="y", labelsize=7.0, pad=2.0)
    panel.grid(axis="x", color=style.BAND, linewidth=0.6)
    if named and most > 1:
        panel.set_ylabel("worker", fontsize=bar_marks.SMALL)


def _draw_tasks(panel: Axes, mine: lanes.Lanes, look: style.Look, unit: Unit) -> None:
    """Draw each task's wait and service."""
    panel.hlines(
        [lane + WAIT for lane, _ in mine.tasks],
        [span["submitted_s"] * unit.factor for _, span in mine.tasks],
        [span["started_s"] * unit.factor for _, span in mine.tasks],
        color=style.PALE,
        linewidth=0.9,
        label="wait",
        zorder=1,
    )
    look_of: dict[str, dict[str, Any]] = {
        "service": {"facecolor": look.colour, "edgecolor": "white", "linewidth": _edge(panel, mine, unit)},
        "failed": {"facecolor": "white", "edgecolor": look.colour, "linewidth": 0.6, "hatch": "xxxxx"},
    }
    for label, drawn in look_of.items():
        tasks = [task for task in mine.tasks if bool(task[1]["error"]) == (label == "failed")]
        boxes = [_box(lane, span, unit) for lane, span in tasks]
        panel.add_collection(PolyCollection(boxes, zorder=2, label=label, **drawn), autolim=False)
    for lane, span in mine.tasks:
        if span["error"]:
            panel.plot(
                span["finished_s"] * unit.factor, lane, "x", color=style.INK, markersize=4, label="cross"
            )


def _edge(panel: Axes, mine: lanes.Lanes, unit: Unit) -> float:
    """Return how wide an edge, in points, keeps neighbours apart and hides no task, however short."""
    shortest = min(span["finished_s"] - span["started_s"] for _, span in mine.tasks) * unit.factor
    wide = shortest / panel.get_xlim()[1] * panel_width(panel) * 72
    tall = BAR * _lane(len(mine.workers)) * 72
    return float(min(0.6, wide / 4, tall / 8))


def _name_panel(panel: Axes, name: str, look: style.Look) -> None:
    """Write the model's name above its panel, after its marker."""
    above = ScaledTranslation(4 / 72, 9 / 72, page_of(panel).dpi_scale_trans)
    panel.plot(
        0, 1, transform=panel.transAxes + above, clip_on=False, label="key", **bar_marks.marker(look, 6.5)
    )
    panel.set_title(name, x=0.16 / panel_width(panel))


def _box(y: int, span: lanes.SpanRow, unit: Unit) -> list[tuple[float, float]]:
    start, end = span["started_s"] * unit.factor, span["finished_s"] * unit.factor
    top, bottom = y - BAR / 2, y + BAR / 2
    return [(start, top), (end, top), (end, bottom), (start, bottom)]


def _name_makespan(panel: Axes, mine: lanes.Lanes, unit: Unit) -> None:
    """Draw a line where the last task finished, and write there how long it took."""
    end = mine.makespan_s * unit.factor
    panel.axvline(end, color=style.INK, linewidth=0.8, label="makespan")
    left = end > 0.7 * panel.get_xlim()[1]
    panel.annotate(
        unit.show(end),
        (end, (panel.get_ylim()[1] - 0.5) / 2),
        (-4 if left else 4, 0),
        textcoords="offset points",
        ha="right" if left else "left",
        va="center",
        fontsize=8.0,
    )
