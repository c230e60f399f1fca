"""Where one line of a sweep crosses another, and the knee of each line: in words, and as marks."""

from collections.abc import Sequence
from math import inf, isnan

import numpy as np
from matplotlib.axes import Axes

from lab.analysis.stats.crossings import Crossing, Knee, crossing, knee_of
from lab.core.errors import LabError
from lab.present.figures import style
from lab.present.figures.curves import Curve
from lab.present.figures.selection import unknown
from lab.present.figures.sweep import Sweep
from lab.present.sentences.crossings import crossing_text

Pair = Sequence[str | float]
BETTER = ("_per_s", "speedup")  # how the name of a metric ends of which more is better


def check_pair(name: str, pair: object, lines: Sequence[str]) -> None:
    """Raise LabError unless a crossing names two of these lines."""
    if not isinstance(pair, tuple | list) or len(pair) not in (2, 3):
        remedy = 'write crossing=("threads", "asyncio"), or with a factor from 1 on as a third'
        raise LabError("a crossing is of two lines", where=name, remedy=remedy)
    for line in pair[:2]:
        if line not in lines:
            raise unknown(name, "line", str(line), list(dict.fromkeys(lines)))


def lines_and_lead(pair: Pair) -> tuple[str, str, float]:
    """Return the names of the two lines, and by which factor the second has to be ahead."""
    return str(pair[0]), str(pair[1]), float(pair[2]) if len(pair) > 2 else 1.0


def crossing_of(curves: Sequence[Curve], pair: Pair, sweep: Sweep) -> Crossing | None:
    """Return where the second of two lines of a panel gets past the first; None if one is missing."""
    first, second, lead = lines_and_lead(pair)
    by_name = {curve.name: curve.by_round(sweep.swept) for curve in curves}
    if first not in by_name or second not in by_name:
        return None
    return crossing(np.array(sweep.swept), by_name[first], by_name[second], lead)


def is_marked(crossed: Crossing) -> bool:
    """Return whether a crossing lies within the sweep, and the two lines differ at its end."""
    return crossed.significant and 0 < crossed.at < inf


def words_of(crossed: Crossing, pair: Pair, sweep: Sweep, metric: str) -> str:
    """Return a crossing in words: which line is ahead from where on, the interval, and by how much."""
    first, second, lead = lines_and_lead(pair)
    return crossing_text(crossed, (first, second), lead, metric, sweep.show, sweep.show)


def _bound(bound: float, first: float, last: float, sweep: Sweep) -> str:
    """Return a bound in words, or that it lies before or after the whole sweep."""
    if bound == -inf:
        return f"below {sweep.show(first)}"
    return f"beyond {sweep.show(last)}" if bound == inf else sweep.show(bound)


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
    points = curve.points or ([(x, curve.level)] if curve.level else [])
    scaled = axes.transScale.transform([(at, row.median or 0.0) for at, row in points])
    across = axes.transScale.transform((x, points[0][1].median or 0.0))[0]
    height = np.interp(across, *scaled.T)
    return float(axes.transScale.inverted().transform((across, height))[1])


def _draw_ring(axes: Axes, x: float, y: float, label: str) -> None:
    axes.plot(x, y, "o", markersize=11, markerfacecolor="none", markeredgecolor=style.INK,
              markeredgewidth=1.1, label=label, zorder=6)  # fmt: skip


def knee_in(curve: Curve, sweep: Sweep, metric: str) -> Knee | None:
    """Return the knee of a line; None if it has no numbers in the sweep."""
    if not sweep.swept or not curve.points:
        return None
    return knee_of(
        np.array(sweep.swept), curve.by_round(sweep.swept), more_is_better=metric.endswith(BETTER)
    )


def knee_words(knee: Knee | None, sweep: Sweep) -> str:
    """Return a knee in words: "knee at 64 (32 to 128)"."""
    if knee is None:
        return ""
    if knee.at == inf:
        return f"no knee up to {sweep.show(sweep.swept[-1])}"
    words = f"knee at {sweep.show(knee.at)}"
    if knee.low < knee.high:
        ends = [_bound(bound, sweep.swept[0], sweep.swept[-1], sweep) for bound in (knee.low, knee.high)]
        words += f" ({' to '.join(ends)})"
    return words


def draw_knee(axes: Axes, knee: Knee | None, curve: Curve) -> None:
    """Put a ring around the point that is a line's knee."""
    for x, row in curve.points:
        if knee and x == knee.at and row.median is not None:
            _draw_ring(axes, x, row.median, "knee")
