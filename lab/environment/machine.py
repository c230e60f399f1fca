"""What this machine is: its cores, how much of them may be used, their clocks, limits and load."""

import os
import platform
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from lab.core.machine import cores


def machine(known: Mapping[str, Any], root: Path = Path("/")) -> dict[str, Any]:
    """Return what is known of this machine, None where nothing is; `known` is what pyperf reads of it."""
    has_affinity = hasattr(os, "sched_getaffinity")
    return {
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "cpu": known.get("cpu_model_name") or platform.processor() or platform.machine(),
        "cores": cores(),
        "cores_present": os.cpu_count(),
        "affinity": sorted(os.sched_getaffinity(0)) if has_affinity else list(range(cores())),
        "quota_cores": quota_cores(root),
        "governors": governors(known.get("cpu_config", "")),
        "load_1min": load_1min(),
    }


def governors(cpu_config: str) -> list[str]:
    """Return the frequency governors that pyperf's line names ("0-3=driver:x, governor:powersave; ...")."""
    return sorted(set(re.findall(r"governor:(\w+)", cpu_config)))


def load_1min() -> float | None:
    """Return how many processes ran or wanted to, on average over the last minute."""
    return round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None


def limits() -> dict[str, list[int | None]]:
    """Return the system's limits of open files and of processes, each soft and hard."""
    return {"open_files": limit("RLIMIT_NOFILE"), "processes": limit("RLIMIT_NPROC")}


def limit(name: str) -> list[int | None]:
    """Return a limit of the system, soft and hard; None stands for no limit, or for an unknown one."""
    try:
        import resource

        both = resource.getrlimit(getattr(resource, name))
    except (ImportError, AttributeError):  # Windows, and systems that have no such limit
        return [None, None]
    return [None if each == resource.RLIM_INFINITY else each for each in both]


def quota_cores(root: Path) -> float | None:
    """Return how many cores' worth of time Linux leaves to this process; None where nothing limits it.

    A control group is bound by its own quota and by those of all groups around it, so the least counts.
    Version 2 says "quota period" in cpu.max, version 1 has a file for each of the two; all are in
    microseconds. (The kernel's Documentation/admin-guide/cgroup-v2.rst and scheduler/sched-bwc.rst.)
    """
    quotas = [quota for folder in groups(root) if (quota := quota_of(folder)) is not None]
    return min(quotas, default=None)


def groups(root: Path) -> Iterator[Path]:
    """Yield this process's groups that may limit its CPU time, each with all groups around it.

    Inside a container the path may be the host's and not be there: then only the mount itself is.
    """
    try:
        lines = (root / "proc/self/cgroup").read_text().splitlines()
    except OSError:  # no Linux
        return
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if not controllers or "cpu" in controllers.split(","):
            group = Path(path.lstrip("/"))
            yield from (root / "sys/fs/cgroup" / controllers / around for around in (group, *group.parents))


def quota_of(group: Path) -> float | None:
    """Return one group's own quota in cores; None where it has none."""
    with suppress(OSError, ValueError):
        quota, period = (group / "cpu.max").read_text().split()
        return int(quota) / int(period)  # "max" is no number
    with suppress(OSError, ValueError):
        quota_us = int((group / "cpu.cfs_quota_us").read_text())
        return quota_us / int((group / "cpu.cfs_period_us").read_text()) if quota_us > 0 else None
    return None
