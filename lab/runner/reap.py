"""Ends a trial with all its descendants, however they were started and whatever they ignore."""

import ctypes
import os
import sys
from collections.abc import Collection
from contextlib import suppress
from subprocess import Popen

import psutil

from lab.cost import tree
from lab.cost.helpers import is_tracker

PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h
PATIENCE_S = 2.0
GENERATIONS = 20  # of processes that fork while they are killed


def adopt_orphans() -> None:
    """Make orphaned descendants this process's children, so that they can be found (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def end(child: Popen[bytes], keep: Collection[int] = ()) -> int:
    """Kill a child and all its descendants, wait for them, and return the child's exit code.

    A child that ended by itself keeps its exit code. `keep` holds the pids of this process's other
    children. `multiprocessing`'s resource tracker is killed last: once the others are gone it unlinks
    the shared memory and semaphores that they left, and ends.
    """
    # On Linux the orphans of the child become this process's children: what is left is found afterwards.
    family = set() if sys.platform == "linux" else set(descendants(keep))
    child.kill()
    code = child.wait()
    trackers: set[psutil.Process] = set()
    for _ in range(GENERATIONS):
        family |= set(descendants(keep))
        trackers |= {process for process in family if is_tracker(process)}
        if family <= trackers:
            break
        kill(family - trackers)
        family = set()
    kill(psutil.wait_procs(trackers, timeout=PATIENCE_S)[1] if trackers else [])
    return code


def children() -> set[int]:
    """Return the pids of this process's children."""
    try:
        return set(tree.children(os.getpid()))
    except OSError:  # not Linux: ask every process for its parent, which takes its time
        return {child.pid for child in psutil.Process().children()}


def descendants(keep: Collection[int]) -> list[psutil.Process]:
    """Return this process's living descendants but for those in `keep` and theirs."""
    family = []
    for pid in children() - set(keep):
        with suppress(psutil.NoSuchProcess):
            child = psutil.Process(pid)
            family += [child, *child.children(recursive=True)]
    return family


def kill(processes: Collection[psutil.Process]) -> None:
    """Kill processes and wait until they are gone."""
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(processes, timeout=PATIENCE_S)
