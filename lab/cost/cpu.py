"""CPU time of this process and all its descendants, living or ended, reaped or not.

    start = begin()
    outcomes = run(workload, items)
    cost = since(start)

The sum over the tree does not change when a process ends or is reaped: what it has used only moves,
first from the living to the ended, then into its parent's account. So two sums taken at different
times may be subtracted, whatever processes started or ended between them. Sources: getrusage(2),
clock_getcpuclockid(3), proc_pid_stat(5).

Not seen: a child that is never waited for because SIGCHLD is ignored, and an orphan that left
the session or was adopted by another than the session leader's parent. Less than exact: a
process that is on a core at the very moment lags by up to one tick of the scheduler (those that wait
for work do not); and of what a living descendant has reaped, as a fork server does, user and system
time are each cut off at a hundredth of a second.

Standard library only, since a trial imports it.
"""

import os
import sys
import time
from dataclasses import dataclass
from typing import NamedTuple

from lab.cost import tree

if sys.platform != "win32":
    import resource

ATTEMPTS = 10
KINDS = (2, 0, 1)  # of a process's CPU clock: CPUCLOCK_SCHED, _PROF and _VIRT in linux/posix-timers.h
REAPED_USER, REAPED_SYSTEM = 13, 14  # cutime and cstime in `tree.stat`


@dataclass(frozen=True, slots=True)
class Cpu:
    """CPU time in user code and in the system's. The sum is exact, the division sampled by ticks."""

    user_ns: int
    system_ns: int

    def __add__(self, other: "Cpu") -> "Cpu":
        return Cpu(self.user_ns + other.user_ns, self.system_ns + other.system_ns)

    def __sub__(self, other: "Cpu") -> "Cpu":
        """Return what was used since `other`; neither part is negative, as the division may shift."""
        user, system = self.user_ns - other.user_ns, self.system_ns - other.system_ns
        user_ns = min(max(user, 0), max(user + system, 0))
        return Cpu(user_ns, max(user + system, 0) - user_ns)


class Start(NamedTuple):
    """What this process and its descendants had used when the counting began; None where unknown."""

    own: Cpu
    others: Cpu | None


def begin() -> Start:
    """Begin to count; looking at the descendants is not part of what is counted."""
    others = of_descendants()
    return Start(of_this_process(), others)


def since(start: Start) -> Cpu | None:
    """Return what this process and all its descendants have used since; None where it cannot be known."""
    own = of_this_process()
    others = of_descendants()
    if start.others is None or others is None:
        return None
    return own + others - (start.own + start.others)


def of_this_process() -> Cpu:
    """Return what this process has used, in all its threads."""
    if sys.platform == "win32":
        times = os.times()
        return Cpu(nanoseconds(times.user), nanoseconds(times.system))
    return usage(resource.RUSAGE_SELF)


def of_descendants() -> Cpu | None:
    """Return what all descendants have used; None where it cannot be known.

    A sum during which a process ended and was reaped may lack it, and is taken again.
    """
    if sys.platform == "win32":
        return None
    for _ in range(ATTEMPTS):
        try:
            living = tree.descendants(os.getpid())
            # Parents come first: a process reaped before its turn cannot be read, and one reaped after
            # it is not in its parent's account yet. So none is counted twice.
            return sum(map(of_process, living), usage(resource.RUSAGE_CHILDREN))
        except OSError:
            continue
    return usage(resource.RUSAGE_CHILDREN) if childless() else None


def of_process(pid: int) -> Cpu:
    """Return what another process and those that it has reaped have used; raise OSError if it is gone."""
    total_ns, ticks, user_ticks = (time.clock_gettime_ns(~pid << 3 | kind) for kind in KINDS)
    # Divided as the kernel does it for getrusage: by what it did at each tick.
    user_ns = total_ns * user_ticks // ticks if ticks else total_ns
    fields, tick_ns = tree.stat(pid), 1_000_000_000 // os.sysconf("SC_CLK_TCK")
    return Cpu(
        user_ns + int(fields[REAPED_USER]) * tick_ns,
        total_ns - user_ns + int(fields[REAPED_SYSTEM]) * tick_ns,
    )


def usage(who: int) -> Cpu:
    """Return what getrusage has of this process, or of those that it has reaped."""
    used = resource.getrusage(who)
    return Cpu(nanoseconds(used.ru_utime), nanoseconds(used.ru_stime))


def nanoseconds(seconds: float) -> int:
    """Return seconds that a system counts in microseconds."""
    return round(seconds * 1e6) * 1000


def childless() -> bool:
    """Return whether this process is known to have no children but reaped ones, where /proc cannot tell."""
    if not hasattr(os, "waitid"):
        return False
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)  # reaps none
    except ChildProcessError:
        return True
    return False
