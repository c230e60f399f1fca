"""Which cases a figure shows: those that its options name, by an axis's value or several."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from lab.core.errors import LabError
from lab.core.figures import Picked
from lab.core.work import AA_SUFFIX
from lab.present.figures.cells import Case, values_of


def kept(name: str, cases: Sequence[Case], axes: Sequence[str], where: Mapping[str, Picked]) -> list[Case]:
    """Return the cases that have the values `where` names; an axis that does not apply keeps a case.

    The baseline's second measurement is left out, because it is not a model. Raises LabError for an axis
    or a value that the results of experiment `name` do not have.
    """
    wanted = {axis: _texts(value) for axis, value in where.items()}
    for axis, texts in wanted.items():
        check_axis(name, axis, axes)
        known = values_of(cases, axis)
        for text in texts:
            if text not in known:
                raise unknown(name, axis, text, known)
    selected = [
        case
        for case in cases
        if not (case.get("model") or "").endswith(AA_SUFFIX)
        and all(case[axis] is None or case[axis] in texts for axis, texts in wanted.items())
    ]
    if not selected:
        raise LabError("no case has all of these values", where=name, remedy="name fewer of them")
    return selected


def check_axis(name: str, axis: str, axes: Sequence[str]) -> None:
    """Raise LabError, naming the nearest, for an axis that the results do not have."""
    if axis not in axes:
        raise unknown(name, "axis", axis, axes)


def unknown(experiment: str, what: str, name: str, known: Sequence[str]) -> LabError:
    """Return the error for a name that an experiment's results do not have."""
    near = get_close_matches(name, known, 1, 0)
    remedy = f"did you mean {near[0]!r}? there are {', '.join(known)}" if near else "nothing was measured"
    return LabError(f"no {what} {name!r} to draw", where=experiment, remedy=remedy)


def _texts(value: Picked) -> list[str]:
    """Return a value, or several, as the tables hold them."""
    return [str(one) for one in (value if isinstance(value, tuple) else (value,))]
