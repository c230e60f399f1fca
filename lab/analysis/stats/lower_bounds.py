"""Lower bounds: the shortest makespan that is possible for a case, the column `limit` of summary.csv."""

import numpy as np

from lab.analysis.stats.counterparts import counterpart
from lab.analysis.stats.intervals import Array
from lab.analysis.stats.rounds import Axes, Rounds
from lab.core.work import SEQUENTIAL
from lab.store.reading import Results

CHUNK = "chunk"
"""The axis with the number of tasks that are handed over at a time, which does not change the work."""


def lower_bounds(results: Results, rounds: Rounds) -> Array:
    """Return each case's lower bound in seconds; NaN where none is known.

    Waiting work brings its own (`limit_s`). Work that computes takes its sequential makespan, shared
    among min(workers, cores). How long live work waits for others is not known.
    """
    own = rounds.values.get("limit_s")
    bounds = np.full(len(rounds.cases), np.nan)
    if own is None or "makespan_s" not in rounds.values:
        return bounds
    live = results.environment.get("plan", {}).get("live", False)
    cores = int(results.environment.get("machine", {}).get("cores") or 0)
    for index, case in enumerate(rounds.cases):
        if np.isfinite(own[index]).any():
            bounds[index] = np.nanmedian(own[index])
        elif cores and not live:
            bounds[index] = _work(case, rounds) / _workers(case, cores)
    return bounds


def _work(case: Axes, rounds: Rounds) -> float:
    """Return the median makespan of the case's sequential counterpart; NaN where there is none."""
    partner = counterpart(case, SEQUENTIAL, rounds.cases)
    if partner is None and CHUNK in case:
        partner = counterpart({**case, CHUNK: None}, SEQUENTIAL, rounds.cases)
    makespans = np.array([]) if partner is None else rounds.values["makespan_s"][partner]
    return float(np.nanmedian(makespans)) if np.isfinite(makespans).any() else float("nan")


def _workers(case: Axes, cores: int) -> int:
    """Return how many tasks of a case may compute at once, at most one for each core."""
    if case.get("model") == SEQUENTIAL:
        return 1
    counts = [case.get(axis) or "" for axis in ("workers", "tasks")]
    return min([cores, *(int(text) for text in counts if text.isdigit() and int(text) > 0)])
