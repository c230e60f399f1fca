"""What a machine has room for: memory, threads and processes, connections."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from math import inf
from pathlib import Path

from lab.predict.estimate import Estimate

LIMITS = (
    ("/proc/sys/kernel/pid_max", 1),
    ("/proc/sys/kernel/threads-max", 1),
    ("/proc/sys/vm/max_map_count", 2),
)
"""A file with a number of the kernel's, and how many of it a thread takes: its stack is two maps."""
GIB, MIB = 1 << 30, 1 << 20


@dataclass(frozen=True, slots=True)
class Room:
    """How many bytes, threads or processes, and open files there is room for.

    limit: the name of what bounds the threads.
    """

    memory_bytes: float
    threads: float = inf
    limit: str = ""
    files: float = inf

    def lacks(self, model: str, in_flight: float, memory: Estimate, *, waits: bool) -> Iterator[str]:
        """Yield what there is no room for, in words. What waits has a connection, which is an open file."""
        if model in ("threads", "process_executor") and in_flight > self.threads:
            yield f"cannot have {in_flight:,.0f} of them: {self.limit} allows {self.threads:,.0f}"
        if waits and in_flight > self.files:
            yield f"cannot wait for {in_flight:,.0f} connections: ulimit -Hn allows {self.files:,.0f}"
        if memory.value > self.memory_bytes:
            unit, name = (GIB, "GiB") if memory.value >= GIB else (MIB, "MiB")
            needed, there = memory.value / unit, self.memory_bytes / unit
            yield f"cannot have {needed:,.1f} {name} of memory: there are {there:,.1f}"


def room_here() -> Room:
    """Return the room of this machine and login."""
    import psutil

    found = [
        (int(path.read_text()) / share, path.name)
        for path, share in ((Path(name), share) for name, share in LIMITS)
        if path.is_file()
    ]
    files = inf
    if sys.platform != "win32":
        import resource

        found.append((hard_limit(resource.RLIMIT_NPROC), "ulimit -Hu"))
        files = hard_limit(resource.RLIMIT_NOFILE)
    threads, limit = min(found, default=(inf, ""))
    return Room(float(psutil.virtual_memory().total), threads, limit, files)


def hard_limit(which: int) -> float:
    """Return a hard limit of this login, by its number in `resource`."""
    import resource

    _, hard = resource.getrlimit(which)
    return inf if hard == resource.RLIM_INFINITY else hard
