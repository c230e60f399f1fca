"""Finds the faults of what an experiment runs: its workloads, and the cases of which it can run none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from inspect import isasyncgenfunction, iscoroutine

from lab.catalog.check_fields import (
    TRUTH,
    Field,
    Table,
    awaits,
    check_function,
    check_table,
    is_seconds,
    takes,
)
from lab.core.errors import LabError, clipped
from lab.core.experiment import Experiment
from lab.core.work import Case, Workload

ARGUMENTS = {"blocking": "an item", "expect": "an item", "items": "the number of tasks", "prepare": ""}
"""Function of a workload -> what it is called with; all may be None but the first."""
PACKAGES: Field = (
    lambda value: type(value) in (list, tuple) and all(isinstance(each, str) for each in value),
    'give a tuple: ("requests",)',
)
FIELDS: Table = {
    "needs": PACKAGES,
    "awaitable_needs": PACKAGES,
    "wait_s": (lambda value: value is None or is_seconds(value), "give seconds, or None"),
    "uses_server": TRUTH,
    "connections": (lambda value: value in ("", "new", "kept"), 'give "new", "kept" or ""'),
}
AS_SESSION = "give a function without arguments that returns an async context manager"


def check_workload(workload: Workload) -> None:
    """Raise LabError for a field of a workload that holds something else than it should."""
    for name, argument in ARGUMENTS.items():
        if (function := getattr(workload, name)) is not None or name == "blocking":
            check_function(name, function, argument)
    check_session(workload.awaitable)
    check_table(workload, FIELDS)


def check_session(awaitable: object) -> None:
    """Raise LabError for an awaitable that opens no session."""
    if awaitable is None:
        return
    if not callable(awaitable):
        raise LabError(f"`awaitable` is {clipped(repr(awaitable))}", remedy=AS_SESSION)
    if isasyncgenfunction(awaitable):
        raise LabError(
            "`awaitable` is an async generator function", remedy="decorate it with asynccontextmanager"
        )
    if awaits(awaitable) or not takes(awaitable, 0):
        raise LabError("`awaitable` opens no session", remedy=f"{AS_SESSION}; it yields item -> result")


def check_workload_of(experiment: Experiment, cases: Sequence[Case]) -> None:
    """Raise LabError where `workload`, a function of the case, does not return a workload.

    What it raises in some cases their trials say; where it raises in all, it is no such function.
    """
    if experiment.workload is None or isinstance(experiment.workload, Workload):
        return
    raised: list[Exception] = []
    for case in cases:
        try:
            workload: object = experiment.workload(case)
        except LabError:
            raise
        except Exception as error:
            raised.append(error)
            continue
        if iscoroutine(workload):
            workload.close()
        if not isinstance(workload, Workload):
            what = f"`workload` returns {clipped(repr(workload))} for {case}"
            raise LabError(
                what, remedy="return a Workload; one for all cases is workload=Workload(function)"
            )
        check_workload(workload)
    if len(raised) == len(cases):
        what = f"`workload` raises in every case, {type(raised[0]).__name__}: {raised[0]}"
        raise LabError(what, remedy="give a Workload, or a function of the case that returns one")


def check_unavailable(unavailable: Callable[[Case], object], cases: Sequence[Case]) -> None:
    """Raise LabError where `unavailable` does not return a text."""
    for case in cases:
        try:
            reason = unavailable(case)
        except Exception as error:
            raise LabError(f"`unavailable` raises {type(error).__name__}: {error} for {case}") from error
        if not isinstance(reason, str):
            what = f"`unavailable` returns {clipped(repr(reason))} for {case}"
            raise LabError(what, remedy='return why it cannot run here, or ""')
