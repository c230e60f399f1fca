"""Where a claim's numbers stand, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lab.analysis.stats.rounds import Axes
from lab.core.work import Value


def named(case: Axes, *, without: str = "") -> str:
    """Return the axes a case stands at: " at tasks=14 workers=all"."""
    words = [f"{axis}={value}" for axis, value in case.items() if axis != without and value is not None]
    return f" at {' '.join(words)}" if words else ""


def filtered(where: Mapping[str, Value]) -> str:
    """Return a filter: " tasks=14 workers=all"."""
    return "".join(f" {axis}={value}" for axis, value in where.items())


def unknown_axis(where: Mapping[str, Value], axes: Sequence[str]) -> str:
    """Return the complaint about an axis that the results do not have; "" where they have all."""
    unknown = set(where) - set(axes)
    return f"there is no axis {min(unknown)}" if unknown else ""
