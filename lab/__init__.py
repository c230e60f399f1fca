"""The concurrency lab: the same work under every concurrency model Python offers.

The names that an experiment's module may use, and `run` and `load` for a notebook. Each is loaded when
it is first asked for, so that `lab --help` and `lab list`, which need none of them, are instant.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lab.api import run
    from lab.catalog.models import load_model, missing
    from lab.core.claims import Gap, claim, ever, factor, ratio, value
    from lab.core.constants import CostOfComputing, CostOfFetching, CostOfStarting, CostOfWaiting
    from lab.core.derived import extrapolation, scaling
    from lab.core.errors import LabError
    from lab.core.experiment import Experiment, Measurement, work
    from lab.core.figures import bars, distribution, lines, matrix, speedup, split, timeline, winners
    from lab.core.machine import cores
    from lab.core.work import Case, Outcome, Span, Value, Workload, makespan_s, peak_in_flight
    from lab.cost.here import held, tree_bytes
    from lab.present.findings import Findings, load
    from lab.trial.batch import Batch, batch
    from lab.trial.isolate import Fate, attempts
    from lab.trial.phases import prepared

__version__ = "0.1.0"

__all__ = ["Batch", "Case", "Experiment", "Findings", "LabError", "Measurement", "Outcome", "Span", "Value"]
__all__ += ["CostOfComputing", "CostOfFetching", "CostOfStarting", "CostOfWaiting", "Fate", "Gap"]
__all__ += ["bars", "distribution", "lines", "matrix", "speedup", "split", "timeline", "winners"]
__all__ += ["attempts", "batch", "cores", "held", "load_model", "missing", "prepared", "tree_bytes", "work"]
__all__ += ["claim", "ever", "extrapolation", "factor", "ratio", "scaling", "value"]
__all__ += ["Workload", "load", "makespan_s", "peak_in_flight", "run"]

_MODULES = {
    "lab.api": {"run"},
    "lab.catalog.models": {"load_model", "missing"},
    "lab.core.claims": {"Gap", "claim", "ever", "factor", "ratio", "value"},
    "lab.core.constants": {"CostOfComputing", "CostOfFetching", "CostOfStarting", "CostOfWaiting"},
    "lab.core.derived": {"extrapolation", "scaling"},
    "lab.core.errors": {"LabError"},
    "lab.core.experiment": {"Experiment", "Measurement", "work"},
    "lab.core.machine": {"cores"},
    "lab.core.work": {"Case", "Outcome", "Span", "Value", "Workload", "makespan_s", "peak_in_flight"},
    "lab.cost.here": {"held", "tree_bytes"},
    "lab.present.findings": {"Findings", "load"},
    "lab.trial.batch": {"Batch", "batch"},
    "lab.trial.isolate": {"Fate", "attempts"},
    "lab.trial.phases": {"prepared"},
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = next((module for module, names in _MODULES.items() if name in names), "lab.core.figures")
    return getattr(import_module(module), name)


def __dir__() -> list[str]:
    return [*globals(), *__all__]
