"""Which case is compared with which: equal on every axis but one, the model as a rule.

An axis that means nothing to one of the two (sequential has no workers) matches anything.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from lab.analysis.stats.rounds import Axes, Rounds, as_text
from lab.core.work import Value


def agrees(case: Axes, where: Mapping[str, Value | None]) -> bool:
    """Return whether a case has these values; a None on either side agrees with anything."""
    return all(None in (value, case[axis]) or as_text(value) == case[axis] for axis, value in where.items())


def matching(cases: Sequence[Axes], where: Mapping[str, Value | None]) -> list[int]:
    """Return the indices of the cases that have these values, in grid order."""
    return [index for index, case in enumerate(cases) if agrees(case, where)]


def counterparts(case: Axes, model: str, cases: Sequence[Axes], axis: str = "model") -> list[int]:
    """Return the indices of the cases like `case` but with `model` on `axis`, in grid order."""
    alike = {name: value for name, value in case.items() if name != axis}
    return [index for index, other in enumerate(cases) if other.get(axis) == model and agrees(other, alike)]


def counterpart(case: Axes, model: str, cases: Sequence[Axes]) -> int | None:
    """Return the index of the one case of `model` to compare with; None where there is none, or several.

    Sequential, which has no workers, is like asyncio with four workers and like asyncio with fourteen:
    no one ratio would be true of both. A case of that model is its own counterpart.
    """
    indices = counterparts(case, model, cases)
    return indices[0] if len(indices) == 1 else None


@lru_cache(4)
def partners(rounds: Rounds, model: str) -> list[int | None]:
    """Return the counterpart of every case; the answer is kept, since each metric needs the same."""
    return [counterpart(case, model, rounds.cases) for case in rounds.cases]


def by_size(cases: Sequence[Axes], where: Mapping[str, Value | None], axis: str) -> dict[int, int]:
    """Return size -> the index of its case, of the cases with these values and a whole number on `axis`."""
    sizes = {index: cases[index].get(axis) or "" for index in matching(cases, where)}
    return {int(text): index for index, text in sizes.items() if text.isdigit()}
