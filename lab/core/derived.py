"""Tables that follow from the rows, declared as plain data."""

from collections.abc import Mapping
from typing import NamedTuple

from lab.core.work import Value


class Derived(NamedTuple):
    """A table that follows from the rows, as plain data: its kind is a module of `lab.analysis.predict`."""

    kind: str
    options: Mapping[str, Value | tuple[str, ...]]


def scaling(axis: str = "workers", **where: Value) -> Derived:
    """Declare laws.csv: the laws of scaling, fitted to makespans over `axis`; `where` picks the cases."""
    return Derived("scaling", {"axis": axis, **where})


def extrapolation(axis: str, *, up_to: int, wait_s: float) -> Derived:
    """Declare prediction.csv: what the sizes up to `up_to` predict for larger ones, and what was measured.

    The tasks of a case, `axis` of them, are all in flight at once and each waits `wait_s`.
    """
    return Derived("extrapolation", {"axis": axis, "up_to": up_to, "wait_s": wait_s})
