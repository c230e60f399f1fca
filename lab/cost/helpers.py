"""The processes that `multiprocessing` keeps for itself: its resource tracker and its fork server.

The workers of a fork server are forked from it and so carry its command line; by their parents the two are
told apart. A process that has ended is no helper.
"""

from contextlib import suppress

import psutil


def is_helper(process: psutil.Process) -> bool:
    """Return whether a process is a resource tracker or a fork server."""
    return is_tracker(process) or is_fork_server(process)


def is_tracker(process: psutil.Process) -> bool:
    """Return whether a process cleans up what others leave."""
    return "multiprocessing.resource_tracker" in command(process)


def is_fork_server(process: psutil.Process) -> bool:
    """Return whether a process is a fork server, and not one of its workers."""
    mine, parent = command(process), None
    with suppress(psutil.Error):
        parent = process.parent()
    return "multiprocessing.forkserver" in mine and mine != command(parent)


def command(process: psutil.Process | None) -> str:
    """Return the command line that a process, or the one that it is forked from, was started with."""
    try:
        return " ".join(process.cmdline()) if process else ""
    except psutil.Error:
        return ""
