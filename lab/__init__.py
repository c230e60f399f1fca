"""The concurrency lab: the same work under every concurrency model Python offers.

The names that an experiment's module may use, and `run` and `load` for a notebook. Each is loaded when
it is first asked for, so that `lab --help` and `lab list`, which need none of them, are instant.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lab.api import run
    from lab.core import Case, Experiment, Gap, Measurement, Span, Value, Workload, peak_in_flight
    from lab.cost.here import held, tree_bytes, used
    from lab.cost.limits import allow_files, lacking
    from lab.declare import (
        bars,
        claim,
        distribution,
        ever,
        extrapolation,
        factor,
        lines,
        matrix,
        ratio,
        scaling,
        speedup,
        split,
        timeline,
        value,
        winners,
    )
    from lab.errors import LabError
    from lab.findings import Findings, load
    from lab.models import _textbook as textbook
    from lab.phases import prepared
    from lab.plan import cores
    from lab.registry import load_model, missing
    from lab.trying import Fate, attempts

__version__ = "0.1.0"

__all__ = [
    "Case",
    "Experiment",
    "Fate",
    "Findings",
    "Gap",
    "LabError",
    "Measurement",
    "Span",
    "Value",
    "Workload",
    "allow_files",
    "attempts",
    "bars",
    "claim",
    "cores",
    "distribution",
    "ever",
    "extrapolation",
    "factor",
    "held",
    "lacking",
    "lines",
    "load",
    "load_model",
    "matrix",
    "missing",
    "peak_in_flight",
    "prepared",
    "ratio",
    "run",
    "scaling",
    "speedup",
    "split",
    "textbook",
    "timeline",
    "tree_bytes",
    "used",
    "value",
    "winners",
]

_HOMES = {
    "lab.api": {"run"},
    "lab.errors": {"LabError"},
    "lab.findings": {"Findings", "load"},
    "lab.trying": {"Fate", "attempts"},
    "lab.core": {"Case", "Experiment", "Gap", "Measurement", "Span", "Value", "Workload", "peak_in_flight"},
    "lab.cost.here": {"held", "tree_bytes", "used"},
    "lab.cost.limits": {"allow_files", "lacking"},
    "lab.phases": {"prepared"},
    "lab.plan": {"cores"},
    "lab.registry": {"load_model", "missing"},
}


def __getattr__(name: str) -> Any:
    if name == "textbook":
        return import_module("lab.models._textbook")
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = next((home for home, names in _HOMES.items() if name in names), "lab.declare")
    return getattr(import_module(home), name)
