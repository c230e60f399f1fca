"""The words of a claim's verdict: supported, refuted or undecided."""

from __future__ import annotations

from lab.analysis.stats.intervals import Mask

SUPPORTED, REFUTED, UNDECIDED = "supported", "refuted", "undecided"


def decided(right: Mask, wrong: Mask) -> tuple[str, Mask]:
    """Return the verdict on a claim about several numbers, and a mask of those that show it.

    right, wrong: which of them lie on the claimed side of the bound by their interval, and which on the
    other side. All have to be right for "supported"; one that is wrong is enough for "refuted".
    """
    if right.all():
        return SUPPORTED, right
    return (REFUTED, wrong) if wrong.any() else (UNDECIDED, ~right)
