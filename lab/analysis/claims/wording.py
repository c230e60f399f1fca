"""The cases in a claim's evidence, in words."""

from __future__ import annotations

from collections.abc import Mapping

from lab.analysis.stats.intervals import FEWEST_ROUNDS
from lab.analysis.stats.rounds import Axes
from lab.core.words import many
from lab.core.work import Value


def at(case: Axes, *, without: str = "") -> str:
    """Return the axes of a case: " at tasks=14 workers=all"."""
    words = [f"{axis}={value}" for axis, value in case.items() if axis != without and value is not None]
    return f" at {' '.join(words)}" if words else ""


def filtered(where: Mapping[str, Value]) -> str:
    """Return a filter: " tasks=14 workers=all"."""
    return "".join(f" {axis}={value}" for axis, value in where.items())


def too_few(rounds: int, measured: str, case: str) -> str:
    """Return that a case has too few rounds for an interval: "3 rounds measured both at tasks=14; …"."""
    return f"{many(rounds, 'round')} measured {measured}{case}; an interval needs {FEWEST_ROUNDS}"
