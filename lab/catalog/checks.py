"""Finds every fault of an experiment's declarations, before anything is measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from lab.catalog.names import figure_kinds, known, model_names
from lab.core.advice import Work
from lab.core.constants import Constant, axes_of
from lab.core.errors import LabError
from lab.core.experiment import Experiment
from lab.core.figures import Figure
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


def check(experiment: Experiment, path: Path) -> None:
    """Raise LabError where an experiment cannot be measured as it is declared."""
    where = str(path)
    if (experiment.workload is None) == (experiment.measure is None):
        raise LabError("needs either `workload` or `measure`", where=where)
    work = experiment.workload or experiment.measure
    if not (callable(work) or isinstance(work, Workload)):
        raise LabError(
            "`workload` is a workload or a function of the case; `measure` a function", where=where
        )
    if experiment.samples < 1 or experiment.warmups < 0 or experiment.timeout_s <= 0:
        raise LabError("needs samples >= 1, warmups >= 0 and timeout_s > 0", where=where)
    check_grid(experiment.grid, where)
    if experiment.workload is not None:
        for model in (*experiment.grid.get("model", ()), experiment.baseline):
            known(str(model), model_names(), "model", where=where)
        for method in experiment.grid.get("start_method", ()):
            known(str(method), START_METHODS, "start method", where=where)
    for figure in experiment.figures:
        if not isinstance(figure, Figure):
            raise LabError(f"{figure!r} is no figure", where=where, remedy="write figures=[bars()]")
        known(figure.kind, figure_kinds(), "kind of figure", where=where)
    check_advice(experiment, where)
    check_constants(experiment, where)


def check_advice(experiment: Experiment, where: str) -> None:
    """Raise LabError where what is declared for the page names no work, or an axis that is not there."""
    for each in experiment.advice:
        if not isinstance(each, Work):
            raise LabError(f"{each!r} is no advice", where=where, remedy='write advice=[work("14 URLs")]')
        for axis in each.where:
            known(axis, experiment.grid, "axis", where=where)
    if experiment.in_flight is not None:
        known(experiment.in_flight[0], experiment.grid, "axis", where=where)


def check_constants(experiment: Experiment, where: str) -> None:
    """Raise LabError where what is declared is no constant, or has an axis that the grid does not have."""
    for each in experiment.constants:
        if not isinstance(each, Constant):
            remedy = 'write constants=[CostOfWaiting("tasks", up_to=100)]'
            raise LabError(f"{each!r} is no constant", where=where, remedy=remedy)
        for axis in axes_of(each):
            known(axis, experiment.grid, "axis", where=where)


def check_grid(grid: object, where: str) -> None:
    """Raise LabError for a grid without axes, or an axis that cannot be one."""
    if not isinstance(grid, Mapping) or not grid:
        raise LabError(
            "has an empty grid", where=where, remedy='give it an axis: grid={"model": ["threads"]}'
        )
    for axis, values in grid.items():
        check_axis(axis, where)
        check_values(axis, values, where)


def check_values(axis: str, values: object, where: str) -> None:
    """Raise LabError for an axis without values, with one twice, or with one that cannot be measured."""
    if isinstance(values, str) or not isinstance(values, Sequence) or not values:
        raise LabError(f"axis {axis!r} has no values", where=where, remedy="give a list of at least one")
    for value in values:
        if (
            not isinstance(value, str | int | float | bool)
            or not str(value).strip()
            or not str(value).isprintable()
        ):
            raise LabError(
                f"axis {axis!r} has the value {value!r}", where=where, remedy="give text or a number"
            )
        words = AMOUNTS.get(axis)
        if words is not None and value not in words and (type(value) is not int or value < 1):
            remedy = f"give a whole number from 1, or {' or '.join(map(repr, words))}"
            raise LabError(f"axis {axis!r} has the value {value!r}", where=where, remedy=remedy)
    if min(len(set(values)), len({str(value) for value in values})) < len(values):
        raise LabError(f"axis {axis!r} has a value twice", where=where)


def check_axis(axis: object, where: str) -> None:
    """Raise LabError for an axis whose name cannot name a column of its own."""
    if not isinstance(axis, str) or not axis.isidentifier():
        remedy = "use letters, digits and _"
        raise LabError(f"axis {axis!r} is no identifier", where=where, remedy=remedy)
    if axis in COLUMNS.split():
        remedy = "give it another name"
        raise LabError(f"axis {axis!r} has the name of another column", where=where, remedy=remedy)
