"""Where a number stands on an axis that is plain or logarithmic, zero included.

A logarithm has no zero, and yet "none lost" or "no wait" is often the finding. So a logarithmic ruler
with a zero among its numbers keeps a place for it below the smallest, behind a break.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from lab.present.figures import style

DECADE = 10.0  # numbers that span more than this are set out by their logarithm
ZERO = 0.1  # of the span: how far below the smallest number zero stands
MARGIN = 0.04  # of the span, beyond the outermost numbers


@dataclass(frozen=True, slots=True)
class Ruler:
    """The numbers an axis spans, whether by their logarithm, and whether zero is among them.

    counts: whether all are whole, so that nothing between two of them is worth a name.
    """

    low: float
    high: float
    logarithmic: bool = False
    zero: bool = False
    counts: bool = False

    def place(self, number: float) -> float:
        """Return where a number stands; what is not above zero stands at zero's place."""
        if not self.logarithmic:
            return number
        return math.log10(number) if number > 0 else self.start

    @property
    def start(self) -> float:
        """Return the place of the smallest number, or of zero."""
        if not self.logarithmic:
            return self.low
        return math.log10(self.low) - (ZERO * math.log10(self.high / self.low) if self.zero else 0.0)

    @property
    def ends(self) -> tuple[float, float]:
        """Return the two ends of the axis, a little beyond the numbers; a plain zero is its own end."""
        start, end = self.start, self.place(self.high)
        margin = MARGIN * (end - start)
        return start - (margin if self.logarithmic or start else 0.0), end + margin

    def ticks(self, most: int = 6) -> list[tuple[float, str]]:
        """Return the places to name, with their names: few, and round numbers."""
        if not self.logarithmic:
            numbers = MaxNLocator(most, steps=[1, 2, 2.5, 5, 10], integer=self.counts).tick_values(
                self.low, self.high
            )
            return [(float(n), _name(float(n))) for n in numbers if self.ends[0] <= n <= self.ends[1]]
        first, last = math.floor(math.log10(self.low)), math.ceil(math.log10(self.high))
        for digits in ((1, 1.5, 2, 3, 4, 5, 7), (1, 2, 5), (1, 3), (1,)):
            found = [d * 10.0**power for power in range(first, last + 1) for d in digits]
            found = [number for number in found if self._inside(number)]
            if len(found) <= most:
                break
        found = found[:: math.ceil(len(found) / most)]
        return [(self.start, "0")] * self.zero + [(self.place(number), _name(number)) for number in found]

    def _inside(self, number: float) -> bool:
        return math.log10(self.low) - 1e-9 <= math.log10(number) <= self.ends[1]

    def lay(self, axes: Axes, along: str, *, named: bool = True, most: int = 6) -> None:
        """Span an axis of a panel, "x" or "y", with its ticks and a grid; its names too where `named`."""
        ticks = self.ticks(most)
        limits, axis = (axes.set_xlim, axes.xaxis) if along == "x" else (axes.set_ylim, axes.yaxis)
        limits(*self.ends)
        axis.set_ticks([place for place, _ in ticks], [name if named else "" for _, name in ticks])
        axes.grid(axis="x" if along == "x" else "y", color=style.BAND, linewidth=0.6)


def ruler_of(
    numbers: Iterable[float],
    typical: Iterable[float] = (),
    *,
    from_zero: bool = True,
    logarithmic: bool = False,
) -> Ruler:
    """Return the ruler for these numbers: plain unless they span more than a decade.

    typical: the numbers whose span decides, where that is not all of them; from_zero: whether a plain
    one has to begin there, as it has where heights are compared; logarithmic: whether it is no plain
    one whatever they span, where equal ratios are to be equally far apart.
    """
    numbers = [number for number in numbers if math.isfinite(number)]
    above = [number for number in (list(typical) or numbers) if number > 0]
    if above and min(numbers) >= 0 and (logarithmic or max(above) > DECADE * min(above)):
        positive = [number for number in numbers if number > 0]
        return Ruler(min(positive), max(positive), logarithmic=True, zero=min(numbers) == 0)
    low, high = min(numbers, default=0.0), max(numbers, default=0.0)
    if from_zero or low < (high - low) / 2 or low == high:
        low, high = min(0.0, low), max(0.0, high)
    counts = all(number == round(number) for number in numbers)
    return Ruler(low, high if high > low else low + 1.0, counts=counts)


RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def _name(number: float) -> str:
    """Return a number as a tick says it: 0.05, 20, 10,000, 10⁻⁶, 3×10⁻⁶."""
    if number and abs(number) < 1e-4:
        digits, _, power = f"{number:.3g}".partition("e")
        raised = f"10{str(int(power)).translate(RAISED)}" if power else ""
        return raised if digits == "1" else f"{digits}×{raised}" if raised else digits
    return f"{number:,.6g}" if abs(number) < 1e6 else f"{number:,.0f}"
