"""Distribution: the share of one sample's tasks that took no longer than a time, a line for each case."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lab.analysis.stats.intervals import Array
from lab.analysis.stats.rounds import by_round
from lab.core.errors import LabError
from lab.core.figures import Picked
from lab.present.figures import selection, style
from lab.present.figures.axis_scale import scale_of
from lab.present.figures.marks import End, draw_end_labels, gutter, height, marker
from lab.present.figures.page import legend, page
from lab.present.units import Unit, unit_of
from lab.store.reading import Results

METRICS = {
    "latency_s": ("submitted_s", "finished_s"),
    "queue_wait_s": ("submitted_s", "started_s"),
    "service_s": ("started_s", "finished_s"),
}
QUANTILES = (0.5, 0.99)
SHARES = {0.0: "0 %", 0.25: "25 %", 0.5: "p50", 0.75: "75 %", 0.99: "p99"}
TALL = 2.9  # inches: a panel's height, if its names need no more


class Tasks(NamedTuple):
    """One case's tasks: its name and look, their times, and how many failed and are left out."""

    name: str
    look: style.Look
    times: Array
    failed: int


def draw(results: Results, _summary: pl.DataFrame, metric: str, **where: Picked) -> Figure:
    """Return the distributions of a time of the tasks; LabError without such tasks, time, axis or value."""
    fixed, panels = zip(*_panels(results, metric, where), strict=True)
    every = [tasks for panel in panels for tasks in panel]
    if not every:
        raise LabError("no tasks to draw: all failed", where=results.name, remedy="see trials.csv")
    times = np.concatenate([tasks.times for tasks in every])
    unit = unit_of(metric, times)
    scale = scale_of((times * unit.factor).tolist(), from_zero=False)
    names = [_names(panel, unit) for panel in panels]
    subtitle = legend("distribution", metric=unit.words, failed=sum(tasks.failed for tasks in every))
    sized = [(case, max(TALL, height(names))) for case in fixed]
    labels = (unit.label + scale.suffix, "tasks that took no longer")
    figure = page(results, subtitle, sized, left=0.75, right=gutter(names), labels=labels)
    for axes, panel, ends in zip(figure.axes, panels, names, strict=True):
        scale.apply(axes, "x")
        _draw_panel(axes, panel, ends, unit)
    return figure


def _panels(results: Results, metric: str, where: Mapping[str, Picked]) -> list[tuple[Any, list[Tasks]]]:
    """Return what each panel holds fixed, and the tasks of each of its cases."""
    if metric not in METRICS:
        raise selection.unknown(results, "metric", metric, list(METRICS))
    if results.spans.is_empty():
        raise LabError("no tasks to draw", where=results.name, remedy="run the experiment first")
    spans = selection.by_case(results.spans, results.axes)
    every = [case for case in by_round(results).cases if selection.key(case, results.axes) in spans]
    cases = selection.kept(results, every, where)
    groups = selection.lines_in(cases, results.axes, None, lambda case: case)
    names = list(dict.fromkeys(name for _, lines in groups for name in lines))
    looks = style.looks_of(names, selection.line_axis(results.axes, None, cases), every)
    panels = []
    for fixed, lines in groups:
        keys = [(name, selection.key(case, results.axes)) for name, own in lines.items() for case in own]
        tasks = [Tasks(name, looks[name], *_times(spans[key], metric)) for name, key in keys]
        panels.append((fixed, [each for each in tasks if len(each.times)]))
    return panels


def _times(spans: pl.DataFrame, metric: str) -> tuple[Array, int]:
    """Return the times of the tasks that did not fail, and how many failed."""
    start, end = METRICS[metric]
    finished = spans.filter(pl.col("error").cast(pl.String).fill_null("") == "")
    times = (finished[end] - finished[start]).clip(lower_bound=0.0).to_numpy()
    return times, spans.height - finished.height


def quantile(times: Array, share: float) -> float:
    """Return the shortest time that at least this share of the tasks did not exceed."""
    return float(np.quantile(times, share, method="inverted_cdf"))


def _names(panel: Sequence[Tasks], unit: Unit) -> list[End]:
    """Return the lines' names, the fastest on top, each led to by a stalk from its line."""
    order = sorted(panel, key=lambda tasks: quantile(tasks.times, 0.5), reverse=True)
    ends = []
    for number, (name, look, times, _) in enumerate(order):
        share = (number + 0.5) / len(order)
        remark = ", ".join(f"p{100 * q:.0f} {_shown(quantile(times, q))}" for q in QUANTILES)
        ends.append(End(name or "tasks", quantile(times, share) * unit.factor, share, look, remark))
    return ends


def _shown(seconds: float) -> str:
    """Return a time in the unit that suits it, whatever the axis has."""
    unit = unit_of("time_s", [seconds])
    return unit.show(seconds * unit.factor)


def _draw_panel(axes: Axes, panel: Sequence[Tasks], names: Sequence[End], unit: Unit) -> None:
    """Draw each case's line from its fastest task to its slowest: any further, it would look slower."""
    axes.set_yticks(list(SHARES), list(SHARES.values()))
    axes.grid(axis="y")
    for _, look, times, _ in panel:
        axes.ecdf(times * unit.factor, color=look.colour, linewidth=1.4, label="steps", zorder=3)
        marked = [quantile(times, share) * unit.factor for share in QUANTILES]
        axes.plot(marked, QUANTILES, label="quantiles", zorder=5, **marker(look, 6.0))
    axes.set_ylim(0, 1.03)
    draw_end_labels(axes, names)
    for end in names:
        if end.look:
            axes.plot(end.x, end.y, "o", color=end.look.colour, markersize=3.5, label="start", zorder=6)
