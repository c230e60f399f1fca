"""What tasks that compute take of each other: the GIL by Amdahl's law, the cores by the USL."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lab.analysis.predict.constants import Constants
from lab.analysis.predict.estimate import ONE, Ends, exactly
from lab.analysis.predict.models import Law


def of_gil(each_s: Ends, cores: int, known: Constants) -> Ends:
    """Return what a thread's task takes of all that others need too: the GIL, or a share of the cores."""
    fits = known.laws.get(Law.THREAD_POOL, {})
    held = fits["Amdahl"].ends()[:, 0] if "Amdahl" in fits else ONE
    return each_s * (held + (1 - held) / cores)


def helped_by(known: Constants, law: Law, workers: float, cores: int) -> tuple[Ends, Ends]:
    """Return how many times as fast up to so many workers compute as one, by the USL, and how many do.

    Of as many as help most: beyond those, the law says, more of them do less. Where there are more cores
    than were measured, the law is fitted to none of them. Then the interval is what can be known: no less
    than on the measured cores, and no more than a core's worth for each core.
    """
    fits = known.laws.get(law, {})
    workers = min(int(workers), cores)
    if "USL" not in fits or workers == 1:
        return exactly(workers), exactly(workers)

    def best(up_to: int) -> list[tuple[float, float]]:
        speedups = [fits["USL"].speedup(n, cores) for n in range(1, up_to + 1)]
        return [most_of(ends) for ends in zip(*speedups, strict=True)]

    middle, least, most = best(workers)
    if workers > known.cores:
        least, most = best(known.cores)[1], (float(workers), float(workers))
    helped, helpers = np.array([most, middle, least]).T  # computing costs least with the most help
    return helped, helpers


def most_of(speedups: Sequence[float]) -> tuple[float, float]:
    """Return the highest speedup, of one worker and more, and the fewest workers that have it."""
    highest = max(speedups)
    return highest, float(speedups.index(highest) + 1)
