"""What this machine, this interpreter and this lab are: stored with every result.

machine.py       cores, affinity, quota, governors, load, limits
interpreter.py   version, build and switches of this Python
code.py          commit and hash of the code that measures
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import lab
from lab.catalog.models import load_model
from lab.core.experiment import Experiment
from lab.core.work import Case
from lab.environment import code
from lab.environment.interpreter import interpreter
from lab.environment.machine import limits, load_1min, machine

Facts = dict[str, Any]
PACKAGES = ("aiohttp", "requests", "uvloop")
"""What the lab's server and its own workloads use; `Job.packages` has what an experiment uses."""
OF_PYPERF = ("cpu_config", "cpu_freq", "isolated_cpus", "runnable_threads", "aslr")


def describe() -> Facts:
    """Return what holds for a whole run: when, the machine, the interpreter, the lab, the packages."""
    import pyperf  # type: ignore[import-untyped]  # here: a trial's parent loads this room, and is not to wait

    known = pyperf.Run([1.0], collect_metadata=True).get_metadata()
    here = machine(known)
    return {
        "started": now(),
        "machine": here,
        "pyperf": {name: known[name] for name in OF_PYPERF if name in known},
        "limits": limits(),
        "python": interpreter(),
        "lab": {"version": lab.__version__, "commit": code.commit(), "sha256": code.of_lab()},
        "packages": {name: code.installed(name) for name in PACKAGES},
        "warnings": warnings(here),
    }


def describe_end() -> Facts:
    """Return what holds when a run has ended, and may not have held before."""
    return {"finished": now(), "load_1min": load_1min()}


def describe_experiment(name: str, path: Path, experiment: Experiment, cases: Sequence[Case]) -> Facts:
    """Return what holds for one experiment: its question, its axes and cases, and its code's hash.

    The hash is over its file and the helpers beside it that it imports (`code.sources`). The models that
    start a worker for each task, and so inside every batch, are `starts_in_batch`.
    """
    models = {experiment.model_of(case) for case in cases if experiment.workload is not None}
    return {
        "name": name,
        "question": experiment.question,
        "file": path.name,
        "sha256": code.sha256(code.sources(path)),
        "axes": list(experiment.grid),
        "cases": [dict(case.params) for case in cases],
        "baseline": experiment.baseline,
        "starts_in_batch": sorted(model for model in models if load_model(model).starts_in_batch),
    }


def warnings(here: Mapping[str, Any]) -> list[str]:
    """Return, in words, what speaks against trusting numbers that are measured now."""
    load, usable = here["load_1min"] or 0.0, here["cores"]
    busy = f"the machine was busy before the run began: load {load:.1f} on {usable} cores"
    return [busy] if load > usable / 2 else []


def now() -> str:
    """Return the time of day, in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")
