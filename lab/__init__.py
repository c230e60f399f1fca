"""The concurrency lab: the same work under every concurrency model Python offers.

The names that an experiment's module may use. Each is loaded when it is first asked for, so that
`lab --help` and `lab list`, which need none of them, are instant.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lab.core import Case, Experiment, Measurement, Span, Workload, peak_in_flight
    from lab.declare import bars, claim, distribution, ever, lines, matrix, ratio, timeline, value
    from lab.registry import load_model, missing

__version__ = "0.1.0"

__all__ = [
    "Case",
    "Experiment",
    "Measurement",
    "Span",
    "Workload",
    "bars",
    "claim",
    "distribution",
    "ever",
    "lines",
    "load_model",
    "matrix",
    "missing",
    "peak_in_flight",
    "ratio",
    "timeline",
    "value",
]

_HOMES = {
    "lab.core": {"Case", "Experiment", "Measurement", "Span", "Workload", "peak_in_flight"},
    "lab.registry": {"load_model", "missing"},
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = next((home for home, names in _HOMES.items() if name in names), "lab.declare")
    return getattr(import_module(home), name)
