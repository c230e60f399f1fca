"""Timeline: the tasks of one sample, a panel for each model, one lane for each worker, one time axis.

In the SVG each panel's tasks are one path, whose group has the identifier "tasks-<panel>"; those of the
waits and the failed tasks are "waits-<panel>" and "failed-<panel>". Of very many tasks only some are drawn.
"""

from collections.abc import Sequence
from math import ceil
from typing import Any

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.transforms import ScaledTranslation

from lab.core.errors import LabError
from lab.core.work import Value
from lab.present.figures import selection, style
from lab.present.figures.axis_scale import Scale
from lab.present.figures.lanes import Lanes, SpanRow, pick
from lab.present.figures.marks import SMALL, marker
from lab.present.figures.page import legend, page, panel_size
from lab.present.units import Unit, unit_of
from lab.store.reading import Results

LANE, LANES = 0.17, 1.75  # inches: a lane if there are few, and all of a panel's if there are many
HEAD = 0.2  # inches above the first lane, for the makespan
BAR, WAIT = 0.66, 0.42  # of a lane: the height of a bar, and how far below its middle the wait runs
MOST = 1500  # tasks that a figure draws: more would make a large file and could not be told apart
STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10**9)  # from one lane's number to the next
GOLDEN = (5**0.5 - 1) / 2
Points = list[tuple[float, float]]


def draw(results: Results, _summary: pl.DataFrame, **where: Value) -> Figure:
    """Return the lanes of each model: a bar for a task while it was served, a thin line while it waited.

    `where` picks the cases; an axis it leaves open is held at the largest of its values. Raises LabError
    if it names an unknown axis or value, or no tasks were recorded.
    """
    chosen, held = pick(results, where)
    if not chosen:
        raise LabError("no tasks to draw", where=results.name, remedy="run the experiment first")
    last = max(lanes.makespan_s for lanes in chosen)
    unit = unit_of("time_s", [last])
    every = ceil(sum(len(lanes.tasks) for lanes in chosen) / MOST)
    columns = 1 if len(chosen) <= 3 else 2 if len(chosen) <= 8 else 3
    counts = [len(lanes.workers) for lanes in chosen]
    most = [max(counts[n - n % columns : n - n % columns + columns]) for n in range(len(chosen))]
    failed = any(span["error"] for lanes in chosen for _, span in lanes.tasks)
    subtitle = "The tasks of one sample, one lane for each worker. "
    subtitle += legend("timeline", failed=failed, every=every) + selection.all_with(held)
    sized: list[tuple[selection.Case, float]] = [({}, HEAD + _lane(workers) * workers) for workers in most]
    labels = (f"time since submission ({unit.name})", None)
    figure = page(results, subtitle, sized, columns=columns, left=0.42, labels=labels)
    for panel, lanes, workers in zip(figure.axes, chosen, most, strict=True):
        Scale(0.0, last * unit.factor).apply(panel, "x")
        _number_lanes(panel, lanes, workers)
        look = style.look(lanes.name) if "model" in results.axes else style.NEUTRAL
        above = panel.transAxes + ScaledTranslation(4 / 72, 9 / 72, figure.dpi_scale_trans)
        panel.plot(0, 1, transform=above, clip_on=False, label="key", **marker(look, 6.5))
        panel.set_title(lanes.name, loc="left", x=0.16 / panel_size(panel)[0])
        _draw_tasks(panel, lanes, every, look, unit)
        _name_makespan(panel, lanes.makespan_s * unit.factor, unit)
    return figure


def _lane(workers: int) -> float:
    """Return the height of a lane, in inches, in a row of panels with at most this many workers."""
    return min(LANE, LANES / workers)


def _number_lanes(panel: Axes, lanes: Lanes, most: int) -> None:
    """Number the lanes from the top, as many of them as can be read, below room for the makespan."""
    lane = _lane(most)
    panel.set_ylim(most - 0.5, -0.5 - HEAD / lane)
    step = next(step for step in STEPS if step * lane >= 0.12)
    labels = {n: "lost" if worker == "lost" else str(n + 1) for n, worker in enumerate(lanes.workers)}
    shown = [n for n, label in labels.items() if n == 0 or (n + 1) % step == 0 or label == "lost"]
    panel.set_yticks(shown, [labels[n] for n in shown])
    panel.tick_params(axis="y", labelsize=7.0, pad=2.0)
    panel.set_ylabel("worker" if len(lanes.workers) > 1 else "", fontsize=SMALL)


def _draw_tasks(panel: Axes, lanes: Lanes, every: int, look: style.Look, unit: Unit) -> None:
    """Draw the waits and services of one task in `every`, one path for all, and mark those that failed."""
    # Multiples of the golden ratio are spread evenly, and in step with no number of workers.
    tasks = [task for n, task in enumerate(lanes.tasks) if n * GOLDEN % 1 < 1 / every]
    failed, served = ([task for task in tasks if bool(task[1]["error"]) == bad] for bad in (True, False))
    shortest = min(span["finished_s"] - span["started_s"] for _, span in tasks) * unit.factor
    width = shortest / panel.get_xlim()[1] * panel_size(panel)[0] * 72  # points
    # An edge keeps neighbours apart and hides no task, however short; of many tasks, it makes each visible.
    edge: dict[str, Any] = {"edgecolor": "white", "linewidth": min(0.6, width / 4)}
    if every > 1:
        edge = {"edgecolor": look.colour, "linewidth": 0.4}
    waits = [[(span["submitted_s"], n + WAIT), (span["started_s"], n + WAIT)] for n, span in tasks]
    _add(panel, "waits", lanes.name, waits, unit, fill=False, edgecolor=style.PALE, linewidth=0.9)
    _add(panel, "tasks", lanes.name, [_box(*t) for t in served], unit, facecolor=look.colour, **edge)
    _add(panel, "failed", lanes.name, [_box(*t) for t in failed], unit, facecolor="white",
         edgecolor=look.colour, linewidth=0.6, hatch="xxxxx")  # fmt: skip
    if failed:
        ends = [span["finished_s"] * unit.factor for _, span in failed]
        panel.plot(ends, [n for n, _ in failed], "x", color=style.INK, markersize=4, label="cross")


def _add(panel: Axes, what: str, name: str, shapes: Sequence[Points], unit: Unit, **how: Any) -> None:
    """Draw shapes, whose points are seconds and lanes, as one path."""
    if shapes:
        scaled = [Path(np.array(points) * [unit.factor, 1.0], closed=len(points) > 2) for points in shapes]
        path = Path.make_compound_path(*scaled)
        panel.add_artist(PathPatch(path, label=what, gid=f"{what}-{name}", **how))


def _box(lane: int, span: SpanRow) -> Points:
    start, end, top, bottom = span["started_s"], span["finished_s"], lane - BAR / 2, lane + BAR / 2
    return [(start, top), (end, top), (end, bottom), (start, bottom), (start, top)]


def _name_makespan(panel: Axes, end: float, unit: Unit) -> None:
    panel.axvline(end, color=style.INK, linewidth=0.8, label="makespan")
    left = end > 0.7 * panel.get_xlim()[1]
    middle = (end, (panel.get_ylim()[1] - 0.5) / 2)
    panel.annotate(unit.show(end), middle, (-4 if left else 4, 0), textcoords="offset points",
                   ha="right" if left else "left", va="center", fontsize=8.0)  # fmt: skip
