"""Speedup: each model's over one worker of its own, every round, and the two laws fitted to them."""

from collections.abc import Sequence

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lab.analysis.predict.scaling import Fit, Sweep, sweeps
from lab.analysis.stats.intervals import Array, median, median_interval
from lab.core.errors import LabError
from lab.core.words import percent
from lab.core.work import Value
from lab.present.figures import style
from lab.present.figures.axis_scale import Scale
from lab.present.figures.marks import SMALL, draw_rounds, marker
from lab.present.figures.page import legend, page
from lab.present.figures.selection import Case
from lab.present.units import in_words
from lab.store.reading import Results

TALL, LEFT = 2.1, 0.5  # inches
HEADROOM = 0.3  # of a panel, above what was measured: for the laws' parameters
LINES = {"Amdahl": (0, (5, 2)), "USL": "-"}


def draw(results: Results, _summary: pl.DataFrame, axis: str = "workers", **where: Value) -> Figure:
    """Return the figure; LabError if no model was measured with one worker and more."""
    swept = sweeps(results, axis, **where)
    if not swept:
        remedy = f"measure one of {axis}, and more"
        raise LabError(f"no model has a speedup over {axis}", where="speedup", remedy=remedy)
    cores = int(results.environment["machine"]["cores"])
    measured = max(float(np.nanmax(sweep.speedups)) for sweep in swept.values())
    ideal = min(float(cores), *(float(sweep.workers.max()) for sweep in swept.values()))
    panels: list[tuple[Case, float]] = [({}, TALL)] * len(swept)
    labels = (in_words(axis), "speedup over one worker")
    figure = page(results, legend("speedup"), panels, left=LEFT, labels=labels)
    for panel, (model, sweep) in zip(figure.axes, swept.items(), strict=True):
        panel.set_title(model, loc="left")
        most, ticks = float(sweep.workers.max()), [(n, f"{n:.0f}") for n in sweep.workers.tolist()]
        Scale(1.0, most, logarithmic=True).apply(panel, "x", ticks=ticks)  # doublings are equally far apart
        Scale(0.0, max(measured, ideal)).apply(panel, "y", room=HEADROOM)
        _draw_laws(panel, sweep.fits, np.geomspace(1.0, most, 60), cores)
        _draw_measured(panel, sweep, style.look(model))
    return figure


def _draw_measured(panel: Axes, sweep: Sweep, look: style.Look) -> None:
    draw_rounds(panel, [dot for row in sweep.speedups for dot in zip(sweep.workers, row, strict=True)])
    low, high = median_interval(sweep.speedups.T)
    panel.vlines(sweep.workers, low, high, color=look.colour, linewidth=1.2, label="interval")
    panel.plot(sweep.workers, median(sweep.speedups.T), label="median", zorder=4, **marker(look, 7.5))


def _draw_laws(panel: Axes, laws: Sequence[Fit], x: Array, cores: int) -> None:
    """Draw what the cores allow and each law, the USL with its interval too, and write their parameters."""
    panel.plot(x, np.minimum(x, cores), ":", color=style.INK, linewidth=1.0, label="ideal")
    lines = []
    for fit in laws:
        speedup = fit.law.speedup(x, cores, *fit.values.values())
        panel.plot(x, speedup, linestyle=LINES[fit.law.name], color=style.GREY, linewidth=1.2,
                   label=fit.law.name)  # fmt: skip
        known = bool(np.isfinite(list(fit.low.values())).all())
        if fit.law.name == "USL" and known:
            least, most = (fit.law.speedup(x, cores, *each.values()) for each in (fit.high, fit.low))
            panel.fill_between(x, least, most, color=style.BAND, label="interval of the USL", zorder=0)
        ends = {name: (fit.low[name], fit.high[name]) if known else (None, None) for name in fit.values}
        words = [f"{name} {percent(value, *ends[name])}" for name, value in fit.values.items()]
        lines.append(f"{fit.law.name}: {', '.join(words)}")
    panel.text(0.02, 0.98, "\n".join(lines), transform=panel.transAxes, va="top", fontsize=SMALL)
