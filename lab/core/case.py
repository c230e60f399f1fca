"""What a case asks for: how many tasks and workers, and which model."""

from lab.core.experiment import Experiment
from lab.core.work import AA_SUFFIX, Case


def tasks_of(case: Case) -> int:
    """Return how many tasks a batch of the case has; 1 where the grid has no such axis."""
    return int(case.params.get("tasks", 1))


def workers_of(case: Case) -> int:
    """Return how many workers the case asks for; "all", the default, is one for each task."""
    workers = case.params.get("workers", "all")
    return tasks_of(case) if workers == "all" else int(workers)


def model_of(case: Case, experiment: Experiment) -> str:
    """Return the name of the model that runs the case: the baseline's where the grid has no models."""
    return str(case.params.get("model", experiment.baseline)).removesuffix(AA_SUFFIX)


def is_aa_control(case: Case) -> bool:
    """Return whether a case is the baseline's second measurement, which no grid names."""
    return str(case.params.get("model", "")).endswith(AA_SUFFIX)
