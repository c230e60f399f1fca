"""Which case belongs in which panel and row of a figure.

A case is a mapping of axis -> value. None on an axis means that the axis does not apply to the case
(sequential has no workers), so the case belongs in every panel that it does not contradict.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import polars as pl

from lab.analysis.stats.counterparts import agrees
from lab.analysis.stats.rounds import by_round
from lab.store.reading import Results

Case = Mapping[str, str | None]
T = TypeVar("T")
matches = agrees  # a None on either side agrees with anything


def row_axis(axes: Sequence[str]) -> str | None:
    """Return the axis whose values are a panel's rows: the model, or else the first axis."""
    return "model" if "model" in axes else next(iter(axes), None)


def values_of(cases: Iterable[Case], axis: str) -> list[str]:
    """Return the values that an axis takes, in the order of the cases, without None."""
    return list(dict.fromkeys(value for case in cases if (value := case[axis]) is not None))


def number(value: str) -> float | None:
    """Return an axis's value as a number; None for a word."""
    try:
        parsed = float(value)
    except ValueError:
        return None
    return parsed if math.isfinite(parsed) else None


def ordered(values: Sequence[str]) -> list[str]:
    """Return an axis's values: the numbers by size, then the words in their order.

    The cases of a thinned grid do not have them in the order that a reader expects.
    """
    numbers = {value: size for value in values if (size := number(value)) is not None}
    return [*sorted(numbers, key=numbers.__getitem__), *(value for value in values if value not in numbers)]


def panels(cases: Sequence[Case], axes: Sequence[str]) -> list[Case]:
    """Return the values that each panel holds fixed: every combination of the axes that some case has.

    A combination with None is left out if a fuller one takes in its cases.
    """
    orders = [[*ordered(values_of(cases, axis)), None] for axis in axes]
    present = {tuple(case[axis] for axis in axes) for case in cases}
    ranked = sorted(present, key=lambda values: [orders[n].index(value) for n, value in enumerate(values)])
    fixed = [dict(zip(axes, values, strict=True)) for values in ranked]
    return [
        panel for panel in fixed if not any(other != panel and _fuller(other, panel) for other in fixed)
    ]


def _fuller(other: Case, panel: Case) -> bool:
    return all(value is None or other[axis] == value for axis, value in panel.items())


def grouped(
    items: Sequence[T], axes: Sequence[str], case_of: Callable[[T], Case]
) -> list[tuple[Case, list[T]]]:
    """Return for each panel the values of the axes that it holds fixed, and the items that belong in it.

    The items whose cases name all of these axes come last. So of two with one name, a dictionary by name
    keeps the fuller match.
    """
    groups = []
    for fixed in panels([case_of(item) for item in items], axes):
        inside = [item for item in items if matches(case_of(item), fixed)]
        inside.sort(key=lambda item: None not in key(case_of(item), axes))
        groups.append((fixed, inside))
    return groups


def titles_of(panels: Sequence[Case]) -> tuple[list[str], str]:
    """Return the title of each panel, and a sentence on the values that several panels share."""
    shared = {
        axis: value
        for axis, value in panels[0].items()
        if len(panels) > 1 and all(panel[axis] == value for panel in panels)
    }
    own = [{axis: value for axis, value in panel.items() if axis not in shared} for panel in panels]
    return [words(panel) for panel in own], all_with(shared)


def all_with(fixed: Case) -> str:
    """Return the sentence that ends a subtitle: " All with tasks=14."; empty if nothing is fixed."""
    return f" All with {words(fixed)}." if words(fixed) else ""


def words(fixed: Case) -> str:
    """Return a combination in words: "tasks=14, workers=4"."""
    return ", ".join(f"{axis}={value}" for axis, value in fixed.items() if value is not None)


def key(case: Mapping[str, Any], axes: Sequence[str]) -> tuple[Any, ...]:
    """Return the values of a case, or of any row that has its axes, to find it by."""
    return tuple(case[axis] for axis in axes)


def rows_for(rows: pl.DataFrame, case: Case) -> pl.DataFrame:
    """Return the rows of a table that belong to a case."""
    return rows.filter(*(pl.col(axis).eq_missing(pl.lit(value, pl.String)) for axis, value in case.items()))


def round_values(results: Results, metric: str) -> dict[tuple[Any, ...], list[float]]:
    """Return for each case the metric's median in each round, in the rounds' order; NaN without a number.

    Only trials with status ok count, and of them only samples that are not void; in the metric's own unit.
    """
    rounds = by_round(results)
    values = rounds.values.get(metric)
    if values is None:
        return {}
    return {key(case, results.axes): row.tolist() for case, row in zip(rounds.cases, values, strict=True)}
