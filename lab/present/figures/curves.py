"""What a line figure shows: the lines of each panel, and in each line the cases of a sweep."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isclose

import numpy as np

from lab.analysis.stats.intervals import Array
from lab.present.figures import style
from lab.present.figures.cells import Case, line_axis, lines_in
from lab.present.figures.rows import Row
from lab.present.figures.sweep import Sweep


@dataclass(frozen=True, slots=True)
class Curve:
    """One line: its name and look, position -> row from left to right, and a level row.

    level: the row of a model to which the swept axis does not apply; it is drawn as a level line.
    """

    name: str
    look: style.Look
    rows: Mapping[float, Row]
    level: Row | None

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
    rows: Sequence[Row], axes: Sequence[str], sweep: Sweep, every: Sequence[Case]
) -> tuple[list[Case], list[list[Curve]]]:
    """Return what each panel holds fixed, and its lines; every: all cases of the experiment."""
    groups = lines_in(rows, axes, sweep.axis, lambda row: row.case)
    names = list(dict.fromkeys(name for _, lines in groups for name in lines))
    looks = style.looks_of(names, line_axis(axes, sweep.axis, [row.case for row in rows]), every)
    panels = [[_curve(name, looks[name], own, sweep) for name, own in lines.items()] for _, lines in groups]
    return [fixed for fixed, _ in groups], panels


def _curve(name: str, look: style.Look, rows: Sequence[Row], sweep: Sweep) -> Curve:
    by_value = {row.case[sweep.axis]: row for row in rows}
    level = by_value.pop(None, None)
    placed = {sweep.positions[value]: row for value, row in by_value.items() if value is not None}
    return Curve(name, look, dict(sorted(placed.items(), key=lambda pair: pair[0])), level)


def limits_of(curves: Sequence[Curve]) -> dict[str, dict[float, float]]:
    """Return the different limits of a panel's lines: name -> position -> limit.

    Lines that agree wherever both have a limit share one; if there are several, each is named after the
    first of its lines.
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
