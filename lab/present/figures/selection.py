"""Which cases a figure shows, and in which of its panels and lines.

A case is a mapping of axis -> value. None on an axis means that the axis does not apply to the case
(sequential has no workers), so the case belongs in every panel that it does not contradict.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, TypeVar

import numpy as np
import polars as pl

from lab.analysis.stats.counterparts import agrees
from lab.analysis.stats.intervals import Array
from lab.analysis.stats.rounds import Rounds
from lab.core.errors import LabError
from lab.core.figures import Picked
from lab.core.work import AA_SUFFIX
from lab.present.units import number
from lab.store.reading import Results

Case = Mapping[str, str | None]
T = TypeVar("T")


def row_axis(axes: Sequence[str]) -> str | None:
    """Return the axis whose values are a panel's rows: the model, or else the first axis."""
    return "model" if "model" in axes else next(iter(axes), None)


def values_of(cases: Iterable[Case], axis: str) -> list[str]:
    """Return the values that an axis takes, in the order of the cases, without None."""
    return list(dict.fromkeys(value for case in cases if (value := case[axis]) is not None))


def ordered(values: Sequence[str]) -> list[str]:
    """Return an axis's values, which a thinned grid has in disorder: numbers by size, then the words."""
    numbers = {value: size for value in values if (size := number(value)) is not None}
    return [*sorted(numbers, key=numbers.__getitem__), *(value for value in values if value not in numbers)]


def words(fixed: Case) -> str:
    """Return a combination in words: "tasks=14, workers=4"."""
    return ", ".join(f"{axis}={value}" for axis, value in fixed.items() if value is not None)


def all_with(fixed: Case) -> str:
    """Return the sentence that ends a subtitle: " All with tasks=14."; empty if nothing is fixed."""
    return f" All with {words(fixed)}." if words(fixed) else ""


def key(case: Mapping[str, Any], axes: Sequence[str]) -> tuple[Any, ...]:
    """Return the values of a case, or of any row that has its axes, to find it by."""
    return tuple(case[axis] for axis in axes)


def by_case(rows: pl.DataFrame, axes: Sequence[str]) -> dict[tuple[Any, ...], pl.DataFrame]:
    """Return the values of each case -> its rows of a table."""
    if rows.is_empty():
        return {}
    return rows.partition_by(axes, as_dict=True) if axes else {(): rows}


def round_values(rounds: Rounds, metric: str) -> dict[tuple[Any, ...], Array]:
    """Return the values of each case -> the metric's median in each round; NaN without a number."""
    values = rounds.values.get(metric, np.empty((len(rounds.cases), 0)))
    return {key(case, rounds.axes): line for case, line in zip(rounds.cases, values, strict=True)}


def check_axis(results: Results, axis: str) -> None:
    """Raise LabError, naming the nearest, for an axis that the results do not have."""
    if axis not in results.axes:
        raise unknown(results, "axis", axis, results.axes)


def unknown(results: Results, what: str, name: str, known: Sequence[str]) -> LabError:
    """Return the error for a name that an experiment's results do not have."""
    near = get_close_matches(name, known, 1, 0)
    remedy = f"did you mean {near[0]!r}? there are {', '.join(known)}" if near else "nothing was measured"
    return LabError(f"no {what} {name!r} to draw", where=results.name, remedy=remedy)


def kept(results: Results, cases: Sequence[Case], where: Mapping[str, Picked]) -> list[Case]:
    """Return the cases with these values; LabError for an axis or value that the results do not have."""
    for axis, wanted in where.items():
        check_axis(results, axis)
        known = values_of(cases, axis)
        for text in _texts(wanted):
            if text not in known:
                raise unknown(results, axis, text, known)
    if not (some := picked(cases, where)):
        raise LabError("no case has all of these values", where=results.name, remedy="name fewer of them")
    return some


def picked(cases: Sequence[Case], where: Mapping[str, Picked]) -> list[Case]:
    """Return the cases that have the values `where` names; an axis that does not apply keeps a case.

    The baseline's second measurement is left out, because it is not a model.
    """
    wanted = {axis: (None, *_texts(value)) for axis, value in where.items()}
    models = [case for case in cases if not (case.get("model") or "").endswith(AA_SUFFIX)]
    return [case for case in models if all(case[axis] in texts for axis, texts in wanted.items())]


def _texts(value: Picked) -> list[str]:
    """Return a value, or several, as the tables hold them."""
    return [str(one) for one in (value if isinstance(value, tuple | list) else (value,))]


def panels(cases: Sequence[Case], axes: Sequence[str]) -> list[Case]:
    """Return the values that each panel holds fixed: every combination of the axes that some case has.

    A combination with None is left out if a fuller one takes in its cases.
    """
    orders = [[*ordered(values_of(cases, axis)), None] for axis in axes]
    present = {key(case, axes) for case in cases}
    ranked = sorted(present, key=lambda values: [orders[n].index(value) for n, value in enumerate(values)])
    fixed = [dict(zip(axes, values, strict=True)) for values in ranked]
    known = [{axis: value for axis, value in panel.items() if value is not None} for panel in fixed]
    fuller = [any(own.items() < other.items() for other in known) for own in known]
    return [panel for panel, other in zip(fixed, fuller, strict=True) if not other]


def grouped(
    items: Sequence[T], axes: Sequence[str], case_of: Callable[[T], Case]
) -> list[tuple[Case, list[T]]]:
    """Return for each panel the values of the axes that it holds fixed, and the items that belong in it.

    The items whose cases name all of these axes come last. So of two with one name, a dictionary by name
    keeps the fuller match.
    """
    groups = []
    for fixed in panels([case_of(item) for item in items], axes):
        inside = [item for item in items if agrees(case_of(item), fixed)]
        inside.sort(key=lambda item: None not in key(case_of(item), axes))
        groups.append((fixed, inside))
    return groups


def lines_in(
    items: Sequence[T], axes: Sequence[str], x: str | None, case_of: Callable[[T], Case]
) -> list[tuple[Case, dict[str, list[T]]]]:
    """Return for each panel of a line figure over `x` what it holds fixed, and name -> items of each line.

    Each combination of the axes that are neither swept nor name the lines has a panel.
    """
    cases = [case_of(item) for item in items]
    named = line_axis(axes, x, cases)
    free = [axis for axis in axes if axis not in (x, named) and not (x and _follows(cases, axis, x))]
    names = [*values_of(cases, named), ""] if named else [""]
    groups = []
    for fixed, inside in grouped(items, free, case_of):
        by_name = [((case_of(item)[named] or "") if named else "", item) for item in inside]
        lines = {name: [item for own, item in by_name if own == name] for name in names}
        groups.append((fixed, {name: own for name, own in lines.items() if own}))
    return groups


def line_axis(axes: Sequence[str], x: str | None, cases: Sequence[Case]) -> str | None:
    """Return the axis that names the lines: the model, or else the first besides `x` that varies."""
    others = [axis for axis in axes if axis != x]
    if "model" in others:
        return "model"
    varying = [axis for axis in others if len(values_of(cases, axis)) > 1]
    return next((a for a in varying if x is None or not _follows(cases, a, x)), next(iter(others), None))


def _follows(cases: Sequence[Case], axis: str, x: str) -> bool:
    """Return whether an axis only follows the swept one, as the number of tasks may follow their size."""
    pairs = {(case[x], case[axis]) for case in cases if case[x] is not None and case[axis] is not None}
    return 1 < len(pairs) == len({value for value, _ in pairs}) and len({other for _, other in pairs}) > 1
