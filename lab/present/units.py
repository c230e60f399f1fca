"""Metrics and cases in words: the unit a reader wants follows from the one that ends a column's name."""

import math
from collections.abc import Iterable, Mapping
from typing import NamedTuple

POWERS = {"GiB": 30, "MiB": 20, "KiB": 10, "B": 0}
BYTES = [(2.0**power if power else 0.0, 2.0**-power, name) for name, power in POWERS.items()]
UNITS: dict[str, list[tuple[float, float, str]]] = {
    "_bytes_per_s": [(least, factor, f"{name} per second") for least, factor, name in BYTES],
    "_per_s": [(0.0, 1.0, "per second")],
    "_s": [(10.0, 1.0, "s"), (1e-3, 1e3, "ms"), (1e-6, 1e6, "µs"), (0.0, 1e9, "ns")],
    "_ms": [(0.0, 1.0, "ms")],
    "_us": [(0.0, 1.0, "µs")],
    "_ns": [(0.0, 1.0, "ns")],
    "_bytes": BYTES,
    "_percent": [(0.0, 1.0, "%")],
}
"""Suffix -> units, the largest first: the least value shown in it, the factor, and the name."""

GROUPED = 10_000  # from here on commas separate the thousands


class Unit(NamedTuple):
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
        return f"{self._digits(number)} {self.name}".rstrip()

    def digits(self, value: float) -> str:
        """Return a value of the metric in this unit, without the unit's name: "59.3"."""
        return self._digits(value * self.factor)

    def _digits(self, number: float) -> str:
        if not self.name and number == round(number):
            return str(round(number))
        decimals = 2 - math.floor(math.log10(abs(number))) if number else 0
        comma = "," if abs(number) >= GROUPED else ""
        return f"{round(number, decimals):{comma}.{max(0, decimals)}f}"


def in_words(name: str) -> str:
    """Return a column's or an axis' name as words: "CPU of each"."""
    return " ".join("CPU" if word == "cpu" else word for word in name.split("_"))


def unit_of(metric: str, values: Iterable[float]) -> Unit:
    """Return the unit to show these values of a metric in, chosen by the largest of them."""
    largest = max((abs(value) for value in values), default=0.0)
    for suffix, units in UNITS.items():
        if metric.endswith(suffix):
            _, factor, name = next(unit for unit in units if not largest or largest >= unit[0])
            return Unit(in_words(metric.removesuffix(suffix)), name, factor)
    return Unit(in_words(metric), "", 1.0)


def number(value: str) -> float | None:
    """Return an axis's value as a number; None for a word."""
    try:
        parsed = float(value)
    except ValueError:
        return None
    return parsed if math.isfinite(parsed) else None


def axis_value(axis: str, value: float | str) -> str:
    """Return an axis's value in its unit, to three figures: "1,020", "1.5 ms", "64 MiB", or a word."""
    size = number(value) if isinstance(value, str) else value
    if size is None:
        return str(value)
    unit = unit_of(axis, [size])
    return f"{float(f'{size * unit.factor:.3g}'):,.10g} {unit.name}".rstrip()


def axis_point(axis: str, value: float) -> str:
    """Return a value of a numeric axis with what it counts: "1,020 in flight", "a task of 1.5 ms"."""
    unit, text = unit_of(axis, [value]), axis_value(axis, value)
    return f"a {unit.words} of {text}" if unit.name else f"{text} {unit.words}"


def case_words(case: Mapping[str, object]) -> str:
    """Return a case in words: "tasks=14 workers=all"; an axis that means nothing to it is left out."""
    return " ".join(f"{axis}={value}" for axis, value in case.items() if value is not None)
