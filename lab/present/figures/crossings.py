"""What a sweep turns at: where one line gets past another, and the knee of each, in words and as marks."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, isnan

import numpy as np
from matplotlib.axes import Axes

from lab.analysis.stats.crossings import Crossing, crossing
from lab.analysis.stats.intervals import Array
from lab.analysis.stats.knees import Knee, knee_of
from lab.core.errors import LabError
from lab.present.figures import style
from lab.present.figures.axis_scale import Ruler
from lab.present.figures.curves import Curve, Panel
from lab.present.figures.end_labels import panel_height
from lab.present.figures.page import panel_width, text_width
from lab.present.figures.selection import unknown
from lab.present.figures.sweep import Sweep
from lab.present.sentences.crossings import crossing_lines

SIZE, LINE = 8.0, 0.155  # points and inches: of the words above a panel's lines
Pair = Sequence[str | float]
BETTER = ("_per_s", "speedup")  # what ends a metric of which more is better


def crossing_of(panel: Panel, pair: Pair, sweep: Sweep) -> Crossing | None:
    """Return where the second of two lines of a panel gets past the first; None where one is missing."""
    curves = {curve.name: curve for curve in panel.curves}
    names, by = lines_and_lead(pair)
    if not set(names) <= set(curves):
        return None
    swept = sorted(number for number in sweep.numbers.values() if number > 0)
    first, second = (_rounds(curves[name], sweep) for name in names)
    return crossing(np.array(swept), first, second, by)


def lines_and_lead(pair: Pair) -> tuple[list[str], float]:
    """Return the names of the two lines, and by which factor the second has to be ahead."""
    return [str(name) for name in pair[:2]], float(pair[2]) if len(pair) > 2 else 1.0


def check_pair(name: str, pair: object, panels: Sequence[Panel]) -> None:
    """Raise LabError where a crossing is asked for of what are not two lines."""
    lead = pair[2:] if isinstance(pair, tuple | list) else ()
    leads = all(isinstance(by, int | float) and by >= 1 for by in lead)
    if not isinstance(pair, tuple | list) or len(pair) not in (2, 3) or not leads:
        remedy = 'write crossing=("threads", "asyncio"), or with a factor from 1 on as a third'
        raise LabError("a crossing is of two lines", where=name, remedy=remedy)
    names = list(dict.fromkeys(curve.name for panel in panels for curve in panel.curves))
    for line in pair[:2]:
        if line not in names:
            raise unknown(name, "line", str(line), names)


def words_of(found: Crossing | None, pair: Pair, sweep: Sweep, metric: str) -> list[str]:
    """Return what a crossing says, in lines: who is ahead from where on, its interval, and by how much."""
    if found is None:
        return []
    names, lead = lines_and_lead(pair)
    return crossing_lines(found, names, lead, metric, sweep.show, sweep.show)


def _bound(place: float, first: float, last: float, sweep: Sweep) -> str:
    """Return a place in a sweep in words, or that it lies before or after all of it."""
    if place == -inf:
        return f"below {sweep.show(first)}"
    return f"beyond {sweep.show(last)}" if place == inf else sweep.show(place)


def is_marked(found: Crossing) -> bool:
    """Return whether a crossing lies within the sweep, and the two lines part there."""
    return found.significant and 0 < found.at < inf


def draw_crossing(
    axes: Axes, found: Crossing, words: Sequence[str], first: Curve, sweep: Sweep, ruler: Ruler
) -> None:
    """Mark a crossing with a ring, its interval with a grey band, and write the words above it."""
    left, right = axes.get_xlim()
    x = sweep.ruler.place(found.at) if is_marked(found) else (left + right) / 2
    if is_marked(found):
        low, high = (
            sweep.ruler.place(b) if 0 < b < inf else end
            for b, end in ((found.low, left), (found.high, right))
        )
        if not isnan(found.low):
            axes.axvspan(low, high, color=style.BAND, linewidth=0, label="crossing interval", zorder=0)
        y = _height(first, x, sweep, ruler)
        axes.axvline(x, ymax=1 - len(words) * LINE / panel_height(axes), color=style.INK, linewidth=0.8,
                     linestyle=":", label="crossing", zorder=2)  # fmt: skip
        _ring(axes, x, y, "crossing mark")
    half = max(text_width(line, SIZE) for line in words) / panel_width(axes) / 2
    place = min(max((x - left) / (right - left), half), 1 - half)
    for number, line in enumerate(words):
        y = 1 - (number + 0.75) * LINE / panel_height(axes)
        axes.text(place, y, line, transform=axes.transAxes, fontsize=SIZE, ha="center", va="baseline")


def _height(curve: Curve, x: float, sweep: Sweep, ruler: Ruler) -> float:
    """Return how high a line is drawn at a place between its points, or a level line everywhere."""
    points = sorted((sweep.places[value], row) for value, row in curve.points.items())
    rows = [row for _, row in points] or ([curve.flat] if curve.flat else [])
    heights = [ruler.place(row.median) for row in rows if row.median is not None]
    return float(np.interp(x, [place for place, _ in points] or [x], heights))


def _ring(axes: Axes, x: float, y: float, label: str) -> None:
    axes.plot(x, y, "o", markersize=11, markerfacecolor="none", markeredgecolor=style.INK,
              markeredgewidth=1.1, label=label, zorder=6)  # fmt: skip


def knee_in(curve: Curve, sweep: Sweep, metric: str) -> Knee | None:
    """Return the knee of a line; None where it has no numbers in the sweep."""
    swept = np.array(sorted(number for number in sweep.numbers.values() if number > 0))
    if not len(swept) or not curve.points:
        return None
    return knee_of(swept, _rounds(curve, sweep), more_is_better=metric.endswith(BETTER))


def knee_words(found: Knee | None, sweep: Sweep) -> str:
    """Return a knee in words: "knee at 64 (32 to 128)"."""
    if found is None:
        return ""
    if found.at == inf:
        return f"no knee up to {sweep.show(max(sweep.numbers.values()))}"
    words = f"knee at {sweep.show(found.at)}"
    if found.low < found.high:
        swept = [number for number in sweep.numbers.values() if number > 0]
        low, high = (_bound(place, min(swept), max(swept), sweep) for place in (found.low, found.high))
        words += f" ({low} to {high})"
    return words


def draw_knee(axes: Axes, found: Knee | None, curve: Curve, sweep: Sweep, ruler: Ruler) -> None:
    """Put a ring about the point that is a line's knee."""
    value = next((x for x, number in sweep.numbers.items() if found and number == found.at), "")
    row = curve.points.get(value)
    if row is not None and row.median is not None:
        _ring(axes, sweep.places[value], ruler.place(row.median), "knee")


def _rounds(curve: Curve, sweep: Sweep) -> Array:
    """Return a line's numbers by swept value and round, NaN where there is none; a level line's at each."""
    ordered = sorted((number, value) for value, number in sweep.numbers.items() if number > 0)
    found = [curve.rows.get(value, curve.flat) for _, value in ordered]
    most = max((len(row.by_round) for row in found if row is not None), default=0)
    numbers = [list(row.by_round) if row is not None and row.by_round else [np.nan] * most for row in found]
    return np.array(numbers, dtype=np.float64).reshape(len(found), most)
