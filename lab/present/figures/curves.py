"""What a line figure shows: its swept axis, the lines of each panel, and the cases in each line.

On the axis numbers stand by size, or by logarithm if they span much; words such as "all" follow after
them, and words alone stand evenly.
"""

from collections.abc import Mapping, Sequence
from math import inf, isclose
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes

from lab.analysis.stats.intervals import Array
from lab.present.figures import style
from lab.present.figures.axis_scale import Scale
from lab.present.figures.page import panel_size, share_of, text_width
from lab.present.figures.rows import Row
from lab.present.figures.selection import Case, line_axis, lines_in
from lab.present.units import axis_value, number, unit_of

WIDE = 8.0  # from this ratio of the largest number to the smallest on, the axis is logarithmic
WIDE_WITH_ZERO = 100.0  # the same where zero is among the numbers
STEP = 0.14  # of the numbers' span: from the last of them to a word, and from word to word


class SweptAxis(NamedTuple):
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
        self.scale.apply(axes, "x", margin_at_zero=True)
        width, taken, ticks = panel_size(axes)[0], -inf, {}
        for value, position in sorted(self.positions.items(), key=lambda pair: pair[1]):
            middle = share_of(axes, position, 0)[0] * width
            half = text_width([self.name(value)], 8.5) / 2 + 0.04
            if middle - half >= taken:
                ticks[position] = self.name(value)
                taken = middle + half
        axes.set_xticks(list(ticks), list(ticks.values()))


def sweep_of(axis: str, values: Sequence[str]) -> SweptAxis:
    """Return the layout of an axis with these values, which are in the grid's order."""
    numbers = {value: size for value in values if (size := number(value)) is not None}
    above = [size for size in numbers.values() if size > 0]
    wide = WIDE if len(above) == len(numbers) else WIDE_WITH_ZERO
    scale = Scale(min(numbers.values(), default=0.0), max(numbers.values(), default=0.0))
    if above and scale.low >= 0 and scale.high >= wide * min(above):
        scale = Scale(min(above), scale.high, logarithmic=True, zero=scale.low == 0)
    positions, words = dict(numbers), [value for value in values if value not in numbers]
    for step, word in enumerate(words, 1):
        alone = max(numbers.values(), default=-1.0) + step
        positions[word] = scale.beyond(STEP * step) if scale.low < scale.high else alone
    low, high = scale.low, max([*positions.values(), scale.high])
    drawn = scale._replace(high=high) if low < high else Scale(low - 0.5, high + 0.5)
    return SweptAxis(axis, positions, numbers, drawn)


class Curve(NamedTuple):
    """One line: its name and look, position -> row from left to right, and a level row."""

    name: str
    look: style.Look
    rows: Mapping[float, Row]
    level: Row | None  # of a model to which the swept axis does not apply; it is drawn as a level line

    def column(self, name: str) -> Array:
        """Return the rows' numbers of a name, such as "median"; NaN for an unknown one."""
        return np.array([getattr(row, name) for row in self.rows.values()], dtype=np.float64)

    @property
    def points(self) -> dict[float, Row]:
        """Return the rows that have a median, by position."""
        return {x: row for x, row in self.rows.items() if row.median is not None}

    @property
    def broken(self) -> bool:
        """Return whether a case between two points has no number."""
        known = np.flatnonzero(np.isfinite(self.column("median")))
        return bool(len(known)) and len(known) <= known[-1] - known[0]

    @property
    def all_rows(self) -> list[Row]:
        """Return every row, the level one too."""
        return [*self.rows.values(), *([self.level] if self.level else [])]


def curves_of(
    rows: Sequence[Row], axes: Sequence[str], sweep: SweptAxis, every: Sequence[Case]
) -> tuple[list[Case], list[list[Curve]]]:
    """Return what each panel holds fixed, and its lines; every: all cases of the experiment."""
    groups = lines_in(rows, axes, sweep.axis, lambda row: row.case)
    names = list(dict.fromkeys(name for _, lines in groups for name in lines))
    looks = style.looks_of(names, line_axis(axes, sweep.axis, [row.case for row in rows]), every)
    panels = [[_curve(name, looks[name], own, sweep) for name, own in lines.items()] for _, lines in groups]
    return [fixed for fixed, _ in groups], panels


def _curve(name: str, look: style.Look, rows: Sequence[Row], sweep: SweptAxis) -> Curve:
    by_value = {row.case[sweep.axis]: row for row in rows}
    level = by_value.pop(None, None)
    placed = {sweep.positions[value]: row for value, row in by_value.items() if value is not None}
    return Curve(name, look, dict(sorted(placed.items(), key=lambda pair: pair[0])), level)


def limits_of(curves: Sequence[Curve]) -> dict[str, dict[float, float]]:
    """Return the different limits of a panel's lines: name -> position -> limit.

    Lines that agree wherever both have a limit share one; each of several is named after its first line.
    """
    limits: dict[str, dict[float, float]] = {}
    for curve in curves:
        own = {x: row.limit for x, row in curve.points.items() if row.limit is not None}
        shared = next((limit for limit in limits.values() if _agree(limit, own)), None)
        if shared is not None:
            shared |= own
        elif own:
            limits[f"limit of {curve.name}"] = own
    return {"limit": next(iter(limits.values()))} if len(limits) == 1 else limits


def _agree(one: Mapping[float, float], other: Mapping[float, float]) -> bool:
    return all(isclose(one[x], other[x], rel_tol=1e-6) for x in one.keys() & other.keys())
