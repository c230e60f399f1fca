"""What this machine and this interpreter are, read and not measured."""

from __future__ import annotations

import os
import platform
import re
import sys
import sysconfig
from pathlib import Path
from typing import Any

from lab import environment
from lab.doctor.cgroup import ROOT, quota_cores
from lab.registry import load_model, missing, model_names

Facts = dict[str, Any]
PACKAGES = ("aiohttp", "requests", "uvloop", "pyperf")
OF_PYPERF = ("cpu_config", "cpu_freq", "isolated_cpus", "runnable_threads", "aslr")


def collect(root: Path = ROOT) -> Facts:
    """Return what is known of this machine, as JSON can hold it; None where the system does not tell."""
    described = environment.describe()
    known = of_pyperf()
    return {
        "started": described["started"],
        "machine": described["machine"]
        | {
            "cores_present": os.cpu_count(),
            "affinity": affinity(),
            "quota_cores": quota_cores(root),
            "governors": governors(known.get("cpu_config", "")),
        },
        "pyperf": known,
        "limits": {"open_files": limit("RLIMIT_NOFILE"), "processes": limit("RLIMIT_NPROC")},
        "python": described["python"]
        | {
            "compiler": platform.python_compiler(),
            "free_threaded_build": bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
            "optimised_build": optimised(sysconfig.get_config_var("CONFIG_ARGS")),
            "debug_modes": debug_modes(),
        },
        "lab": described["lab"],
        "packages": {name: environment.installed(name) for name in PACKAGES},
        "models": {name: hindrance(name) for name in model_names()},
    }


def of_pyperf() -> dict[str, Any]:
    """Return the metadata that pyperf reads of this system; empty where pyperf is not installed."""
    try:
        import pyperf  # type: ignore[import-untyped]
    except ImportError:
        return {}
    metadata = pyperf.Run([1.0], collect_metadata=True).get_metadata()
    return {name: metadata[name] for name in OF_PYPERF if name in metadata}


def governors(cpu_config: str) -> list[str]:
    """Return the frequency governors that pyperf's line names ("0-3=driver:x, governor:powersave; ...")."""
    return sorted(set(re.findall(r"governor:(\w+)", cpu_config)))


def affinity() -> list[int]:
    """Return the numbers of the cores this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))


def limit(name: str) -> list[int | None]:
    """Return a limit of the system, soft and hard; None stands for no limit, or for one not told."""
    try:
        import resource

        both = resource.getrlimit(getattr(resource, name))
    except (ImportError, AttributeError):  # Windows, and systems that have no such limit
        return [None, None]
    return [None if each == resource.RLIM_INFINITY else each for each in both]


def optimised(config_args: str | None) -> bool | None:
    """Return whether the interpreter was built with its profile; None where it does not say."""
    return "--enable-optimizations" in config_args if config_args else None


def debug_modes() -> list[str]:
    """Return what slows this interpreter down for the sake of finding faults."""
    import tracemalloc

    modes = {
        "a debug build": hasattr(sys, "gettotalrefcount"),
        "development mode": sys.flags.dev_mode,
        "asyncio's debug mode": bool(os.environ.get("PYTHONASYNCIODEBUG")),
        "tracemalloc": tracemalloc.is_tracing(),
        "a trace or profile function": bool(sys.gettrace() or sys.getprofile()),
    }
    return [mode for mode, is_on in modes.items() if is_on]


def hindrance(model: str) -> str:
    """Return why a model cannot run here; empty where it can."""
    loaded = load_model(model)
    return loaded.unavailable or missing(loaded.needs)
