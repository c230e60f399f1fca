"""Finds every fault of an experiment's declarations, before anything is measured.

Each fault is one line: the file, what is wrong there, and what to write instead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from lab.catalog.cases import cases
from lab.catalog.check_fields import TRUTH, Table, check_function, check_table, is_seconds
from lab.catalog.check_shown import check_lists, check_shown
from lab.catalog.check_work import check_unavailable, check_workload, check_workload_of
from lab.catalog.names import known, model_names
from lab.core.errors import LabError
from lab.core.experiment import Experiment
from lab.core.work import Workload

COLUMNS = (
    "experiment round trial sample void status samples start_up_s first_batch_s shutdown_s wall_s"
    " peak_memory_bytes memory_kind reason stderr index submitted_s started_s finished_s worker error"
    " metric median low high ratio ratio_low ratio_high verdict rounds speedup speedup_low speedup_high"
    " limit makespan_s queue_wait_s service_s asked_in_flight peak_in_flight limit_s cpu_s cpu_system_s"
    " cores_busy requests new_connections server_peak_in_flight server_busy"
)
"""The columns that the lab's tables have, whatever the experiment."""
START_METHODS = ("fork", "forkserver", "spawn")
AMOUNTS = {"workers": ("all", "cores"), "tasks": ("cores",)}
"""The axes whose values are numbers from 1 on, and the words that stand for one."""

FIELDS: Table = {
    "question": (lambda value: isinstance(value, str) and bool(value.strip()), "give a sentence"),
    "baseline": (lambda value: isinstance(value, str), 'give the name of a model, or ""'),
    "samples": (lambda value: type(value) is int and value >= 1, "give a whole number from 1"),
    "warmups": (lambda value: type(value) is int and value >= 0, "give a whole number from 0"),
    "timeout_s": (lambda value: is_seconds(value) and value > 0, "give seconds, more than 0"),
    "uses_server": TRUTH,
    "besides": (lambda value: isinstance(value, str), "give a sentence"),
}
FUNCTIONS = {"keep": "a case's parameters", "unavailable": "the case", "aa_control": "a case's parameters"}
"""Field that may have a function -> what the function is called with."""


def check(experiment: Experiment, path: Path) -> None:
    """Raise LabError where an experiment cannot be measured, or shown, as it is declared."""
    try:
        check_fields(experiment)
        check_grid(experiment.grid)
        check_names(experiment)
        check_cases(experiment, path.stem)
        check_shown(experiment, COLUMNS.split())
    except LabError as fault:
        raise LabError(fault.what, where=str(path), remedy=fault.remedy) from fault


def check_fields(experiment: Experiment) -> None:
    """Raise LabError for a field that holds something else than it should."""
    if (experiment.workload is None) == (experiment.measure is None):
        raise LabError("needs either `workload` or `measure`")
    if isinstance(experiment.workload, Workload):
        check_workload(experiment.workload)
    elif experiment.workload is not None:
        check_function("workload", experiment.workload, "the case, or a Workload")
    if experiment.measure is not None:
        check_function("measure", experiment.measure, "the case")
    check_table(experiment, FIELDS)
    check_lists(experiment)
    for name, argument in FUNCTIONS.items():
        if (function := getattr(experiment, name)) is not None:
            check_function(name, function, argument)


def check_names(experiment: Experiment) -> None:
    """Raise LabError for a model or a start method that is not there and that a workload would run by."""
    if experiment.workload is not None:
        for model in (*experiment.grid.get("model", ()), experiment.baseline):
            known(str(model), model_names(), "model")
        for method in experiment.grid.get("start_method", ()):
            known(str(method), START_METHODS, "start method")


def check_cases(experiment: Experiment, name: str) -> None:
    """Raise LabError where no cell of the grid is kept, or where a function fails to say what a case is."""
    if not experiment.keep and not experiment.unavailable and isinstance(experiment.workload, Workload):
        return  # no function has a say in it
    try:
        kept = cases(name, experiment)
    except LabError:
        raise
    except Exception as error:
        raise LabError(f"`keep` raises {type(error).__name__}: {error}") from error
    if not kept:
        raise LabError("`keep` keeps no case", remedy="return True for at least one")
    check_workload_of(experiment, kept)
    if experiment.unavailable is not None:
        check_unavailable(experiment.unavailable, kept)


def check_grid(grid: object) -> None:
    """Raise LabError for a grid without axes, or an axis that cannot be one."""
    if not isinstance(grid, Mapping) or not grid:
        raise LabError("has an empty grid", remedy='give it an axis: grid={"model": ["threads"]}')
    for axis, values in grid.items():
        check_axis(axis)
        check_values(axis, values)


def check_axis(axis: object) -> None:
    """Raise LabError for an axis whose name cannot name a column of its own."""
    if not isinstance(axis, str) or not axis.isidentifier():
        raise LabError(f"axis {axis!r} is no identifier", remedy="use letters, digits and _")
    if axis in COLUMNS.split():
        raise LabError(f"axis {axis!r} has the name of another column", remedy="give it another name")


def check_values(axis: str, values: object) -> None:
    """Raise LabError for an axis without values, with one twice, or with one that cannot be measured."""
    if isinstance(values, str) or not isinstance(values, Sequence) or not values:
        raise LabError(f"axis {axis!r} has no values", remedy="give a list of at least one")
    for value in values:
        text = str(value)
        if not isinstance(value, str | int | float | bool) or not text.strip() or not text.isprintable():
            raise LabError(f"axis {axis!r} has the value {value!r}", remedy="give text or a number")
        words = AMOUNTS.get(axis)
        if words is not None and value not in words and (type(value) is not int or value < 1):
            remedy = f"give a whole number from 1, or {' or '.join(map(repr, words))}"
            raise LabError(f"axis {axis!r} has the value {value!r}", remedy=remedy)
    if min(len(set(values)), len({str(value) for value in values})) < len(values):
        raise LabError(f"axis {axis!r} has a value twice")
