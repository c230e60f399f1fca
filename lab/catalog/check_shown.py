"""Finds the faults of what an experiment shows and states: its figures, its claims, its further tables."""

from collections.abc import Mapping, Sequence
from math import inf
from typing import Any

from lab.catalog.check_fields import ADVICE, CONSTANT, check_fields, is_number
from lab.catalog.names import figure_kinds, known
from lab.core.claims import Bounded, Claim, Condition, Gap, Part
from lab.core.constants import Constant
from lab.core.derived import Derived
from lab.core.errors import LabError, clipped
from lab.core.experiment import Experiment, Work
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
Grid = Mapping[str, Sequence[Value]]

LISTS: Mapping[str, tuple[Any, str, str]] = {
    "figures": (Figure, "figure", "figures=[bars()]"),
    "claims": (Claim, "claim", 'claims=[claim("A sentence", ratio("threads", to="asyncio") < 1)]'),
    "derived": (Derived, "table", "derived=[scaling()]"),
    "advice": (Work, "advice", 'advice=[work("14 URLs")]'),
    "constants": (Constant, "constant", 'constants=[CostOfWaiting("tasks", up_to=100)]'),
}
"""Field that holds a list -> what it is a list of, what one is called, and how it is written."""


def check_lists(experiment: Experiment) -> None:
    """Raise LabError for a field that is no list, or is a list of something else."""
    for name, (kind, noun, example) in LISTS.items():
        values = getattr(experiment, name)
        if type(values) not in (list, tuple):
            raise LabError(f"`{name}` is {clipped(repr(values))}", remedy=f"give a list: {example}")
        for each in values:
            if not isinstance(each, kind):
                raise LabError(f"{clipped(repr(each))} is no {noun}", remedy=f"write {example}")


def check_shown(experiment: Experiment, columns: Sequence[str]) -> None:
    """Raise LabError where something that is shown is of axes, values or metrics that are not there.

    columns: the metrics that an experiment with a workload has.
    """
    grid, metrics = experiment.grid, columns if experiment.workload is not None else None
    for figure in experiment.figures:
        known(figure.kind, figure_kinds(), "kind of figure")
        if figure.kind in OWN:
            check_options(figure, grid, metrics)
    for claim in experiment.claims:
        try:
            check_claim(claim, grid, metrics)
        except LabError as fault:
            where = f"claim {clipped(str(claim.sentence))!r}"
            raise LabError(f"{where}: {fault.what}", remedy=fault.remedy) from fault
    for table in experiment.derived:
        check_table_of(table, grid)
    for work in experiment.advice:
        check_fields(work, ADVICE)
        check_where(work.where, grid)
    for constant in experiment.constants:
        check_constant(constant, grid)
    for axis in (experiment.in_flight or ())[:1]:
        known(axis, grid, "axis")


def check_constant(constant: Constant, grid: Grid) -> None:
    """Raise LabError for a cost that is read off axes, values or numbers that are not there."""
    check_fields(constant, {name: CONSTANT[name] for name in constant.__slots__})
    named = {name: getattr(constant, name) for name in constant.__slots__}
    for name in ("axis", "size"):
        known(named.get(name, constant.axis), grid, "axis")
    for name in ("where", "smallest"):
        check_where(named.get(name, {}), grid)
    values = [named[name] for name in ("task", "thread", "process", "least", "usual") if name in named]
    check_where({constant.axis: values}, grid)


def check_options(figure: Figure, grid: Grid, metrics: Sequence[str] | None) -> None:
    """Raise LabError for an option that names an axis, a value or a metric that is not there."""
    options: dict[str, Any] = dict(figure.options)
    own = {name: options.pop(name) for name in OWN[figure.kind] if name in options}
    check_where(options, grid)
    for name in ("x", "axis", "rows", "columns"):
        if isinstance(own.get(name), str):  # several are metrics
            known(own[name], grid, "axis")
    if figure.kind == "distribution":
        known(str(own.get("metric")), ("latency_s", "queue_wait_s", "service_s"), "metric of tasks")
    elif own.get("metric"):
        check_metric(own["metric"], metrics)
    if figure.kind == "split":
        check_gap(Gap(**{name: own[name] for name in Gap._fields}), grid)
    if "crossing" in own:
        check_pair(own["crossing"], grid)


def check_pair(pair: Any, grid: Grid) -> None:
    """Raise LabError unless a crossing names two lines, and by how much the second has to be ahead."""
    factors = pair[2:] if isinstance(pair, tuple | list) and len(pair) in (2, 3) else ("none",)
    if not all(is_number(factor) and factor >= 1 for factor in factors):
        remedy = 'write crossing=("threads", "asyncio"), or with a factor from 1 on as a third'
        raise LabError("a crossing is of two lines", remedy=remedy)
    for line in pair[:2]:
        known(line, {str(value) for values in grid.values() for value in values}, "line")


def check_claim(claim: Claim, grid: Grid, metrics: Sequence[str] | None) -> None:
    """Raise LabError for a claim without a sentence, or one that no case of the grid could decide."""
    if not isinstance(claim.sentence, str) or not claim.sentence.strip():
        raise LabError("it has no sentence", remedy='write claim("A sentence", ratio(...) < 1)')
    check_bounds(claim.condition)
    check_metric(claim.condition.metric, metrics)
    check_where(claim.condition.where, grid)
    if isinstance(claim.condition, Condition):
        check_where({claim.condition.axis: (claim.condition.model, claim.condition.to)}, grid)
    if isinstance(claim.condition, Part):
        check_gap(claim.condition.gap, grid)
    if claim.statement and claim.statement not in STATEMENTS:
        raise LabError(f"no statement {claim.statement!r}", remedy=f"there are 1 to {max(STATEMENTS)}")


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
        what = f"nothing lies above {bounds[0]} and below {bounds[1]}"
        raise LabError(what, remedy="give the lower one first")


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


def check_table_of(table: Derived, grid: Grid) -> None:
    """Raise LabError for a further table over an axis or to sizes that are not there."""
    options: dict[str, Any] = dict(table.options)
    known(str(options.pop("axis", "")), grid, "axis")
    for name in ("up_to", "wait_s") if table.kind == "extrapolation" else ():
        number = options.pop(name, None)
        if not isinstance(number, int | float):
            raise LabError(f"`{name}` is {number!r}", remedy="give a number")
    check_where(options, grid)
