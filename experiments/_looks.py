"""Looks at the memory of this process's tree while its children work: for `in_flight.py`."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import process_time

from lab import tree_bytes

LOOK_S = 0.3


@dataclass
class Looks:
    """The most memory that the tree had in addition to that before; the CPU time of looking."""

    bytes: int | None = None
    cpu_s: float = 0.0


@contextmanager
def looked_at_children(model: str) -> Iterator[Looks]:
    """Look at the tree's memory from time to time, if the fetches are in processes.

    An alarm does that, not a thread: a fork beside other threads is not safe.
    """
    looks = Looks()
    if model != "processes" or (before := tree_bytes()) is None:
        yield looks
        return

    def look(*_: object) -> None:
        began = process_time()
        if (now := tree_bytes()) is not None:
            looks.bytes = max(looks.bytes or 0, now - before)
        looks.cpu_s += process_time() - began

    earlier = signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, LOOK_S, LOOK_S)
    try:
        yield looks
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, earlier)
