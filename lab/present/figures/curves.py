"""What a line figure shows: the lines of each panel, and in each line the cases of a sweep."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isclose

import numpy as np

from lab.analysis.stats.intervals import Array
from lab.present.figures import cells, style
from lab.present.figures.cells import Case, values_of
from lab.present.figures.rows import Row
from lab.present.figures.sweep import Sweep


@dataclass(frozen=True, slots=True)
class Curve:
    """One line: its name and look, its rows from left to right with their positions, and a level row.

    level: the row of a model to which the swept axis does not apply; it is drawn as a level line.
    """

    name: str
    look: style.Look
    x: Array
    rows: Sequence[Row]
    level: Row | None

    def column(self, name: str) -> Array:
        """Return the rows' numbers of a name, such as "median"; NaN for an unknown one."""
        return np.array([getattr(row, name) for row in self.rows], dtype=np.float64)

    @property
    def points(self) -> list[tuple[float, Row]]:
        """Return the rows that have a median, with their positions."""
        return [(float(x), row) for x, row in zip(self.x, self.rows, strict=True) if row.median is not None]

    @property
    def broken(self) -> bool:
        """Return whether a case between two points has no number."""
        known = np.flatnonzero(np.isfinite(self.column("median")))
        return bool(len(known)) and len(known) <= known[-1] - known[0]

    @property
    def all_rows(self) -> list[Row]:
        """Return every row, the level one too."""
        return [*self.rows, *([self.level] if self.level else [])]

    def by_round(self, swept: Sequence[float]) -> Array:
        """Return the line's numbers, [swept value, round]; NaN for none; the level line's at each value."""
        at = dict(zip(self.x.tolist(), self.rows, strict=True))
        rounds = [list(row.by_round) if (row := at.get(x, self.level)) else [] for x in swept]
        most = max(map(len, rounds), default=0)
        filled = [row or [np.nan] * most for row in rounds]
        return np.array(filled, dtype=np.float64).reshape(len(rounds), most)


def limits_of(curves: Sequence[Curve]) -> dict[str, dict[float, float]]:
    """Return the different limits of a panel's lines: name -> position -> limit.

    Lines that agree wherever both have a limit share one; if there are several, each is named after the
    first of its lines.
    """
    limits: dict[str, dict[float, float]] = {}
    for curve in curves:
        own = {x: row.limit for x, row in curve.points if row.limit is not None}
        shared = next((limit for limit in limits.values() if _agree(limit, own)), None)
        if shared is not None:
            shared |= own
        elif own:
            limits[f"limit of {curve.name}"] = own
    return {"limit": next(iter(limits.values()))} if len(limits) == 1 else limits


def _agree(one: Mapping[float, float], other: Mapping[float, float]) -> bool:
    return all(isclose(one[x], other[x], rel_tol=1e-6) for x in one.keys() & other.keys())


def line_axis(axes: Sequence[str], x: str | None, cases: Sequence[Case]) -> str | None:
    """Return the axis that names the lines: the model, or else the first besides `x` that varies."""
    others = [axis for axis in axes if axis != x]
    if "model" in others:
        return "model"
    varying = [axis for axis in others if len(values_of(cases, axis)) > 1]
    varying = [axis for axis in varying if x is None or not follows(cases, axis, x)]
    return next(iter(varying or others), None)


def follows(cases: Sequence[Case], axis: str, x: str) -> bool:
    """Return whether an axis only follows the swept one, as the number of tasks may follow their size."""
    pairs = {(case[x], case[axis]) for case in cases if case[x] is not None and case[axis] is not None}
    return 1 < len(pairs) == len({value for value, _ in pairs}) and len({other for _, other in pairs}) > 1


def curves_of(
    rows: Sequence[Row], axes: Sequence[str], sweep: Sweep, every: Sequence[Case]
) -> list[tuple[Case, list[Curve]]]:
    """Return the lines for each combination of the axes that are neither swept nor name the lines.

    every: all cases of the experiment, in its order: a line looks alike in each of its figures.
    """
    cases = [row.case for row in rows]
    named = line_axis(axes, sweep.axis, cases)
    free = [
        axis for axis in axes if axis not in (sweep.axis, named) and not follows(cases, axis, sweep.axis)
    ]
    names = values_of(cases, named) if named else [""]
    looks = looks_in(names, named, every)
    panels = []
    for fixed, inside in cells.grouped(rows, free, lambda row: row.case):
        lines = {name: [r for r in inside if named is None or r.case[named] == name] for name in names}
        panels.append(
            (fixed, [_curve(name, looks[name], own, sweep) for name, own in lines.items() if own])
        )
    return panels


def looks_in(names: Sequence[str], named: str | None, every: Sequence[Case]) -> dict[str, style.Look]:
    """Return name -> look, by the name's index among all values that the axis has in an experiment."""
    known = list(dict.fromkeys([*(values_of(every, named) if named else ()), *names]))
    looks = dict(zip(known, style.looks_of(known, named), strict=True))
    return {name: looks[name] for name in names}


def _curve(name: str, look: style.Look, rows: Sequence[Row], sweep: Sweep) -> Curve:
    by_value = {row.case[sweep.axis]: row for row in rows}
    level = by_value.pop(None, None)
    placed = {sweep.positions[value]: row for value, row in by_value.items() if value is not None}
    xs = sorted(placed)
    return Curve(name, look, np.array(xs), [placed[x] for x in xs], level)
