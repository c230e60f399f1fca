"""What a block of code holds where it runs: the memory of this process at its peak.

    with held() as memory:
        outcomes = run(workload, items)
    memory.bytes

The peak is the kernel's own high-water mark, set back when the block begins (clear_refs in proc(5)): no
look has to come at the right moment, and looking costs the block nothing. What processes hold together at
a moment, with shared pages counted once, is `tree_bytes`.

Standard library only.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from lab.cost import memory, tree


@dataclass(slots=True)
class Held:
    """The most bytes held above what was resident when the block began (`before`); None if unknown."""

    bytes: int | None = None
    before: int | None = None

    def so_far(self) -> int | None:
        """Return the most that this process has held above that until now, within the block."""
        peak = resident("VmHWM")
        return None if self.before is None or peak is None else max(peak - self.before, 0)


@contextmanager
def held(*, tree: bool = False) -> Iterator[Held]:
    """Find how far the block's peak lies above what was resident before it. Linux only, else None.

    tree: add the peaks of the descendants that live from the block's begin to its end. Peaks of
    several processes need not come at one time, and pages that they share count in each of them.
    """
    pids = ["self", *(family() if tree else ())]
    before = [from_here(pid) for pid in pids]
    held = Held(before=before[0])
    yield held
    peaks = [resident("VmHWM", pid) for pid in pids]
    grown = [peak - start for start, peak in zip(before, peaks, strict=True) if start and peak]
    if len(grown) == len(pids):
        held.bytes = sum(max(each, 0) for each in grown)


def family() -> list[str]:
    """Return the pids of all that descend from this process; none where they cannot be known."""
    try:
        return [str(pid) for pid in tree.descendants(os.getpid())]
    except OSError:
        return []


def from_here(pid: str = "self") -> int | None:
    """Set the high-water mark back to what is resident now, and return that; None where it cannot be."""
    try:
        (tree.PROC / pid / "clear_refs").write_text("5")
    except OSError:
        return None
    return resident("VmRSS", pid)


def resident(name: str, pid: str = "self") -> int | None:
    """Return a size of a process in bytes, by its name in /proc/<pid>/status; None where unknown."""
    try:
        status = (tree.PROC / pid / "status").read_text()
    except OSError:
        return None
    line = re.search(rf"^{name}:\s+(\d+) kB", status, re.MULTILINE)
    return int(line[1]) << 10 if line else None


def tree_bytes() -> int | None:
    """Return the proportional set size of this process and its descendants now; None where unknown."""
    try:
        return memory.proportional(os.getpid()) if memory.has_proportional() else None
    except OSError:  # one of them ended while it was looked at
        return None
