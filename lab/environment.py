"""What this machine, this interpreter and this lab are: stored with every result."""

import hashlib
import os
import platform
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import lab
from lab.core import Case, Experiment
from lab.plan import cores

PACKAGES = ("aiohttp", "requests", "uvloop")
SOURCE = Path(lab.__file__).parent


def describe() -> dict[str, Any]:
    """Return what holds for a whole run: when, the machine, the interpreter, the lab, the packages."""
    described: dict[str, Any] = {
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {
            "system": f"{platform.system()} {platform.release()} {platform.machine()}",
            "cpu": cpu(),
            "cores": cores(),
            "load_1min": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
        },
        "python": {
            "version": platform.python_version(),
            "implementation": platform.python_implementation(),
            "build": " ".join(platform.python_build()),
            "gil": getattr(sys, "_is_gil_enabled", lambda: True)(),
            "start_method": get_context().get_start_method(),
            "switch_interval_s": sys.getswitchinterval(),
        },
        "lab": {"version": lab.__version__, "commit": commit(), "sha256": sha256(SOURCE.rglob("*.py"))},
        "packages": {name: installed(name) for name in PACKAGES},
    }
    described["warnings"] = warnings(described["machine"])
    return described


def describe_experiment(
    name: str, path: Path, experiment: Experiment, cases: Sequence[Case]
) -> dict[str, Any]:
    """Return what holds for one experiment: its question, its source's hash, its axes and its cases."""
    return {
        "name": name,
        "question": experiment.question,
        "file": path.name,
        "sha256": sha256([path]),
        "axes": list(experiment.grid),
        "cases": [dict(case.params) for case in cases],
        "baseline": experiment.baseline,
    }


def warnings(machine: Mapping[str, Any]) -> list[str]:
    """Return, in words, what speaks against trusting numbers that are measured now."""
    load, usable = machine["load_1min"] or 0.0, machine["cores"]
    if load > usable / 2:
        return [f"the machine was busy before the run began: load {load:.1f} on {usable} cores"]
    return []


def cpu() -> str:
    """Return the CPU's model name."""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def commit() -> str | None:
    """Return the commit of the lab's checkout, with a + where it was changed; None outside of one."""
    if not (SOURCE.parent / ".git").exists():
        return None
    git = ("git", "-C", str(SOURCE.parent), "describe", "--always", "--dirty=+", "--exclude=*")
    try:
        return subprocess.run(git, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return None


def sha256(paths: Iterable[Path]) -> str:
    """Return the hash over the files' names and contents, in the order of their paths."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def installed(package: str) -> str | None:
    """Return a package's version; None where it is not installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None
