"""Finds all faults of an experiment before it is measured, a line each: file, what is wrong, remedy."""

from collections.abc import Callable, Mapping, Sequence
from inspect import iscoroutine
from pathlib import Path

from lab.catalog.cases import cases
from lab.catalog.check_fields import EXPERIMENT, check_fields, check_workload
from lab.catalog.check_shown import check_lists, check_shown
from lab.catalog.names import known, model_names
from lab.core.errors import LabError, clipped
from lab.core.experiment import Experiment
from lab.core.work import Case, Workload

COLUMNS = (
    "experiment round trial sample void status samples start_up_s first_batch_s shutdown_s wall_s"
    " peak_memory_bytes memory_kind reason stderr index submitted_s started_s finished_s worker error"
    " metric median low high ratio ratio_low ratio_high verdict rounds speedup speedup_low speedup_high"
    " limit makespan_s queue_wait_s service_s asked_in_flight peak_in_flight limit_s cpu_s cpu_system_s"
    " cores_busy requests new_connections server_peak_in_flight server_busy"
)
"""The columns that the lab's tables have, whatever the experiment."""
AMOUNTS = {"workers": ("all", "cores"), "tasks": ("cores",)}
"""The axes whose values are numbers from 1 on, and the words that stand for one."""


def check(experiment: Experiment, path: Path) -> None:
    """Raise LabError where an experiment cannot be measured, or shown, as it is declared."""
    try:
        if (experiment.workload is None) == (experiment.measure is None):
            raise LabError("needs either `workload` or `measure`")
        check_fields(experiment, EXPERIMENT)
        check_lists(experiment)
        check_grid(experiment)
        check_cases(experiment, path.stem)
        check_shown(experiment, COLUMNS.split())
    except LabError as fault:
        raise LabError(fault.what, where=str(path), remedy=fault.remedy) from fault


def check_grid(experiment: Experiment) -> None:
    """Raise LabError for a grid without axes, an axis that cannot be one, or a model that is not there."""
    grid = experiment.grid
    if not isinstance(grid, Mapping) or not grid:
        raise LabError("has an empty grid", remedy='give it an axis: grid={"model": ["threads"]}')
    for axis, values in grid.items():
        if not isinstance(axis, str) or not axis.isidentifier():
            raise LabError(f"axis {axis!r} is no identifier", remedy="use letters, digits and _")
        if axis in COLUMNS.split():
            raise LabError(f"axis {axis!r} has the name of another column", remedy="give it another name")
        check_values(axis, values)
    if experiment.workload is not None:
        for model in (*grid.get("model", ()), experiment.baseline):
            known(str(model), model_names(), "model")
        for method in grid.get("start_method", ()):
            known(str(method), ("fork", "forkserver", "spawn"), "start method")


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


def check_cases(experiment: Experiment, name: str) -> None:
    """Raise LabError where no cell of the grid is kept, or where a function fails to say what a case is."""
    functions = (experiment.keep, experiment.unavailable)
    if not any(functions) and isinstance(experiment.workload, Workload):
        return  # no function has a say in it
    try:
        kept = cases(name, experiment)
    except LabError:
        raise
    except Exception as error:
        raise LabError(f"`keep` raises {type(error).__name__}: {error}") from error
    if not kept:
        raise LabError("`keep` keeps no case", remedy="return True for at least one")
    if experiment.workload is not None:
        check_workload_of(experiment, kept)
    if experiment.unavailable is not None:
        check_unavailable(experiment.unavailable, kept)


def check_workload_of(experiment: Experiment, cases: Sequence[Case]) -> None:
    """Raise LabError where `workload`, a function of the case, does not return a workload.

    What it raises in some cases their trials say; where it raises in all, it is no such function.
    """
    raised: list[Exception] = []
    for case in cases:
        try:
            workload: object = experiment.workload_of(case)
        except LabError:
            raise
        except Exception as error:
            raised.append(error)
            continue
        if iscoroutine(workload):
            workload.close()
        if not isinstance(workload, Workload):
            what = f"`workload` returns {clipped(repr(workload))} for {case}"
            remedy = "return a Workload; one for all cases is workload=Workload(function)"
            raise LabError(what, remedy=remedy)
        check_workload("workload", workload)
    if len(raised) == len(cases):
        what = f"`workload` raises in every case, {type(raised[0]).__name__}: {raised[0]}"
        raise LabError(what, remedy="give a Workload, or a function of the case that returns one")


def check_unavailable(unavailable: Callable[[Case], object], cases: Sequence[Case]) -> None:
    """Raise LabError where `unavailable` does not return a text."""
    for case in cases:
        try:
            reason = unavailable(case)
        except Exception as error:
            raise LabError(f"`unavailable` raises {type(error).__name__}: {error} for {case}") from error
        if not isinstance(reason, str):
            what = f"`unavailable` returns {clipped(repr(reason))} for {case}"
            raise LabError(what, remedy='return why it cannot run here, or ""')
