"""Decides whether a claim is supported, refuted or undecided; and the words of its evidence."""

from collections.abc import Mapping, Sequence

import numpy as np

from lab.analysis.stats.intervals import FEWEST_ROUNDS, Array, Mask, count
from lab.core.verdicts import REFUTED, SUPPORTED, UNDECIDED
from lab.core.words import many
from lab.core.work import Value


def decided(
    low: Array, high: Array, least: float, most: float, significant: Mask | bool = True
) -> tuple[str, Mask]:
    """Return the verdict on a claim that several numbers are between two bounds, and which of them show it.

    low, high: their intervals. All have to lie within the bounds for "supported"; one that lies outside,
    and is `significant`, is enough for "refuted".
    """
    right, wrong = (low > least) & (high < most), ((high < least) | (low > most)) & significant
    if right.all():
        return SUPPORTED, right
    return (REFUTED, wrong) if wrong.any() else (UNDECIDED, ~right)


def nearest(middle: Array, least: float, most: float, shown: Mask) -> int:
    """Return the index of the number that is nearest to one of the bounds, among those that are shown."""
    distance = np.minimum(np.abs(middle - least), np.abs(middle - most))
    return int(np.nanargmin(np.where(shown, distance, np.inf)))


def at(case: Mapping[str, Value | None], *, without: str = "") -> str:
    """Return the axes of a case, or of a filter: " at tasks=14 workers=all"; empty where there are none."""
    words = [f"{axis}={value}" for axis, value in case.items() if axis != without and value is not None]
    return f" at {' '.join(words)}" if words else ""


def too_few(values: Array, measured: str, cases: Sequence[str]) -> str:
    """Return which case has too few of its rounds: "3 rounds measured both at tasks=14; …"; "" for none."""
    for rounds, case in zip(count(values).tolist(), cases, strict=True):
        if rounds < FEWEST_ROUNDS:
            return f"{many(rounds, 'round')} measured {measured}{case}; an interval needs {FEWEST_ROUNDS}"
    return ""


def among(shown: Mask, noun: str) -> str:
    """Return how many of several numbers show a verdict: ", 3 of 4 pairs"; empty where there is one."""
    return f", {int(shown.sum())} of {len(shown)} {noun}" if len(shown) > 1 else ""
