"""The crossing of two lines of a panel and the knee of each line, as marks and in words."""

from math import inf, isnan

import numpy as np
from matplotlib.axes import Axes

from lab.analysis.stats.crossings import Crossing
from lab.analysis.stats.intervals import Array
from lab.analysis.stats.knees import Knee
from lab.core.errors import LabError
from lab.present.figures import style
from lab.present.figures.cells import unknown
from lab.present.figures.curves import Curve
from lab.present.sentences.crossings import bound_text
from lab.present.units import axis_value
from lab.store.reading import Results


def check_pair(results: Results, pair: object, lines: list[str]) -> None:
    """Raise LabError unless a crossing names two of these lines."""
    if not isinstance(pair, tuple | list) or len(pair) not in (2, 3):
        remedy = 'write crossing=("threads", "asyncio"), or with a factor from 1 on as a third'
        raise LabError("a crossing is of two lines", where=results.name, remedy=remedy)
    for line in pair[:2]:
        if line not in lines:
            raise unknown(results, "line", str(line), list(dict.fromkeys(lines)))


def is_marked(crossed: Crossing) -> bool:
    """Return whether a crossing lies within the sweep, and the two lines differ at its end."""
    return crossed.significant and 0 < crossed.at < inf


def draw_crossing(axes: Axes, crossed: Crossing, first: Curve) -> None:
    """Mark a crossing with a ring and a dotted line, and its interval with a grey band."""
    if not isnan(crossed.low):
        left, right = axes.get_xlim()
        low = crossed.low if crossed.low > 0 else left
        axes.axvspan(low, min(crossed.high, right), color=style.BAND, linewidth=0,
                     label="crossing interval", zorder=0)  # fmt: skip
    axes.axvline(crossed.at, color=style.INK, linewidth=0.8, linestyle=":", label="crossing", zorder=2)
    _draw_ring(axes, crossed.at, _height(axes, first, crossed.at), "crossing mark")


def _height(axes: Axes, curve: Curve, x: float) -> float:
    """Return how high a line is drawn at a position between its points; a level line is so everywhere."""
    points = curve.points or ({x: curve.level} if curve.level else {})
    scaled = axes.transScale.transform([(at, row.median or 0.0) for at, row in points.items()])
    across = axes.transScale.transform((x, 1.0))[0]
    height = np.interp(across, *scaled.T)
    return float(axes.transScale.inverted().transform((across, height))[1])


def _draw_ring(axes: Axes, x: float, y: float, label: str) -> None:
    axes.plot(x, y, "o", markersize=11, markerfacecolor="none", markeredgecolor=style.INK,
              markeredgewidth=1.1, label=label, zorder=6)  # fmt: skip


def draw_knee(axes: Axes, knee: Knee | None, curve: Curve) -> None:
    """Put a ring around the point that is a line's knee."""
    row = curve.points.get(knee.at) if knee else None
    if knee and row:
        _draw_ring(axes, knee.at, row.median or 0.0, "knee")


def knee_text(knee: Knee | None, x: str, swept: Array) -> str:
    """Return a knee in words: "knee at 64 (32 to 128)"."""
    if knee is None:
        return ""
    if knee.at == inf:
        return f"no knee up to {axis_value(x, swept[-1])}"
    ends = [bound_text(bound, swept[0], swept[-1], x) for bound in (knee.low, knee.high)]
    return f"knee at {axis_value(x, knee.at)}" + (f" ({' to '.join(ends)})" if knee.low < knee.high else "")
