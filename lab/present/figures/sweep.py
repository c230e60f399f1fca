"""The swept axis of a line figure: where each of its values stands, and how it is called there.

Numbers stand by size, or by logarithm where they span much; words such as "all" stand after them, and
evenly where there are no numbers at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from lab.present.figures import style
from lab.present.figures.axis_scale import Ruler
from lab.present.figures.cells import number
from lab.present.figures.page import panel_width, text_width
from lab.present.units import in_words

WIDE = 8.0  # from this ratio of the largest number to the smallest on, the axis is logarithmic
STEP = 0.14  # of the numbers' span: from the last of them to a word, and from word to word
UNITS = {"_ms": "ms", "_us": "µs", "_ns": "ns", "_s": "s", "_percent": "%", "_mib": "MiB", "_kib": "KiB"}
SIZES = [(2.0**30, "GiB"), (2.0**20, "MiB"), (2.0**10, "KiB")]


@dataclass(frozen=True, slots=True)
class Sweep:
    """An axis of the grid laid out: value -> place, the numbers among the values, and their ruler."""

    axis: str
    places: Mapping[str, float]
    numbers: Mapping[str, float]
    ruler: Ruler

    @property
    def words(self) -> str:
        """Return what the axis is called, without its unit: "in flight"."""
        return self._split()[0]

    @property
    def label(self) -> str:
        """Return the axis's label: "task (ms), logarithmic"."""
        words, unit = self._split()
        scale = ", logarithmic" if self.ruler.logarithmic and len(self.numbers) > 1 else ""
        return (f"{words} ({unit})" if unit else words) + scale

    def show(self, number: float) -> str:
        """Return a number of the axis in words, to three figures: "43", "1,020", "1.5 ms"."""
        _, unit = self._split()
        text = f"{number:,.0f}" if number >= 100 or number == round(number) else f"{number:.3g}"
        return self._bytes(number) or f"{text} {unit}".rstrip()

    def _split(self) -> tuple[str, str]:
        for ending, unit in UNITS.items():
            if self.axis.endswith(ending):
                return in_words(self.axis.removesuffix(ending)), unit
        return in_words(self.axis.removesuffix("_bytes")), ""

    def _bytes(self, number: float) -> str:
        if not self.axis.endswith("bytes"):
            return ""
        size, unit = next(((size, unit) for size, unit in SIZES if number >= size), (1.0, "B"))
        return f"{number / size:.3g} {unit}"

    def _name(self, value: str) -> str:
        """Return a value as its tick says it."""
        number = self.numbers.get(value)
        return value if number is None else self._bytes(number) or f"{number:,.6g}"

    def lay(self, axes: Axes) -> None:
        """Span the axis of a panel, and name as many of the swept values as there is room for."""
        places = self.places.values()
        first, last = min(places, default=0.0), max(places, default=0.0)
        margin = 0.04 * (last - first) or 0.5
        axes.set_xlim(first - margin, last + margin)
        inch = panel_width(axes) / (last - first + 2 * margin)
        ends, shown = float("-inf"), []
        for value, place in sorted(self.places.items(), key=lambda pair: pair[1]):
            half = text_width(self._name(value), 8.5) / 2 + 0.04
            if place * inch - half >= ends:
                shown.append(value)
                ends = place * inch + half
        axes.set_xticks([self.places[value] for value in shown], [self._name(value) for value in shown])
        axes.grid(axis="x", color=style.BAND, linewidth=0.6)


def sweep_of(axis: str, values: Sequence[str]) -> Sweep:
    """Return the layout of an axis with these values, which are in the grid's order."""
    numbers = {value: found for value in values if (found := number(value)) is not None}
    ruler = _ruler(list(numbers.values()))
    places = {value: ruler.place(number) for value, number in numbers.items()}
    span = max(places.values()) - min(places.values()) if len(places) > 1 else 0.0
    last = max(places.values(), default=-1.0)
    words = [value for value in values if value not in numbers]
    places |= {word: last + (STEP * span or 1.0) * place for place, word in enumerate(words, 1)}
    return Sweep(axis, places, numbers, ruler)


def _ruler(numbers: Sequence[float]) -> Ruler:
    """Return the ruler of the swept numbers, logarithmic where they span much."""
    above = [number for number in numbers if number > 0]
    wide = bool(above) and max(above) >= (WIDE if len(above) == len(numbers) else 100.0) * min(above)
    if wide and min(numbers) >= 0:
        return Ruler(min(above), max(above), logarithmic=True, zero=min(numbers) == 0)
    return Ruler(min(numbers, default=0.0), max(numbers, default=0.0))
