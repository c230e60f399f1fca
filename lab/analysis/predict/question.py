"""A question for a prediction: the tasks, the machine's cores, and what else it has room for.

Maps and open files bound the threads and the connections of one process, not a pool with one in each.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from math import inf
from pathlib import Path

from lab.analysis.predict.estimate import Estimate

USUAL_THREADS = 32
"""`ThreadPoolExecutor` has four threads more than cores by default, and at most so many."""
OF_ALL = ("/proc/sys/kernel/pid_max", "/proc/sys/kernel/threads-max")
"""Files with a number of the kernel's that all threads of all processes share."""
OF_MAPS, MAPS = "/proc/sys/vm/max_map_count", 2
"""The file with the most maps of a process, and how many a thread takes: its stack is two."""
GIB = 1 << 30


@dataclass(frozen=True, slots=True)
class Question:
    """So many tasks that each wait, then compute in pure Python, on a machine of so many cores.

    `in_flight` is the most at once; None for all of them, or as many workers as a pool has by itself.
    """

    tasks: int
    wait_s: float
    cpu_s: float
    cores: int
    in_flight: int | None = None

    @property
    def at_once(self) -> int:
        """Return how many are in flight where each has a thread or a task of its own."""
        return min(self.in_flight or self.tasks, self.tasks)

    @property
    def processes(self) -> int:
        """Return how many processes a pool has."""
        return min(self.in_flight or self.cores, self.tasks)

    @property
    def threads(self) -> int:
        """Return how many threads a pool has."""
        return min(self.in_flight or min(USUAL_THREADS, self.cores + 4), self.tasks)


@dataclass(frozen=True, slots=True)
class Lack:
    """What there is too little of ("thread", "process", "file", "memory_bytes"), and what bounds it."""

    of: str
    needed: float
    available: float
    limit: str = ""


@dataclass(frozen=True, slots=True)
class Room:
    """How many bytes there is room for, how many threads and open files in a process, how many processes.

    limit, process_limit: the names of what bounds the threads and the processes.
    """

    memory_bytes: float
    threads: float = inf
    limit: str = ""
    files: float = inf
    processes: float = inf
    process_limit: str = ""

    def lacks(
        self, waits_in: str, in_flight: float, memory: Estimate, processes: float = 0.0, *, waits: bool
    ) -> Iterator[Lack]:
        """Yield what there is no room for. A task that waits has a connection, an open file.

        waits_in: where, "thread" or "loop", or "process", where each has files of its own.
        """
        if waits_in == "thread" and in_flight > self.threads:
            yield Lack("thread", in_flight, self.threads, self.limit)
        if processes > self.processes:
            yield Lack("process", processes, self.processes, self.process_limit)
        if waits and waits_in != "process" and in_flight > self.files:
            yield Lack("file", in_flight, self.files, "ulimit -Hn")
        if memory.value > self.memory_bytes:
            yield Lack("memory_bytes", memory.value, self.memory_bytes)


def room_here() -> Room:
    """Return the room of this machine and login."""
    import psutil

    of_all = [(_read(path), path.name) for path in map(Path, OF_ALL)]
    files, maps = inf, Path(OF_MAPS)
    if sys.platform != "win32":
        import resource

        of_all.append((hard_limit(resource.RLIMIT_NPROC), "ulimit -Hu"))
        files = hard_limit(resource.RLIMIT_NOFILE)
    processes = min(of_all)
    threads = min(processes, (_read(maps) // MAPS, maps.name))
    return Room(float(psutil.virtual_memory().total), *threads, files, *processes)


def _read(path: Path) -> float:
    """Return the number in a file; no bound where there is no such file."""
    return float(path.read_text()) if path.is_file() else inf


def hard_limit(which: int) -> float:
    """Return a hard limit of this login, by its number in `resource`."""
    import resource

    _, hard = resource.getrlimit(which)
    return inf if hard == resource.RLIM_INFINITY else hard
