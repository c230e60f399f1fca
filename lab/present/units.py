"""Metrics in words: the unit a reader wants, from the unit that ends the column's name."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

# For each suffix: (from this value on, times this, is called so), the largest first.
UNITS: dict[str, list[tuple[float, float, str]]] = {
    "_bytes_per_s": [
        (2.0**30, 2.0**-30, "GiB per second"),
        (2.0**20, 2.0**-20, "MiB per second"),
        (2.0**10, 2.0**-10, "KiB per second"),
        (0.0, 1.0, "B per second"),
    ],
    "_per_s": [(0.0, 1.0, "per second")],
    "_s": [(10.0, 1.0, "s"), (1e-3, 1e3, "ms"), (1e-6, 1e6, "µs"), (0.0, 1e9, "ns")],
    "_ns": [(0.0, 1.0, "ns")],
    "_bytes": [
        (2.0**30, 2.0**-30, "GiB"),
        (2.0**20, 2.0**-20, "MiB"),
        (2.0**10, 2.0**-10, "KiB"),
        (0, 1, "B"),
    ],
    "_percent": [(0.0, 1.0, "%")],
}

GROUPED = 10_000  # from here on commas part the thousands


@dataclass(frozen=True, slots=True)
class Unit:
    """What a metric is called, the unit it is shown in, and the factor that brings it there."""

    words: str
    name: str
    factor: float

    @property
    def label(self) -> str:
        """Return the label of an axis: "makespan (ms)"."""
        return f"{self.words} ({self.name})" if self.name else self.words

    def show(self, number: float) -> str:
        """Return a number that is in this unit, with three figures ("59.3 ms"); a count in full."""
        if not self.name and number == round(number):
            return str(round(number))
        decimals = 2 - math.floor(math.log10(abs(number))) if number else 0
        comma = "," if abs(number) >= GROUPED else ""
        text = f"{round(number, decimals):{comma}.{max(0, decimals)}f}"
        return f"{text} {self.name}".rstrip()


def in_words(name: str) -> str:
    """Return a column's or an axis' name as words: "CPU of each"."""
    return " ".join("CPU" if word == "cpu" else word for word in name.split("_"))


def plain(number: float) -> str:
    """Return a number of an axis as it is: "0.25", "1,000,000"."""
    return f"{number:,.0f}" if abs(number) >= GROUPED else f"{number:.10g}"


def unit_of(metric: str, values: Iterable[float]) -> Unit:
    """Return the unit to show these values of a metric in, chosen by the largest of them."""
    largest = max((abs(value) for value in values), default=0.0)
    for suffix, steps in UNITS.items():
        if metric.endswith(suffix):
            _, factor, name = next(step for step in steps if not largest or largest >= step[0])
            return Unit(in_words(metric.removesuffix(suffix)), name, factor)
    return Unit(in_words(metric), "", 1.0)
