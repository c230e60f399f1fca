"""What tasks that compute take of each other: the GIL by Amdahl's law, the cores by the USL."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lab.analysis.predict.constants import Constants
from lab.analysis.predict.estimate import Estimate
from lab.analysis.predict.question import Question

Help = tuple[float, float]
"""A speedup, and how many workers it takes."""
End = Callable[[Estimate], float]
"""One end of an interval, or its middle."""


def of_gil(each_s: float, question: Question, known: Constants, end: End) -> float:
    """Return what a thread's task takes of all that others need too: the GIL, or a share of the cores."""
    held = end(ends_of(known, "thread_pool", "Amdahl", "serial", 1.0))
    return each_s * (held + (1 - held) / question.cores)


def helped_by(known: Constants, model: str, workers: float, cores: int, end: End) -> tuple[float, float]:
    """Return how many times as fast up to so many workers compute as one, by the USL, and how many do.

    Of as many as help most: beyond those, the law says, more of them do less. Where there are more cores
    than were measured, the law is fitted to none of them. Then the interval is what can be known: no less
    than on the measured cores, and no more than a core's worth for each core.
    """
    fits = known.laws.get(model, {})
    most_workers = int(min(workers, cores))
    if "USL" not in fits or most_workers == 1:
        return float(most_workers), float(most_workers)

    def best(up_to: int) -> tuple[Help, ...]:
        speedups = [fits["USL"].speedup(n, cores) for n in range(1, up_to + 1)]
        return tuple(most_of(ends) for ends in zip(*speedups, strict=True))

    middle, least, most = best(most_workers)
    if most_workers > known.cores:
        _, least, _ = best(known.cores)
        most = (float(most_workers), float(most_workers))
    costs = Estimate(1 / middle[0], 1 / most[0], 1 / least[0])  # the high end of costs is little help
    workers_of = Estimate(middle[1], most[1], least[1])
    return 1 / end(costs), end(workers_of)


def most_of(speedups: Sequence[float]) -> Help:
    """Return the highest speedup, of one worker and more, and the fewest workers that have it."""
    highest = max(speedups)
    return highest, float(speedups.index(highest) + 1)


def ends_of(known: Constants, model: str, law: str, parameter: str, default: float) -> Estimate:
    """Return a law's parameter, with its interval; the default where it was not fitted."""
    fit = known.laws.get(model, {}).get(law)
    if fit is None:
        return Estimate.exactly(default)
    value = fit.values[parameter]
    low, high = fit.low[parameter], fit.high[parameter]
    return Estimate(value, value if low != low else low, value if high != high else high)
