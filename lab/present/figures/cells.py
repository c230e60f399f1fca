"""Which case stands in which panel and row, and what each round measured there.

A case is an axis -> value mapping. Null on an axis means that the axis says nothing to the case (one
after another has no workers), so it stands in every panel that it does not contradict.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import TYPE_CHECKING, Any

from lab.analysis.stats.rounds import by_round

if TYPE_CHECKING:
    from lab.store.reading import Results

Case = Mapping[str, str | None]


def row_axis(axes: Sequence[str]) -> str | None:
    """Return the axis whose values are a panel's rows: the model, or else the first axis."""
    return "model" if "model" in axes else next(iter(axes), None)


def values_of(cases: Iterable[Case], axis: str) -> list[str]:
    """Return the values that an axis takes, in the order of the cases, without null."""
    return list(dict.fromkeys(value for case in cases if (value := case[axis]) is not None))


def number(value: str) -> float | None:
    """Return an axis's value as a number; None for a word."""
    try:
        found = float(value)
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def ordered(values: Sequence[str]) -> list[str]:
    """Return an axis's values, the numbers by size and then the words in their order.

    A thinned grid meets its values in no order that a reader would expect.
    """
    numbers = {value: found for value in values if (found := number(value)) is not None}
    return [*sorted(numbers, key=numbers.__getitem__), *(value for value in values if value not in numbers)]


def matches(case: Case, other: Case) -> bool:
    """Return whether a case agrees with another on the other's axes; null agrees with anything."""
    return all(value is None or case[axis] is None or case[axis] == value for axis, value in other.items())


def panels(cases: Sequence[Case], axes: Sequence[str]) -> list[Case]:
    """Return what each panel holds fixed: every combination of the axes that some case has.

    A combination with a null is left out where a fuller one takes its cases in.
    """
    orders = [[*ordered(values_of(cases, axis)), None] for axis in axes]
    present = {tuple(case[axis] for axis in axes) for case in cases}
    found = [dict(zip(axes, values, strict=True)) for values in product(*orders) if values in present]
    return [
        panel
        for panel in found
        if None not in panel.values()
        or not any(other != panel and _fuller(other, panel) for other in found)
    ]


def _fuller(other: Case, panel: Case) -> bool:
    return all(value is None or other[axis] == value for axis, value in panel.items())


def held(panels: Sequence[Case]) -> Case:
    """Return the axes that several panels hold at one and the same value."""
    first = panels[0]
    same = {axis for axis in first if len({panel[axis] for panel in panels}) == 1}
    return {axis: first[axis] for axis in first if axis in same and len(panels) > 1}


def words(fixed: Case) -> str:
    """Return a combination in words: "tasks=14, workers=4"."""
    return ", ".join(f"{axis}={value}" for axis, value in fixed.items() if value is not None)


def key(case: Mapping[str, Any], axes: Sequence[str]) -> tuple[Any, ...]:
    """Return the values of a case, or of any row that has its axes, to find it by."""
    return tuple(case[axis] for axis in axes)


def round_values(results: Results, metric: str) -> dict[tuple[Any, ...], list[float]]:
    """Return for each case the metric's median in each round, in the rounds' order; NaN where none counts.

    Only trials that are ok count, and of them only samples that are not void; the metric's own unit.
    """
    rounds = by_round(results)
    values = rounds.values.get(metric)
    if values is None:
        return {}
    return {key(case, results.axes): row.tolist() for case, row in zip(rounds.cases, values, strict=True)}


def statuses(results: Results) -> dict[tuple[Any, ...], list[str]]:
    """Return for each case how each of its trials fared."""
    cases: dict[tuple[Any, ...], list[str]] = defaultdict(list)
    for row in results.trials.iter_rows(named=True):
        cases[key(row, results.axes)].append(row["status"])
    return cases
