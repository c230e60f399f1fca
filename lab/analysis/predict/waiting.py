"""How long tasks that wait take together, and how many are there at once: bounds, not fits.

A task waits `wait_s` and needs `demand_s` of what they all share: the core of a loop, the GIL, the cores.
`begin_s` is what it takes to begin one more. The makespan is no shorter than the shared thing or the waits
allow, and no longer than where no wait overlaps with any work. (The asymptotic bounds of a closed system:
E. D. Lazowska and others, Quantitative System Performance, 1984, chapter 5.)

Costs, and what is returned, are arrays of their ends (or plain numbers).
"""

from __future__ import annotations

from math import ceil

import numpy as np

from lab.analysis.predict.estimate import Ends


def makespan_bounds(
    tasks: float,
    in_flight: float,
    wait_s: float,
    begin_s: Ends,
    demand_s: Ends,
    lag_s: Ends | float = 0.0,
    service_s: Ends | float = 0.0,
) -> tuple[Ends, Ends]:
    """Return the least and the most seconds that so many tasks take, at most `in_flight` at once.

    lag_s is by how much each wait is longer, because what it waits for has work of its own; service_s is
    how long a task occupies its worker beside that, so that the next task waits for it too.
    """
    waves = ceil(tasks / in_flight)
    waits = waves * (wait_s + lag_s)
    least = np.maximum(tasks * demand_s, waits + waves * service_s + min(tasks, in_flight) * begin_s)
    most = waits + tasks * np.maximum(begin_s, demand_s)
    return np.minimum(least, most), most


def at_once(asked: float, wait_s: float, begin_s: Ends, demand_s: Ends) -> tuple[Ends, Ends]:
    """Return the least and the most of `asked` tasks that are in flight: by Little's law, rate x wait.

    The most are there where they begin as fast as they can, the least where each has to end, too, at the
    cost of what all share. (J. D. C. Little, Operations Research 9, 1961.)
    """
    each_s = np.array([np.maximum(begin_s, demand_s), begin_s])
    most = np.divide(wait_s, each_s, out=np.full(each_s.shape, np.inf), where=each_s > 0)
    least_there, most_there = np.minimum(asked, np.maximum(most, 1.0))
    return least_there, most_there
