"""What this machine is: its cores, how much of them may be used, their clocks, limits and load."""

import os
import platform
import re
from pathlib import Path
from typing import Any

from lab.core.machine import cores
from lab.environment.cgroup import ROOT, quota_cores

OF_PYPERF = ("cpu_config", "cpu_freq", "isolated_cpus", "runnable_threads", "aslr")


def machine(known: dict[str, Any], root: Path = ROOT) -> dict[str, Any]:
    """Return what is known of this machine; None where the system does not say.

    `known` is what pyperf reads of it.
    """
    return {
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "cpu": cpu(),
        "cores": cores(),
        "cores_present": os.cpu_count(),
        "affinity": affinity(),
        "quota_cores": quota_cores(root),
        "governors": governors(known.get("cpu_config", "")),
        "load_1min": load_1min(),
    }


def of_pyperf() -> dict[str, Any]:
    """Return the metadata that pyperf reads of this system; empty where pyperf is not installed."""
    try:
        import pyperf  # type: ignore[import-untyped]
    except ImportError:
        return {}
    metadata = pyperf.Run([1.0], collect_metadata=True).get_metadata()
    return {name: metadata[name] for name in OF_PYPERF if name in metadata}


def cpu() -> str:
    """Return the CPU's model name."""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def governors(cpu_config: str) -> list[str]:
    """Return the frequency governors that pyperf's line names ("0-3=driver:x, governor:powersave; ...")."""
    return sorted(set(re.findall(r"governor:(\w+)", cpu_config)))


def affinity() -> list[int]:
    """Return the numbers of the cores this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))


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
