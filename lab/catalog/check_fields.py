"""What each field of a declaration may hold: finds other values, and wrong functions."""

import re
from collections.abc import Callable, Mapping
from inspect import isasyncgenfunction, iscoroutinefunction, signature
from math import isfinite
from typing import Any

from lab.core.errors import LabError, clipped
from lab.core.work import Workload

Check = Callable[[str, Any], None]
"""Raises LabError where a field, given by its name and its value, holds something else than it should."""


def holding(is_right: Callable[[Any], bool], remedy: str) -> Check:
    """Return the check of a field that holds a value."""

    def check(name: str, value: object) -> None:
        if not is_right(value):
            raise LabError(f"`{name}` is {clipped(repr(value))}", remedy=remedy)

    return check


def calling(argument: str, *, required: bool = False) -> Check:
    """Return the check of a field that holds a function of `argument` ("" for none), or None."""
    remedy = f"give a function of {argument}" if argument else "give a function without arguments"

    def check(name: str, function: Any) -> None:
        if function is None and not required:
            return
        if not callable(function):
            raise LabError(f"`{name}` is {clipped(repr(function))}", remedy=remedy)
        if awaits(function):
            raise LabError(f"`{name}` is a coroutine function", remedy=f"{remedy} that is not `async`")
        if not takes(function, 1 if argument else 0):
            raise LabError(f"`{name}` cannot be called so", remedy=remedy)

    return check


def awaits(function: Callable[..., object]) -> bool:
    """Return whether calling a function gives something to await or to iterate over asynchronously."""
    forms = (function, getattr(function, "__call__", None))  # noqa: B004 as an object's class defines it
    return any(iscoroutinefunction(form) or isasyncgenfunction(form) for form in forms)


def takes(function: Callable[..., object], arguments: int) -> bool:
    """Return whether a function can be called with so many arguments, as far as its signature tells."""
    try:
        signature(function).bind(*[None] * arguments)
    except TypeError:
        return False
    except ValueError:  # some functions of C have no signature
        pass
    return True


def check_session(name: str, awaitable: Any) -> None:
    """Raise LabError for an awaitable that opens no session."""
    if isasyncgenfunction(awaitable):
        what = f"`{name}` is an async generator function"
        raise LabError(what, remedy="decorate it with asynccontextmanager")
    opens = callable(awaitable) and not awaits(awaitable) and takes(awaitable, 0)
    if not opens and awaitable is not None:
        what = "opens no session" if callable(awaitable) else f"is {clipped(repr(awaitable))}"
        remedy = "give a function without arguments that returns an async context manager"
        raise LabError(f"`{name}` {what}", remedy=f"{remedy}; it yields item -> result")


def check_workload(name: str, workload: Any) -> None:
    """Raise LabError for a faulty workload, or for what is neither that nor a function of the case."""
    if isinstance(workload, Workload):
        check_fields(workload, WORKLOAD)
    else:
        calling("the case, or a Workload")(name, workload)


def check_fields(holder: object, checks: Mapping[str, Check]) -> None:
    """Raise LabError for a field that holds something else than it should."""
    for name, check in checks.items():
        check(name, getattr(holder, name))


def is_number(value: object) -> bool:
    """Return whether a value is a finite number, and no truth value."""
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def are_texts(value: object) -> bool:
    """Return whether a value is a list or a tuple of texts."""
    return isinstance(value, list | tuple) and all(isinstance(each, str) for each in value)


def _is_seconds(value: Any) -> bool:
    return is_number(value) and value >= 0


def _is_pair(value: Any) -> bool:
    return value is None or (isinstance(value, tuple) and are_texts(value) and len(value) == 2)


COLOUR = re.compile("(#[0-9a-fA-F]{6})?")
TRUTH = holding(lambda value: isinstance(value, bool), "give True or False")
TEXT = holding(lambda value: isinstance(value, str), 'give a text, or ""')
PACKAGES = holding(are_texts, 'give a tuple: ("requests",)')
SENTENCE = holding(lambda value: isinstance(value, str) and bool(value.strip()), "give a sentence")
AXIS = holding(lambda value: isinstance(value, str), "give the name of an axis")
VALUE = holding(lambda value: isinstance(value, str), "give a value of the axis")
CASES = holding(lambda value: isinstance(value, Mapping), 'give axes with values: {"chunk": 1}')
PLACES = ("caller", "loop", "thread", "process")
MARKERS = ("", *".,ov^<>1234sp*hH+xDd|_P8X")  # those of matplotlib that are one character, or none
WORKLOAD: Mapping[str, Check] = {
    "blocking": calling("an item", required=True),
    "awaitable": check_session,
    "expect": calling("an item"),
    "items": calling("the number of tasks"),
    "prepare": calling(""),
    "needs": PACKAGES,
    "awaitable_needs": PACKAGES,
    "wait_s": holding(lambda value: value is None or _is_seconds(value), "give seconds, or None"),
    "uses_server": TRUTH,
    "connections": holding(lambda value: value in ("", "new", "kept"), 'give "new", "kept" or ""'),
}
EXPERIMENT: Mapping[str, Check] = {
    "workload": check_workload,
    "measure": calling("the case"),
    "question": SENTENCE,
    "baseline": holding(lambda value: isinstance(value, str), 'give the name of a model, or ""'),
    "samples": holding(lambda value: type(value) is int and value >= 1, "give a whole number from 1"),
    "warmups": holding(lambda value: type(value) is int and value >= 0, "give a whole number from 0"),
    "timeout_s": holding(lambda value: _is_seconds(value) and value > 0, "give seconds, more than 0"),
    "keep": calling("a case's parameters"),
    "unavailable": calling("the case"),
    "aa_control": calling("a case's parameters"),
    "uses_server": TRUTH,
    "besides": holding(lambda value: isinstance(value, str), "give a sentence"),
    "in_flight": holding(_is_pair, 'give an axis and a metric: ("in_flight", "server_peak"), or None'),
}
ADVICE: Mapping[str, Check] = {"text": SENTENCE, "rank": holding(is_number, "give a number")}
CONSTANT: Mapping[str, Check] = {
    **dict.fromkeys(("axis", "size"), AXIS),
    **dict.fromkeys(("where", "smallest"), CASES),
    **dict.fromkeys(("task", "thread", "process", "least", "usual"), VALUE),
    "up_to": holding(lambda value: is_number(value) and value > 0, "give a number, more than 0"),
}
MODEL: Mapping[str, Check] = {
    "open": holding(callable, "give a function of the number of workers"),
    "axes": holding(are_texts, 'give a tuple: ("workers",)'),
    "needs": PACKAGES,
    "workers_in": holding(lambda value: value in PLACES, f"give one of {', '.join(PLACES)}"),
    "colour": holding(lambda value: bool(COLOUR.fullmatch(str(value))), 'give one like "#074d78", or ""'),
    "marker": holding(lambda value: value in MARKERS, f'give one of {"".join(MARKERS)}, or ""'),
    "textbook": holding(lambda value: value is None or callable(value), "give a function, or None"),
    **dict.fromkeys(("unavailable", "flavour", "law"), TEXT),
    **dict.fromkeys(("starts_in_batch", "prepares", "pickles"), TRUTH),
}
