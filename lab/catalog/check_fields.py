"""Finds fields that hold another kind of value than they should, or another form of function."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from inspect import isasyncgenfunction, iscoroutinefunction, signature
from math import isfinite
from typing import Any

from lab.core.errors import LabError, clipped

Field = tuple[Callable[[Any], bool], str]
"""Whether a value can stand in a field, and what to give instead of one that cannot."""
Table = Mapping[str, Field]

TRUTH: Field = (lambda value: isinstance(value, bool), "give True or False")


def is_seconds(value: object) -> bool:
    """Return whether a value is a number of seconds."""
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value) and value >= 0


def check_table(holder: object, table: Table) -> None:
    """Raise LabError for a field that does not hold what the table says."""
    for name, (holds, remedy) in table.items():
        value = getattr(holder, name)
        if not holds(value):
            raise LabError(f"`{name}` is {clipped(repr(value))}", remedy=remedy)


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
    """Return whether a function can be called with so many arguments, as far as its signature tells."""
    try:
        signature(function).bind(*[None] * arguments)
    except TypeError:
        return False
    except ValueError:  # some functions of C have no signature
        pass
    return True
