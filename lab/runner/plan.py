"""The order of the trials: the cases that are left, as shuffled rounds."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from lab.catalog.names import known
from lab.core.errors import LabError
from lab.core.work import AA_SUFFIX, Case, Value


class Planned(NamedTuple):
    """One trial to come: its round (from 1), its number in the run (from 1), and its case."""

    round: int
    trial: int
    case: Case


def with_aa_control(
    cases: Sequence[Case], baseline: str, picks: Callable[[Mapping[str, Value]], bool] | None = None
) -> list[Case]:
    """Return the cases with each of the baseline's followed by the same under another name.

    The difference between the two is noise: it shows what this machine can resolve. `picks` is a function
    of a case's parameters: whether the case is followed; None follows all.
    """
    every = []
    for case in cases:
        every.append(case)
        if case.params.get("model") == baseline and (picks is None or picks(case.params)):
            every.append(Case(case.experiment, {**case.params, "model": baseline + AA_SUFFIX}))
    return every


def in_rounds(cases: Sequence[Case], rounds: int, seed: int) -> Iterator[Planned]:
    """Yield a trial of every case for each round, in an order shuffled anew from the seed."""
    from random import Random  # a trial does without it

    trial = 0
    for number in range(1, rounds + 1):
        shuffled = list(cases)
        Random(f"{seed}/{cases[0].experiment}/{number}").shuffle(shuffled)
        for case in shuffled:
            trial += 1
            yield Planned(number, trial, case)


Only = Mapping[str, Sequence[str]]


def parse_only(filters: Sequence[str]) -> dict[str, list[str]]:
    """Return axis -> values from words like "model=threads,asyncio"; LabError for other words."""
    only: dict[str, list[str]] = {}
    for word in filters:
        axis, equals, values = word.partition("=")
        if not (axis and equals and values):
            raise LabError(f"{word!r} is no filter", where="--only", remedy="write AXIS=VALUE[,VALUE...]")
        only.setdefault(axis, []).extend(values.split(","))
    return only


def kept(cases: Sequence[Case], only: Only) -> list[Case]:
    """Return the cases whose values the filters keep; a filter on an axis that a case lacks keeps it."""
    return [
        case
        for case in cases
        if all(str(case.params[axis]) in values for axis, values in only.items() if axis in case.params)
    ]


def check_only(cases: Sequence[Case], only: Only) -> None:
    """Raise LabError with the nearest name for a filter that no case of any experiment knows."""
    for axis, values in only.items():
        known(axis, dict.fromkeys(axis for case in cases for axis in case.params), "axis", where="--only")
        values_there = dict.fromkeys(str(case.params[axis]) for case in cases if axis in case.params)
        for value in values:
            known(value, values_there, axis, where="--only")
