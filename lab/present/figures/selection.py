"""Which cases a figure is about: those that its options name, by an axis's value or several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING

from lab.core.errors import LabError
from lab.core.figures import Picked
from lab.core.work import AA_SUFFIX
from lab.present.figures.cells import Case, values_of

if TYPE_CHECKING:
    from lab.store.reading import Results


def kept(name: str, cases: Sequence[Case], axes: Sequence[str], where: Mapping[str, Picked]) -> list[Case]:
    """Return the cases that have the values `where` names; an axis that says nothing to a case keeps it.

    The baseline's second measurement is left out: it is not a model. Raises LabError for an axis or a
    value that the results of experiment `name` have not.
    """
    wanted = {axis: _texts(value) for axis, value in where.items()}
    for axis, texts in wanted.items():
        check_axis(name, axis, axes)
        for text in texts:
            known = values_of(cases, axis)
            if text not in known:
                raise unknown(name, axis, text, known)
    found = [case for case in cases if not _again(case)]
    found = [case for case in found if all(_has(case, *pair) for pair in wanted.items())]
    if not found:
        raise LabError("no case has all of these values", where=name, remedy="name fewer of them")
    return found


def check_axis(name: str, axis: str, axes: Sequence[str]) -> None:
    """Raise LabError, naming the nearest, for an axis that the results have not."""
    if axis not in axes:
        raise unknown(name, "axis", axis, axes)


def in_grid_order(results: Results, cases: Sequence[Case]) -> list[Case]:
    """Return the cases in the order of the grid."""
    grid = [
        {axis: None if case.get(axis) is None else str(case[axis]) for axis in results.axes}
        for case in results.environment["experiment"]["cases"]
    ]
    return sorted(cases, key=lambda case: grid.index(dict(case)) if case in grid else len(grid))


def unknown(experiment: str, what: str, name: str, known: Sequence[str]) -> LabError:
    """Return the complaint about a name that an experiment's results do not have."""
    near = get_close_matches(name, known, 1, 0)
    remedy = f"did you mean {near[0]!r}? there are {', '.join(known)}" if near else "nothing was measured"
    return LabError(f"no {what} {name!r} to draw", where=experiment, remedy=remedy)


def _again(case: Case) -> bool:
    return (case.get("model") or "").endswith(AA_SUFFIX)


def _has(case: Case, axis: str, texts: Sequence[str]) -> bool:
    return case[axis] is None or case[axis] in texts


def _texts(value: Picked) -> list[str]:
    """Return a value, or several, as the tables hold them."""
    return [str(one) for one in (value if isinstance(value, tuple) else (value,))]
