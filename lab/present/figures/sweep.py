"""The swept axis of a line figure: the position of each of its values, and how it is called there.

Numbers stand by size, or by logarithm if they span much; words such as "all" follow after them, and
words alone stand evenly.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf

from matplotlib.axes import Axes

from lab.present.figures.axis_scale import Scale
from lab.present.figures.page import panel_size, share_of, text_width
from lab.present.units import axis_value, number, unit_of

WIDE = 8.0  # from this ratio of the largest number to the smallest on, the axis is logarithmic
WIDE_WITH_ZERO = 100.0  # the same where zero is among the numbers
STEP = 0.14  # of the numbers' span: from the last of them to a word, and from word to word


@dataclass(frozen=True, slots=True)
class Sweep:
    """A swept axis: value -> position, the numbers among the values, and their scale."""

    axis: str
    positions: Mapping[str, float]
    numbers: Mapping[str, float]
    scale: Scale

    @property
    def label(self) -> str:
        """Return the axis's label: "task (ms), logarithmic"; bytes have a unit at each tick instead."""
        unit = unit_of(self.axis, [])
        name = unit.words if self.axis.endswith("_bytes") else unit.label
        return name + (self.scale.suffix if len(self.numbers) > 1 else "")

    def name(self, value: str) -> str:
        """Return a value as its tick shows it: "all", "43", "1,020", "8 MiB"."""
        if value not in self.numbers or self.axis.endswith("_bytes"):
            return axis_value(self.axis, value)
        return f"{self.numbers[value]:,.6g}"

    def apply(self, axes: Axes) -> None:
        """Span the x axis of a panel, and name as many of the swept values as there is room for."""
        drawn = replace(self.scale, high=max([*self.positions.values(), self.scale.high]))
        if drawn.low == drawn.high:
            drawn = Scale(drawn.low - 0.5, drawn.high + 0.5)
        drawn.apply(axes, "x", margin_at_zero=True)
        width, taken, ticks = panel_size(axes)[0], -inf, {}
        for value, position in sorted(self.positions.items(), key=lambda pair: pair[1]):
            middle = share_of(axes, position, 0)[0] * width
            half = text_width([self.name(value)], 8.5) / 2 + 0.04
            if middle - half >= taken:
                ticks[position] = self.name(value)
                taken = middle + half
        axes.set_xticks(list(ticks), list(ticks.values()))


def sweep_of(axis: str, values: Sequence[str]) -> Sweep:
    """Return the layout of an axis with these values, which are in the grid's order."""
    numbers = {value: size for value in values if (size := number(value)) is not None}
    scale = _scale(list(numbers.values()))
    positions, words = dict(numbers), [value for value in values if value not in numbers]
    for step, word in enumerate(words, 1):
        alone = max(numbers.values(), default=-1.0) + step
        positions[word] = scale.beyond(STEP * step) if scale.low < scale.high else alone
    return Sweep(axis, positions, numbers, scale)


def _scale(numbers: Sequence[float]) -> Scale:
    """Return the scale of the swept numbers, logarithmic if they span much."""
    above = [number for number in numbers if number > 0]
    wide = WIDE if len(above) == len(numbers) else WIDE_WITH_ZERO
    if above and min(numbers) >= 0 and max(above) >= wide * min(above):
        return Scale(min(above), max(above), logarithmic=True, zero=min(numbers) == 0)
    return Scale(min(numbers, default=0.0), max(numbers, default=0.0))
