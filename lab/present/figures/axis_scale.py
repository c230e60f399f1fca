"""The scale of an axis, plain or logarithmic, zero included.

A logarithm has no zero, and yet "none lost" or "no wait" is often the finding. So a logarithmic axis with a
zero among its numbers shows it a little below the smallest, which is matplotlib's symmetrical logarithm.
"""

import math
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import MaxNLocator

from lab.present.figures.page import panel_size

DECADE = 10.0  # numbers that span more than this have a logarithmic axis
ZERO = 0.1  # of the span: how far below the smallest number zero is drawn
MARGIN = 0.04  # of the span, beyond the outermost numbers
WIDE_PANEL = 5.0  # inches: a panel with room for more ticks
DIGITS = ((1, 1.5, 2, 3, 4, 5, 7), (1, 2, 5), (1, 3), (1,))  # of the ticks in each decade, most first
Numbers = Iterable[float]
Ticks = Sequence[tuple[float, str]]
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


class Scale(NamedTuple):
    """The numbers that an axis spans, whether it is logarithmic, and whether it has a zero below them."""

    low: float
    high: float
    logarithmic: bool = False
    zero: bool = False
    whole: bool = False  # whether all numbers are whole, so that ticks between two of them make no sense

    @property
    def suffix(self) -> str:
        """Return what an axis's label says about the scale."""
        return ", logarithmic" if self.logarithmic else ""

    def beyond(self, share: float) -> float:
        """Return the number that lies a share of the span beyond the largest."""
        if self.logarithmic:
            return float(self.high * (self.high / self.low) ** share)
        return self.high + share * (self.high - self.low)

    def limits(self, room: float = 0.0, *, margin_at_zero: bool = False) -> tuple[float, float]:
        """Return the ends of the axis, a little beyond the numbers; a plain zero is its own end.

        room: the share of the axis to leave free beyond the largest number.
        """
        margin = MARGIN * (1 + ZERO * self.zero)
        before = margin if self.logarithmic or self.low or margin_at_zero else 0.0
        after = margin + (before + 1 + ZERO * self.zero + margin) * room / (1 - room)
        if not self.logarithmic:
            return self.low - before * (self.high - self.low), self.beyond(after)
        start = -self.low * before / ZERO if self.zero else self.low * (self.high / self.low) ** -before
        return start, self.beyond(after)

    def ticks(self, most: int = 6) -> list[tuple[float, str]]:
        """Return the numbers to name, with their names: few, and round ones."""
        if self.logarithmic:
            numbers = self._log_ticks(most)
        else:
            locator = MaxNLocator(most, steps=[1, 2, 2.5, 5, 10], integer=self.whole)
            start, end = self.limits()
            numbers = [float(n) for n in locator.tick_values(self.low, self.high) if start <= n <= end]
        return [(number, _name(number)) for number in numbers]

    def _log_ticks(self, most: int) -> list[float]:
        decades = range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1)
        first, last = self.low * (1 - 1e-9), self.beyond(MARGIN)
        for digits in DIGITS:
            numbers = [digit * 10.0**decade for decade in decades for digit in digits]
            numbers = [number for number in numbers if first <= number <= last]
            if len(numbers) <= most:
                break
        return [0.0] * self.zero + numbers[:: math.ceil(len(numbers) / most)]

    def apply(
        self, axes: Axes, along: str, *, room: float = 0.0, margin_at_zero: bool = False, ticks: Ticks = ()
    ) -> None:
        """Give the "x" or "y" axis of a panel this scale, these ticks or a few round ones, and a grid."""
        how: dict[str, Any] = {"value": "log" if self.logarithmic else "linear"}
        if self.logarithmic and self.zero:
            gap = ZERO * math.log10(self.high / self.low)
            # 0.9: matplotlib's 1 - 1/base
            how = {"value": "symlog", "linthresh": self.low, "linscale": 0.9 * gap}
        ends = self.limits(room, margin_at_zero=margin_at_zero)
        getattr(axes, f"set_{along}scale")(**how)
        getattr(axes, f"set_{along}lim")(*ends)
        most = 9 if along == "x" and panel_size(axes)[0] > WIDE_PANEL else 6
        axis: Axis = getattr(axes, f"{along}axis")
        numbers, names = zip(*(ticks or self.ticks(most)), strict=True)
        axis.set_ticks(numbers, names)
        axis.set_ticks([], minor=True)
        axis.grid(visible=True)


def scale_of(
    numbers: Numbers, typical: Numbers = (), *, from_zero: bool = True, logarithmic: bool = False
) -> Scale:
    """Return the scale for these numbers: plain unless they span more than a decade.

    typical: the numbers whose span decides, where that is not all of them; from_zero: whether a plain
    scale has to begin there, as it must where heights are compared; logarithmic: whether to take
    logarithms whatever the span, so that equal ratios are equally far apart.
    """
    numbers = [float(number) for number in numbers if math.isfinite(number)]
    positive = [number for number in numbers if number > 0]
    deciding = [number for number in (list(typical) or numbers) if number > 0]
    wide = bool(deciding) and (logarithmic or max(deciding) > DECADE * min(deciding))
    if wide and min(numbers) >= 0:
        high = max(max(positive), 1.1 * min(positive))
        return Scale(min(positive), high, logarithmic=True, zero=min(numbers) == 0)
    low, high = min(numbers, default=0.0), max(numbers, default=0.0)
    if from_zero or low < (high - low) / 2 or low == high:
        low, high = min(0.0, low), max(0.0, high)
    whole = all(number == round(number) for number in numbers)
    return Scale(low, high if high > low else low + 1.0, whole=whole)


def _name(number: float) -> str:
    """Return a number as a tick shows it: 0.05, 20, 10,000, 10⁻⁶, 3×10⁻⁶."""
    if number and abs(number) < 1e-4:
        digits, _, power = f"{number:.3g}".partition("e")
        raised = f"10{str(int(power)).translate(RAISED)}" if power else ""
        return raised if digits == "1" else f"{digits}×{raised}" if raised else digits
    return f"{number:,.6g}" if abs(number) < 1e6 else f"{number:,.0f}"
