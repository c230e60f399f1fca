"""The shortest makespan that physics allows a case."""

from __future__ import annotations

import numpy as np

from lab.analysis.stats.counterparts import counterpart
from lab.analysis.stats.intervals import Array
from lab.analysis.stats.rounds import Axes, Measured, Rounds

HANDED_OVER = "chunk"
"""The axis that says how many tasks are handed over at a time: whatever it is, the work is the same."""


def limits(results: Measured, rounds: Rounds) -> Array:
    """Return each case's limit in seconds; NaN where none is known.

    Waiting work brings its own (`limit_s`). Work that computes takes what it takes one after another,
    shared among min(workers, cores). Live work waits for others, and nobody knows how long.
    """
    own = rounds.values.get("limit_s")
    shortest = np.full(len(rounds.cases), np.nan)
    if own is None or "makespan_s" not in rounds.values:
        return shortest
    live = results.environment.get("plan", {}).get("live", False)
    cores = int(results.environment.get("machine", {}).get("cores") or 0)
    for place, case in enumerate(rounds.cases):
        if np.isfinite(own[place]).any():
            shortest[place] = np.nanmedian(own[place])
        elif cores and not live:
            shortest[place] = _work(case, rounds) / min(_workers(case, cores), cores)
    return shortest


def _work(case: Axes, rounds: Rounds) -> float:
    """Return the median makespan of the case's sequential counterpart; NaN where there is none."""
    partner = counterpart(case, "sequential", rounds.cases)
    if partner is None and HANDED_OVER in case:
        partner = counterpart({**case, HANDED_OVER: None}, "sequential", rounds.cases)
    if partner is None:
        return float("nan")
    makespans = rounds.values["makespan_s"][partner]
    return float(np.nanmedian(makespans)) if np.isfinite(makespans).any() else float("nan")


def _workers(case: Axes, cores: int) -> int:
    """Return how many tasks of a case may compute at once, as far as its axes say."""
    if case.get("model") == "sequential":
        return 1
    named = [case.get(axis) for axis in ("workers", "tasks")]
    return min(
        [cores, *(int(text) for text in named if text is not None and text.isdigit() and int(text) > 0)]
    )
