"""The concurrency lab: the same work under every concurrency model Python offers.

These are the names that an experiment's module may use; importing them loads nothing heavy.
"""

from lab.core import Case, Experiment, Measurement, Span, Workload
from lab.declare import bars, claim, ratio, timeline

__version__ = "0.1.0"

__all__ = [
    "Case",
    "Experiment",
    "Measurement",
    "Span",
    "Workload",
    "bars",
    "claim",
    "ratio",
    "timeline",
]
