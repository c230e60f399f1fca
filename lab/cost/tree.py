"""The processes that descend from one, read from Linux's /proc.

Elsewhere, and on a kernel built without CONFIG_PROC_CHILDREN, every function here raises OSError.
"""

import os
from pathlib import Path

PROC = Path("/proc")


def descendants(root: int) -> dict[int, int]:
    """Return the pids of a process's descendants and their parents', every parent before its children.

    A process that has ended is one of them until it is reaped. An orphan is found where `root` leads
    a session that the orphan has not left, and root's parent adopts orphans. A process that starts or
    ends meanwhile may be in or not, or raise OSError.
    """
    parents: dict[int, int] = {}

    def add(pids: list[int], parent: int) -> None:
        for pid in pids:
            if pid not in parents:
                parents[pid] = parent
                add(children(pid), pid)

    add(children(root), root)
    # After all the others: one that lost its parent during the walk is then seen here.
    add(orphans(root), parent_of(root))
    return parents


def readable() -> bool:
    """Return whether this system tells which processes descend from which."""
    return (PROC / "thread-self" / "children").exists()


def asleep(root: int) -> bool | None:
    """Return whether no thread of a process, nor of its descendants, runs or wants to; None if unknown."""
    if not readable():
        return None
    try:
        pids = (root, *descendants(root))
        return not any(running(thread) for pid in pids for thread in (PROC / str(pid) / "task").iterdir())
    except (FileNotFoundError, ProcessLookupError):
        return False  # one has ended meanwhile, and so was not asleep


def running(thread: Path) -> bool:
    """Return whether a thread runs, waits for a core, or waits for a disk (proc_pid_stat(5))."""
    return (thread / "stat").read_bytes().rpartition(b")")[2].split()[0] in (b"R", b"D")


def children(pid: int) -> list[int]:
    """Return the pids of a process's children; each of its threads keeps a list of its own."""
    pids: list[int] = []
    for thread in (PROC / str(pid) / "task").iterdir():
        pids += map(int, (thread / "children").read_bytes().split())
    return pids


def orphans(leader: int) -> list[int]:
    """Return a session leader's descendants that its parent adopted: that one's children in the session."""
    parent = parent_of(leader)
    if os.getsid(leader) != leader or not parent:
        return []
    return [pid for pid in children(parent) if pid != leader and os.getsid(pid) == leader]


def parent_of(pid: int) -> int:
    """Return the pid of a process's parent; 0 where it lies outside what can be seen here."""
    return int(stat(pid)[1])


def stat(pid: int) -> list[bytes]:
    """Return the fields of /proc/<pid>/stat from the third on, the state (proc_pid_stat(5))."""
    # The name before them is in parentheses, and may hold some itself.
    return (PROC / str(pid) / "stat").read_bytes().rpartition(b")")[2].split()
