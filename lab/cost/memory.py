"""Memory of a process and all its descendants at its peak, watched from outside.

    peak = Peak(child.pid)
    while the child runs a batch that is not timed:
        peak.look()

Watched by another process: a thread in the child would disturb what forks there, and a helper forked
from it would share its pages and so halve their proportional size. In a proportional set size (PSS)
a page counts as 1/n where n processes map it, so that the sum over the tree counts each page once
(those of the interpreter's own file less, while other trees map it too); with a unique set size (USS)
pages that are shared do not count. `ru_maxrss` will not do: a process inherits it from the one that
started it.

A look takes about a millisecond for every 64 MiB that is mapped. A peak that lasts less can be
missed: repeat a short batch until it has lasted for some looks.
"""

import re
from dataclasses import dataclass
from typing import NamedTuple

from lab.cost import tree

SAME_BYTES = 128 << 10


@dataclass(slots=True)
class Peak:
    """The most memory that a process and all its descendants were seen to hold at once.

    `kind` is "pss" or "uss"; both are None until a look has succeeded. `looks` counts those that did.
    """

    root: int
    bytes: int | None = None
    kind: str | None = None
    looks: int = 0

    def look(self) -> None:
        """Measure once. A look during which a process ended does not count."""
        kind, sample = ("pss", proportional) if has_proportional() else ("uss", unique)
        try:
            held = sample(self.root)
        except OSError:
            return
        self.bytes, self.kind, self.looks = max(held, self.bytes or 0), kind, self.looks + 1


class Rollup(NamedTuple):
    """Resident and proportional set size of a process, in bytes."""

    rss: int = 0
    pss: int = 0


def has_proportional() -> bool:
    """Return whether this system tells proportional set sizes, and which processes descend from which."""
    return (tree.PROC / "self" / "smaps_rollup").exists() and tree.readable()


def proportional(root: int) -> int:
    """Return the tree's proportional set size in bytes; raise OSError where a process ended meanwhile."""
    parents = tree.descendants(root)
    rollups = {pid: rollup(pid) for pid in (root, *parents)}
    # Pages that it shared count in full in those read after its end: the sum would be too large.
    if not rollups[root].rss or any(sizes.rss and ended(pid) for pid, sizes in rollups.items()):
        raise ProcessLookupError
    borrowers = {
        pid
        for pid, parent in parents.items()
        if borrows(rollups[pid], rollups.get(parent))
        and of_process(pid, "cmdline") == of_process(parent, "cmdline")
    }
    return sum(sizes.pss for pid, sizes in rollups.items() if pid not in borrowers)


def rollup(pid: int) -> Rollup:
    """Return the sizes of a process; those of one that has ended are 0 (proc_pid_smaps(5))."""
    sizes = re.findall(rb"^[RP]ss: +(\d+)", of_process(pid, "smaps_rollup"), re.MULTILINE)
    return Rollup(*(int(kib) << 10 for kib in sizes))


def ended(pid: int) -> bool:
    """Return whether a process has given back its memory."""
    pages = of_process(pid, "statm")
    return not pages or pages.startswith(b"0 ")


def of_process(pid: int, name: str) -> bytes:
    """Return a file of /proc/<pid>; nothing where the process has ended."""
    try:
        return (tree.PROC / str(pid) / name).read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def borrows(child: Rollup, parent: Rollup | None) -> bool:
    """Return whether a child may still live in its parent's memory, as between vfork(2) and exec.

    It then shows its parent's sizes, and its command too. A forked child never has those sizes: it starts
    without the pages of files, some megabytes of every interpreter. An interpreter of its own may have
    them by chance, but not the command.
    """
    return parent is not None and all(
        abs(mine - its) < SAME_BYTES for mine, its in zip(child, parent, strict=True)
    )


def unique(root: int) -> int:
    """Return the tree's unique set size in bytes; raise OSError where it cannot be known."""
    import psutil  # here: not needed where there are proportional sizes

    try:
        process = psutil.Process(root)
        family = (process, *process.children(recursive=True))
        return sum(member.memory_full_info().uss for member in family)
    except psutil.Error as error:
        raise OSError(str(error)) from error
