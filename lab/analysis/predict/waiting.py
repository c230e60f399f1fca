"""How long tasks that wait take together, and how many of them are there at once: bounds, not fits.

A task waits `wait_s` and needs `demand_s` of what they all share: the core of a loop, the GIL, the cores.
`begin_s` is what it takes to begin one more. Nothing is sooner done than the shared thing can do it, nor
than the waits allow; and nothing takes longer than where no wait overlaps with any work. (The asymptotic
bounds of a closed system: E. D. Lazowska and others, Quantitative System Performance, 1984, chapter 5.)
"""

from __future__ import annotations

from math import ceil, sqrt


def makespan_bounds(
    tasks: float,
    in_flight: float,
    wait_s: float,
    begin_s: float,
    demand_s: float,
    lag_s: float = 0.0,
    service_s: float = 0.0,
) -> tuple[float, float]:
    """Return the least and the most seconds that so many tasks take, at most `in_flight` at once.

    lag_s is by how much each wait is longer, for whatever it waits for has its own work; service_s what a
    task takes of its place beside that, so that the next one there has to wait for it too.
    """
    waves = ceil(tasks / in_flight)
    waits = waves * (wait_s + lag_s)
    least = max(tasks * demand_s, waits + waves * service_s + min(tasks, in_flight) * begin_s)
    most = waits + tasks * max(begin_s, demand_s)
    return min(least, most), most


def between(least: float, most: float) -> float:
    """Return the number that is as many times the least as the most is of it."""
    return sqrt(least * most)


def at_once(
    asked: float, wait_s: float, begin_s: float, demand_s: float, *, begins_all: bool
) -> tuple[float, float]:
    """Return the least and the most of the asked that are in flight: by Little's law, rate x wait.

    The most are there where they begin as fast as they can, the least where each has to end, too, at the
    cost of what all share.

    begins_all: whether all are begun before any of them can end, as an event loop does.
    """
    if begins_all:
        return asked, asked

    def there(each_s: float) -> float:
        return asked if each_s <= 0 else min(asked, max(wait_s / each_s, 1.0))

    return there(max(begin_s, demand_s)), there(begin_s)


def full_from(wait_s: float, demand_s: float, computing: float = 1.0) -> float:
    """Return from how many in flight what they share is busy all the time: Little's law once more.

    computing: how many do not wait then.
    """
    return wait_s / demand_s + computing
