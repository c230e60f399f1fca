"""What a line figure shows: its panels, in each its lines, and in each line the cases of a sweep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lab.present.figures import cells, style
from lab.present.figures.cells import Case, matches, values_of
from lab.present.figures.rows import Row


@dataclass(frozen=True, slots=True)
class Curve:
    """One line: its name and look, the row at each value of the swept axis, and that of no such value.

    `flat` is the row of a model that the swept axis says nothing to: it is a level line.
    """

    name: str
    look: style.Look
    rows: Mapping[str, Row]
    flat: Row | None

    @property
    def points(self) -> dict[str, Row]:
        """Return the rows that have a median, by the swept axis's value."""
        return {x: row for x, row in self.rows.items() if row.median is not None}

    @property
    def all_rows(self) -> list[Row]:
        """Return every row, the level one too."""
        return [*self.rows.values(), *([self.flat] if self.flat else [])]


@dataclass(frozen=True, slots=True)
class Panel:
    """The axes that a panel holds fixed, and its lines."""

    fixed: Case
    curves: Sequence[Curve]

    @property
    def rows(self) -> list[Row]:
        """Return every row of every line."""
        return [row for curve in self.curves for row in curve.all_rows]


def line_axis(axes: Sequence[str], x: str | None, cases: Sequence[Case]) -> str | None:
    """Return the axis that names the lines: the model, or else the first besides `x` that varies."""
    others = [axis for axis in axes if axis != x]
    if "model" in others:
        return "model"
    varying = [axis for axis in others if len(values_of(cases, axis)) > 1]
    varying = [axis for axis in varying if x is None or not follows(cases, axis, x)]
    return next(iter(varying or others), None)


def follows(cases: Sequence[Case], axis: str, x: str) -> bool:
    """Return whether an axis only follows the swept one, as the number of tasks may their size."""
    pairs = {(case[x], case[axis]) for case in cases if case[x] is not None and case[axis] is not None}
    return 1 < len(pairs) == len({value for value, _ in pairs}) and len({other for _, other in pairs}) > 1


def panels_of(
    rows: Sequence[Row], axes: Sequence[str], x: str, every: Sequence[Case] | None = None
) -> list[Panel]:
    """Return a panel for each combination of the axes that are neither swept nor name the lines.

    every: all cases of the experiment, in its order: a line looks alike in each of its figures.
    """
    cases = [row.case for row in rows]
    named = line_axis(axes, x, cases)
    free = [axis for axis in axes if axis not in (x, named) and not follows(cases, axis, x)]
    names = values_of(cases, named) if named else [""]
    looks = looks_in(names, named, every or cases)
    panels = []
    for fixed in cells.panels(cases, free):
        mine = [(name, [r for r in rows if named is None or r.case[named] == name]) for name in names]
        curves = [_curve(name, looks[name], some, x, fixed) for name, some in mine]
        panels.append(Panel(fixed, [curve for curve in curves if curve.all_rows]))
    return panels


def looks_in(names: Sequence[str], named: str | None, every: Sequence[Case]) -> dict[str, style.Look]:
    """Return name -> look, by its place among all values that the axis has in an experiment."""
    known = list(dict.fromkeys([*(values_of(every, named) if named else ()), *names]))
    looks = dict(zip(known, style.looks_of(known, named), strict=True))
    return {name: looks[name] for name in names}


def _curve(name: str, look: style.Look, rows: Sequence[Row], x: str, fixed: Case) -> Curve:
    """Return the line of these rows in a panel; of two rows for one place the fuller match."""
    found: dict[str | None, Row] = {}
    for row in rows:
        exact = all(row.case[axis] == value for axis, value in fixed.items())
        if matches(row.case, fixed) and (exact or row.case[x] not in found):
            found[row.case[x]] = row
    return Curve(name, look, {key: row for key, row in found.items() if key is not None}, found.get(None))
