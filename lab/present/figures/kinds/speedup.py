"""Speedup: each model's over one worker of its own, every round, and the two laws fitted to them."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullLocator

from lab.analysis.predict.laws import Fit
from lab.analysis.predict.scaling import Sweep, fits, percent, sweeps
from lab.analysis.stats.intervals import Array, median, median_interval
from lab.core.errors import LabError
from lab.core.work import Value
from lab.present.figures import style
from lab.present.figures.page import name_axis, page

if TYPE_CHECKING:
    from lab.store.reading import Results

TALL, LEFT = 2.1, 0.5  # inches
HEADROOM = 1.4  # above what was measured, for the laws' parameters
LINES = {"Amdahl": (0, (5, 2)), "USL": "-"}


def draw(
    results: Results,
    summary: pl.DataFrame,  # noqa: ARG001 - every kind of figure is given it
    axis: str = "workers",
    **where: Value,
) -> Figure:
    """Return the figure; LabError where no model was measured with one worker and more."""
    swept, laws = sweeps(results, axis, **where), fits(results, axis, **where)
    if not swept:
        remedy = f"measure one of {axis}, and more"
        raise LabError(f"no model has a speedup over {axis}", where="speedup", remedy=remedy)
    cores = int(results.environment["machine"]["cores"])
    columns = min(2, len(swept))
    figure, axes = page(
        results.environment,
        subtitle(),
        panels=len(swept),
        columns=columns,
        heights=[TALL] * ceil(len(swept) / columns),
        left=LEFT,
        gutter=0.6,
        right=0.1,
        gap=0.75,
    )
    most = max(float(np.nanmax(sweep.speedups)) for sweep in swept.values())
    for number, (panel, (model, sweep)) in enumerate(zip(axes, swept.items(), strict=True)):
        lay(panel, sweep, model, HEADROOM * max(most, min(cores, float(sweep.workers.max()))))
        draw_ideal(panel, sweep, cores)
        for fit in laws[model]:
            draw_law(panel, sweep, fit, cores)
        draw_rounds(panel, sweep, model)
        say(panel, laws[model])
        if number % columns == 0:
            panel.set_ylabel("speedup over one worker")
    name_axis(axes, columns, axis.replace("_", " "), shared=True)
    return figure


def lay(panel: Axes, sweep: Sweep, model: str, most: float) -> None:
    """Title the panel and lay its axes: powers of two apart alike, as workers are doubled."""
    panel.set_title(model)
    panel.set_xscale("log", base=2)
    panel.set_xlim(0.92, float(sweep.workers.max()) * 1.08)
    panel.set_ylim(0, most)
    panel.xaxis.set_major_locator(FixedLocator(sweep.workers.tolist()))
    panel.xaxis.set_minor_locator(NullLocator())
    panel.xaxis.set_major_formatter(lambda value, _: f"{value:.0f}")
    panel.grid(axis="y", color=style.BAND, linewidth=0.6)


def fine(sweep: Sweep) -> Array:
    """Return numbers of workers that lie close enough for a curve."""
    return np.geomspace(1.0, float(sweep.workers.max()), 60)


def draw_ideal(panel: Axes, sweep: Sweep, cores: int) -> None:
    """Draw what cores allow: each worker its own, as long as there is one."""
    x = fine(sweep)
    panel.plot(x, np.minimum(x, cores), ":", color=style.INK, linewidth=1.0, label="ideal")


def draw_law(panel: Axes, sweep: Sweep, fit: Fit, cores: int) -> None:
    """Draw a law with its parameters; the USL also between the ends of their intervals."""
    x = fine(sweep)
    panel.plot(
        x,
        fit.law.speedup(x, cores, *fit.values.values()),
        linestyle=LINES[fit.law.name],
        color=style.GREY,
        linewidth=1.2,
        label=fit.law.name,
    )
    if fit.law.name == "USL" and np.isfinite(list(fit.low.values())).all():
        least = fit.law.speedup(x, cores, *fit.high.values())
        high = fit.law.speedup(x, cores, *fit.low.values())
        panel.fill_between(x, least, high, color=style.BAND, label="interval of the USL", zorder=0)


def draw_rounds(panel: Axes, sweep: Sweep, model: str) -> None:
    """Draw each round as a dot, the medians as the model's marker with their intervals."""
    look = style.look(model)
    for row in sweep.speedups:
        panel.plot(sweep.workers, row, "o", color=style.INK, alpha=0.5, markersize=2.4, label="round")
    low, high = median_interval(sweep.speedups.T)
    panel.vlines(sweep.workers, low, high, color=look.colour, linewidth=1.2, label="interval")
    panel.plot(
        sweep.workers,
        median(sweep.speedups.T),
        look.marker,
        color=look.colour,
        markeredgecolor=style.INK,
        markeredgewidth=0.5,
        markersize=7.5,
        label="median",
        zorder=4,
    )


def say(panel: Axes, laws: list[Fit]) -> None:
    """Write the laws' parameters into the panel, above all curves."""
    lines = []
    for fit in laws:
        words = [
            f"{name} {percent(value, *ends)}"
            for name, value in fit.values.items()
            for ends in [tuple(None if end != end else end for end in (fit.low[name], fit.high[name]))]
        ]
        lines.append(f"{fit.law.name}: {', '.join(words)}")
    panel.text(0.02, 0.98, "\n".join(lines), transform=panel.transAxes, va="top", fontsize=7.5)


def subtitle() -> str:
    """Return what is drawn."""
    return (
        "Marker: median speedup over the model's own single worker, with its 95 % interval; dots: each"
        " round; dotted: a core for each worker, as far as there are cores; dashed: Amdahl's law; line: the"
        " Universal Scalability Law, in the grey of its parameters' intervals."
    )
