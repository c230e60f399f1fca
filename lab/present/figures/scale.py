"""How far a panel's axis reaches, so that one large value does not crush what is worth comparing.

A bar starts at zero, or its length means nothing. So where a few rows are far beyond the others, a piece
is cut out of their bars, and the tear is drawn; what is left of them keeps the scale of all. Where the
rows are spread wider than that, the axis is logarithmic and there are no bars: the median is the model's
marker, as in Cleveland's dot plots (The Elements of Graphing Data, 1985).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median_low

from lab.present.figures.rows import Row

FAR = 3.0  # a row is far beyond the others from this multiple of the middle row on
WIDE = 20.0  # from this ratio of the largest median to the smallest on, bars are of no use
TEAR, SPREAD = 0.25, 0.7  # of the axis: where a bar is torn, and the most that its numbers may take
ALIKE = 2.0  # panels share one axis where the longest is at most so many times the shortest


@dataclass(frozen=True, slots=True)
class Scale:
    """The numbers an axis spans, and whether it is logarithmic."""

    low: float
    high: float
    logarithmic: bool = False

    def tear(self, row: Row) -> Row:
        """Return the row as it is drawn: less what has to be cut out of its bar to end on the axis."""
        beyond = max(row.numbers, default=0.0) - self.high
        return row if self.logarithmic or beyond <= 0 else row.less(beyond)


def scales_of(panels: Sequence[Sequence[Row]]) -> list[Scale]:
    """Return the scale of each panel, one for all where they are alike or one has to be logarithmic.

    Panels in which all is zero are like any others.
    """
    scales = [_scale(rows) for rows in panels]
    told = [scale for rows, scale in zip(panels, scales, strict=True) if any(map(_tells, rows))] or scales
    low, high = min(scale.low for scale in told), max(scale.high for scale in told)
    numbers = [number for rows in panels for row in rows for number in row.numbers]
    if any(scale.logarithmic for scale in scales) and min(numbers) > 0:
        return [Scale(min(numbers), max(numbers), logarithmic=True)] * len(scales)
    if high <= ALIKE * min(scale.high for scale in told):
        return [Scale(min(0.0, low), high)] * len(scales)
    return [Scale(min(0.0, scale.low), scale.high) for scale in scales]


def _tells(row: Row) -> bool:
    """Return whether a row says anything of a scale: nothing at all fits every one."""
    return any(row.numbers)


def _scale(rows: Sequence[Row]) -> Scale:
    numbers = [number for row in rows for number in row.numbers]
    medians = [row.median for row in rows if row.median is not None]
    low, high = min(numbers, default=0.0), max(numbers, default=0.0)
    if medians and low > 0:
        far = [row for row in rows if row.median is not None and row.median > FAR * median_low(medians)]
        near = [number for row in rows if row not in far for number in row.numbers]
        spread = max((max(row.numbers) - min(row.numbers) for row in far), default=0.0)
        # A torn bar still ends beyond the others.
        beyond = max((max(row.numbers) - row.median for row in far if row.median is not None), default=0.0)
        torn = max(1.05 * max(near) + beyond, spread / SPREAD)
        if far and 2 * len(far) < len(medians) and torn < min(high / 2, WIDE * min(near)):
            return Scale(0.0, torn)
        if max(medians) > WIDE * min(medians):
            return Scale(low, high, logarithmic=True)
    return Scale(min(0.0, low), max(0.0, high) or 1.0)
