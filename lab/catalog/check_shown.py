"""Finds the faults of what an experiment shows and states: its figures, its claims, its further tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf
from typing import Any

from lab.catalog.names import figure_kinds, known
from lab.core.advice import Work
from lab.core.claims import Bounded, Claim, Condition, Gap, Level, Part
from lab.core.constants import Constant, axes_of
from lab.core.derived import Derived
from lab.core.errors import LabError, clipped
from lab.core.experiment import Experiment
from lab.core.figures import Figure
from lab.core.machine import cores
from lab.core.statements import STATEMENTS
from lab.core.work import Value

OWN: Mapping[str, Sequence[str]] = {
    "bars": ("metric",),
    "lines": ("x", "metric", "crossing", "knee"),
    "matrix": ("rows", "columns", "metric", "good", "bad", "absent"),
    "speedup": ("axis",),
    "map": ("rows", "columns", "metric", "least"),
    "split": ("metric", *Gap._fields),
    "distribution": ("metric",),
    "timeline": (),
}
"""Kind of figure -> its own options; the others are axes, and the values at which they are held."""
NAME_AXES = ("x", "axis", "rows", "columns")
OF_TASKS = ("latency_s", "queue_wait_s", "service_s")

Grid = Mapping[str, Sequence[Value]]


def check_figures(experiment: Experiment, columns: Sequence[str]) -> None:
    """Raise LabError for what is no figure, or for one of axes, values or metrics that are not there.

    columns: the metrics that an experiment with a workload has.
    """
    metrics = columns if experiment.workload is not None else None
    for figure in experiment.figures:
        if not isinstance(figure, Figure):
            raise LabError(f"{clipped(repr(figure))} is no figure", remedy="write figures=[bars()]")
        known(figure.kind, figure_kinds(), "kind of figure")
        if figure.kind in OWN:
            check_options(figure, experiment.grid, metrics)


def check_options(figure: Figure, grid: Grid, metrics: Sequence[str] | None) -> None:
    """Raise LabError for an option that names an axis, a value or a metric that is not there."""
    options: dict[str, Any] = dict(figure.options)
    own = {name: options.pop(name) for name in OWN[figure.kind] if name in options}
    check_where(options, grid)
    for name in NAME_AXES:
        if isinstance(own.get(name), str):  # several are metrics
            known(own[name], grid, "axis")
    if figure.kind == "distribution":
        known(own["metric"], OF_TASKS, "metric of tasks")
    elif own.get("metric"):
        check_metric(own["metric"], metrics)
    if figure.kind == "split":
        check_gap(Gap(**{name: own[name] for name in Gap._fields}), grid)
    for line in own.get("crossing", ())[:2]:
        known(line, {str(value) for values in grid.values() for value in values}, "line")


def check_claims(experiment: Experiment, columns: Sequence[str]) -> None:
    """Raise LabError for what is no claim, or for one that no case of the grid could decide."""
    metrics = columns if experiment.workload is not None else None
    for claim in experiment.claims:
        if (
            not isinstance(claim, Claim)
            or not isinstance(claim.sentence, str)
            or not claim.sentence.strip()
        ):
            remedy = 'write claims=[claim("A sentence", ratio("threads", to="asyncio") < 1)]'
            raise LabError(f"{clipped(repr(claim))} is no claim", remedy=remedy)
        try:
            check_bounds(claim.condition)
            check_condition(claim.condition, experiment.grid, metrics)
        except LabError as fault:
            raise LabError(
                f"claim {clipped(claim.sentence)!r}: {fault.what}", remedy=fault.remedy
            ) from fault
        if claim.statement and claim.statement not in STATEMENTS:
            remedy = f"there are 1 to {max(STATEMENTS)}"
            raise LabError(
                f"claim {clipped(claim.sentence)!r}: no statement {claim.statement!r}", remedy=remedy
            )


def check_bounds(condition: object) -> None:
    """Raise LabError for what is no condition, has no bound, or has two that leave nothing between them."""
    if not isinstance(condition, Bounded):
        raise LabError(f"its condition is {condition!r}", remedy="compare: ratio(...) < 1")
    bounds: tuple[Any, Any] = (condition.low, condition.high)
    for bound in bounds:
        if not isinstance(bound, int | float):
            raise LabError(f"its bound is {bound!r}", remedy="compare with a number")
    if bounds == (-inf, inf):
        raise LabError("its condition has no bound", remedy="compare it with a number: ratio(...) < 1")
    if not bounds[0] < bounds[1]:
        raise LabError(
            f"nothing lies above {bounds[0]} and below {bounds[1]}", remedy="give the lower one first"
        )


def check_condition(condition: Condition | Level | Part, grid: Grid, metrics: Sequence[str] | None) -> None:
    """Raise LabError for a condition on axes, values or metrics that are not there."""
    check_metric(condition.metric, metrics)
    check_where(condition.where, grid)
    if isinstance(condition, Condition):
        check_where({condition.axis: (condition.model, condition.to)}, grid)
    if isinstance(condition, Part):
        check_gap(condition.gap, grid)


def check_gap(gap: Gap, grid: Grid) -> None:
    """Raise LabError for a gap between cases that are not there."""
    check_where({"model": (gap.model, gap.to), gap.axis: (gap.of, gap.control)}, grid)


def check_metric(metric: object, metrics: Sequence[str] | None) -> None:
    """Raise LabError for a metric that is not among those; None where they are known only when measured."""
    if not isinstance(metric, str) or not metric:
        raise LabError(f"a metric is {metric!r}", remedy="give its name")
    if metrics is not None:
        known(metric, metrics, "metric")


def check_where(where: Mapping[str, Any], grid: Grid) -> None:
    """Raise LabError for an axis that the grid does not have, or a value that the axis does not have."""
    for axis, wanted in where.items():
        known(axis, grid, "axis")
        values = [str(cores()) if value == "cores" else str(value) for value in grid[axis]]
        for value in wanted if isinstance(wanted, tuple | list) else (wanted,):
            known(str(value), values, axis)


def check_derived(experiment: Experiment) -> None:
    """Raise LabError for what is no further table, or for one over an axis that is not there."""
    for table in experiment.derived:
        if not isinstance(table, Derived):
            raise LabError(f"{clipped(repr(table))} is no table", remedy="write derived=[scaling()]")
        options: dict[str, Any] = dict(table.options)
        known(str(options.pop("axis", "")), experiment.grid, "axis")
        if table.kind == "extrapolation":
            for name in ("up_to", "wait_s"):
                number = options.pop(name, None)
                if not isinstance(number, int | float):
                    raise LabError(f"`{name}` is {number!r}", remedy="give a number")
        check_where(options, experiment.grid)


def check_advice(experiment: Experiment) -> None:
    """Raise LabError where what is declared for the page names no work, or an axis that is not there."""
    for each in experiment.advice:
        if not isinstance(each, Work):
            raise LabError(f"{clipped(repr(each))} is no advice", remedy='write advice=[work("14 URLs")]')
        for axis in each.where:
            known(axis, experiment.grid, "axis")
    if experiment.in_flight is not None:
        known(experiment.in_flight[0], experiment.grid, "axis")


def check_constants(experiment: Experiment) -> None:
    """Raise LabError where what is declared is no constant, or has an axis that the grid does not have."""
    for each in experiment.constants:
        if not isinstance(each, Constant):
            remedy = 'write constants=[CostOfWaiting("tasks", up_to=100)]'
            raise LabError(f"{clipped(repr(each))} is no constant", remedy=remedy)
        for axis in axes_of(each):
            known(axis, experiment.grid, "axis")
