"""The marks of one line in a panel of a line figure; a mark's label says what it is."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from lab.present.figures import style
from lab.present.figures.bar_marks import draw_rounds, marker
from lab.present.figures.curves import Curve, limits_of


def draw_curve(axes: Axes, curve: Curve, last: float) -> None:
    """Draw a line with its band and its rounds, or the level line of a model that has no such axis.

    It is dotted across a case without a number, and beyond `last`, the last number of the axis: words stand
    at no distance.
    """
    colour, x = curve.look.colour, curve.x
    if curve.level and curve.level.median is not None:
        axes.axhline(curve.level.median, color=colour, linewidth=1.2, linestyle=(0, (6, 2)),
                     label="level", zorder=2)  # fmt: skip
    median, low, high = (curve.column(name) for name in ("median", "low", "high"))
    known = np.isfinite(median)
    if np.isfinite(low).any():
        axes.fill_between(x, low, high, color=colour, alpha=0.2, linewidth=0, label="interval", zorder=1.5)
        axes.vlines(x, low, high, color=colour, linewidth=0.8, alpha=0.6, label="ends", zorder=2)
    draw_rounds(axes, [(at, value) for at, row in curve.points for value in row.rounds], colour=colour)
    if known.any():
        axes.plot(x[known], median[known], ":", color=colour, linewidth=1.5, label="dotted", zorder=3.4)
        axes.plot(x[x <= last], median[x <= last], color=colour, linewidth=1.5, label="line", zorder=3.5)
        axes.plot(x[known], median[known], label="median", zorder=4, **marker(curve.look, 5.5))


def draw_limits(axes: Axes, curves: Sequence[Curve]) -> None:
    """Draw each different limit as a dashed line, and the limit of a single position as a dash."""
    for limits in limits_of(curves).values():
        axes.plot(*zip(*sorted(limits.items()), strict=True), "--", marker="_" if len(limits) == 1 else "",
                  markersize=14, color=style.INK, linewidth=1.0, label="limit", zorder=2.5)  # fmt: skip
