"""Finds the faults of what an experiment runs: its workloads, and the functions that it gives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from inspect import isasyncgenfunction, iscoroutine, iscoroutinefunction, signature
from math import isfinite
from typing import Any

from lab.core.errors import LabError, clipped
from lab.core.experiment import Experiment
from lab.core.work import Case, Workload

ARGUMENTS = {"blocking": "an item", "expect": "an item", "items": "the number of tasks", "prepare": ""}
"""Function of a workload -> what it is called with; all may be None but the first."""
AS_SESSION = "give a function without arguments that returns an async context manager"


def check_function(name: str, function: object, argument: str) -> None:
    """Raise LabError for what cannot be called with `argument`, or would have to be awaited."""
    remedy = f"give a function of {argument}" if argument else "give a function without arguments"
    if not callable(function):
        raise LabError(f"`{name}` is {clipped(repr(function))}", remedy=remedy)
    if awaits(function):
        raise LabError(f"`{name}` is a coroutine function", remedy=f"{remedy} that is not `async`")
    if not takes(function, 1 if argument else 0):
        raise LabError(f"`{name}` cannot be called so", remedy=remedy)


def awaits(function: Callable[..., object]) -> bool:
    """Return whether calling a function gives something to await or to iterate over asynchronously."""
    forms = (function, getattr(function, "__call__", None))  # noqa: B004 as an object's class defines it
    return any(iscoroutinefunction(form) or isasyncgenfunction(form) for form in forms)


def takes(function: Callable[..., object], arguments: int) -> bool:
    """Return whether a function can be called with so many arguments, as far as it says."""
    try:
        signature(function).bind(*[None] * arguments)
    except TypeError:
        return False
    except ValueError:  # some functions of C do not say
        pass
    return True


def check_workload(workload: Workload) -> None:
    """Raise LabError for a field of a workload that holds something else than it should."""
    for name, argument in ARGUMENTS.items():
        if (function := getattr(workload, name)) is not None or name == "blocking":
            check_function(name, function, argument)
    check_session(workload.awaitable)
    for name in ("needs", "awaitable_needs"):
        needs: Any = getattr(workload, name)
        if not isinstance(needs, list | tuple) or not all(isinstance(each, str) for each in needs):
            raise LabError(f"`{name}` is {clipped(repr(needs))}", remedy='give a tuple: ("requests",)')
    wait_s: Any = workload.wait_s
    if wait_s is not None and not (isinstance(wait_s, int | float) and isfinite(wait_s) and wait_s >= 0):
        raise LabError(f"`wait_s` is {clipped(repr(wait_s))}", remedy="give seconds, or None")
    if not isinstance(workload.uses_server, bool):
        raise LabError(
            f"`uses_server` is {clipped(repr(workload.uses_server))}", remedy="give True or False"
        )
    if workload.connections not in ("", "new", "kept"):
        remedy = 'give "new", "kept" or ""'
        raise LabError(f"`connections` is {clipped(repr(workload.connections))}", remedy=remedy)


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
