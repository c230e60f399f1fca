"""How much of the cores the control groups of Linux leave to this process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

ROOT = Path("/")


def quota_cores(root: Path = ROOT) -> float | None:
    """Return how many cores' worth of time this process may use; None where nothing limits it.

    A group is bound by its own quota and by those of all groups around it, so the least counts.
    Version 2 says "quota period" in cpu.max, version 1 has a file for each of the two; all are in
    microseconds. (The kernel's Documentation/admin-guide/cgroup-v2.rst and scheduler/sched-bwc.rst.)
    """
    quotas = [quota for folder in folders(root) if (quota := quota_of(folder)) is not None]
    return min(quotas, default=None)


def folders(root: Path) -> Iterator[Path]:
    """Yield this process's groups that may limit its CPU time, each with all groups around it.

    Inside a container the path may be the host's and not be there: then only the mount itself is.
    """
    try:
        lines = (root / "proc/self/cgroup").read_text().splitlines()
    except OSError:  # no Linux
        return
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if controllers and "cpu" not in controllers.split(","):
            continue
        mount = root / "sys/fs/cgroup" / controllers
        group = Path(path.lstrip("/"))
        yield from (mount / around for around in (group, *group.parents))


def quota_of(folder: Path) -> float | None:
    """Return one group's own quota in cores; None where it has none."""
    with suppress(OSError, ValueError):
        quota, period = (folder / "cpu.max").read_text().split()
        return int(quota) / int(period)  # "max" is no number
    with suppress(OSError, ValueError):
        quota_us = int((folder / "cpu.cfs_quota_us").read_text())
        return quota_us / int((folder / "cpu.cfs_period_us").read_text()) if quota_us > 0 else None
    return None
