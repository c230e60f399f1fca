"""Distribution: the share of one sample's tasks that took no longer than a time, a line for each case."""

from collections.abc import Sequence
from functools import partial

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lab.core.figures import Picked
from lab.core.words import many
from lab.present.figures.axis_scale import Scale, scale_of
from lab.present.figures.bar_marks import marker
from lab.present.figures.ecdf import Steps, steps_of
from lab.present.figures.end_labels import End, draw_ends, gutter, height
from lab.present.figures.page import Panel, legend, page
from lab.present.units import Unit, unit_of
from lab.store.reading import Results

QUANTILES = (0.5, 0.99)
SHARES = {0.0: "0 %", 0.25: "25 %", 0.5: "p50", 0.75: "75 %", 0.99: "p99"}
TALL = 2.9  # inches: a panel's height, if its names need no more


def draw(results: Results, _summary: pl.DataFrame, metric: str, **where: Picked) -> Figure:
    """Return the empirical distributions of a time of the tasks, from the spans.

    Raises LabError if there is no such time, axis or value, or no tasks were recorded.
    """
    fixed, panels = zip(*steps_of(results, metric, where), strict=True)
    every = [steps for panel in panels for steps in panel]
    times = [float(time) for steps in every for time in steps.drawn()[0]]
    unit = unit_of(metric, times)
    scale = scale_of([time * unit.factor for time in times], from_zero=False)
    names = [_names(panel, unit) for panel in panels]
    tall, failed = max(TALL, *map(height, names)), sum(steps.failed for steps in every)
    subtitle = legend(
        f"line: the share of one sample's tasks whose {unit.words} was no longer",
        "markers: p50 and p99, the times that 50 % and 99 % of the tasks did not exceed",
        f"{many(failed, 'failed task')} left out" if failed else "",
    )
    return page(
        results.environment,
        subtitle,
        [
            Panel(case, tall, partial(_draw_panel, steps, ends, scale, unit))
            for case, steps, ends in zip(fixed, panels, names, strict=True)
        ],
        left=0.75,
        right=max(map(gutter, names)),
        x_label=unit.label + scale.suffix,
        y_label="tasks that took no longer",
    )


def _draw_panel(lines: Sequence[Steps], names: Sequence[End], scale: Scale, unit: Unit, axes: Axes) -> None:
    """Draw each case's line from its fastest task to its slowest: any further, it would look slower."""
    scale.apply(axes, "x")
    axes.set_ylim(0, 1.03)
    axes.set_yticks(list(SHARES), list(SHARES.values()))
    axes.grid(axis="y")
    for steps in lines:
        times, shares = steps.drawn()
        axes.step([times[0] * unit.factor, *times * unit.factor], [0.0, *shares], where="post",
                  color=steps.look.colour, linewidth=1.4, label="steps", zorder=3)  # fmt: skip
        marked = [steps.quantile(share) * unit.factor for share in QUANTILES]
        axes.plot(marked, QUANTILES, label="quantiles", zorder=5, **marker(steps.look, 6.0))
    draw_ends(axes, names, dots=True)


def _names(lines: Sequence[Steps], unit: Unit) -> list[End]:
    """Return the lines' names, the fastest on top, each led to by a stalk from its line."""
    order = sorted(lines, key=lambda steps: steps.quantile(0.5), reverse=True)
    ends = []
    for number, steps in enumerate(order):
        share = (number + 0.5) / len(order)
        remark = ", ".join(f"p{100 * q:.0f} {_shown(steps.quantile(q))}" for q in QUANTILES)
        ends.append(
            End(steps.name or "tasks", steps.quantile(share) * unit.factor, share, steps.look, remark)
        )
    return ends


def _shown(seconds: float) -> str:
    """Return a time in the unit that suits it, whatever the axis has."""
    unit = unit_of("time_s", [seconds])
    return unit.show(seconds * unit.factor)
