"""Reads the constants from results; LabError says what is missing where only a part was measured."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from lab.analysis.predict import scaling
from lab.analysis.predict.costs import CPU, MAKESPAN, Costs, costs_of_models
from lab.analysis.predict.estimate import NOTHING, Ends, over
from lab.analysis.predict.laws import Fit
from lab.analysis.predict.models import Law, by_law, law_of
from lab.analysis.predict.sources import Source
from lab.analysis.stats.counterparts import by_size, matching
from lab.analysis.stats.intervals import Array
from lab.core.constants import Constant, CostOfComputing, CostOfFetching, CostOfStarting, CostOfWaiting
from lab.core.errors import LabError
from lab.core.work import Value

SCALING: dict[str, str] = {Law.THREAD_POOL: "Amdahl", Law.PROCESS_POOL: "USL", Law.LOOP_AND_POOL: "USL"}
"""Law of a model -> the law of scaling that its computing follows."""


class Unit(NamedTuple):
    """What a task, a thread or a process costs: to start and end it, until it runs, and what it holds."""

    cpu_s: Ends = NOTHING
    until_runs_s: Ends = NOTHING
    bytes: Ends = NOTHING


def waiting(source: Source[CostOfWaiting]) -> dict[str, Costs]:
    """Return model -> the costs of its tasks that wait, from the sizes up to the declared one."""
    declared, limits = source.declared, values_of(source, "limit_s")
    if not np.isfinite(limits).any():
        raise source.lacks()
    costs = costs_of_models(source.rounds, declared.axis, declared.up_to, float(np.nanmedian(limits)))
    timed = {
        model: each
        for model, each in costs.items()
        if np.isfinite([each.at(metric, 1).each for metric in (MAKESPAN, CPU)]).all()
    }
    source.require(timed, Law.THREAD_EACH, Law.EVENT_LOOP)
    return timed


def starting(source: Source[CostOfStarting], unit: str) -> Unit:
    """Return what each unit (a task, a thread, a process) costs where the most of them are alive."""
    rounds, declared = source.rounds, source.declared
    sizes = by_size(rounds.cases, {declared.axis: unit}, declared.size)
    good = {size: index for size, index in sizes.items() if rounds.good[index]}
    metrics = ("cpu_of_each_s", "until_runs_s", "memory_of_each_bytes")
    costs = [over(values_of(source, metric)[good[max(good)]]) for metric in metrics] if good else []
    if not costs or not np.isfinite(costs[:2]).all():  # a system may not tell the memory
        raise source.lacks(f" with {declared.axis}={unit}")
    return Unit(*costs)


def pace(source: Source[CostOfComputing]) -> Ends:
    """Return what a second of computing takes in one more run: how much one after another varied."""
    found = of_models(source, source.declared.where, MAKESPAN)
    source.require(found, Law.SEQUENTIAL)
    takes_s = by_law(found)[Law.SEQUENTIAL]
    return over(takes_s / np.nanmean(takes_s))


def scaling_laws(source: Source[CostOfComputing], cores: int) -> dict[str, dict[str, Fit]]:
    """Return model -> the laws of scaling, fitted to computing under it; none where there is one core."""
    fits = scaling.fits(source.results, source.declared.axis, **source.declared.where)
    laws = {model: {each.law.name: each for each in fitted} for model, fitted in fits.items()}
    enough = {model: each for model, each in laws.items() if SCALING.get(law_of(model)) in each}
    if cores > 1:
        source.require(enough, *SCALING)
    return enough


def handing(source: Source[CostOfComputing]) -> dict[str, Ends]:
    """Return model -> seconds for each of the smallest tasks, which take longer to hand over than to do."""
    tasks = np.array([[float(case.get("tasks") or 1)] for case in source.rounds.cases])
    found = of_models(source, source.declared.smallest, MAKESPAN, tasks)
    source.require(found, Law.PROCESS_POOL, Law.LOOP_AND_POOL)
    return {model: over(each_s) for model, each_s in found.items()}


def fetching(source: Source[CostOfFetching], client: str) -> dict[str, Array]:
    """Return model -> CPU seconds of each fetch through a client, a number a round."""
    axis = source.declared.axis
    found = of_models(source, {axis: client, **source.declared.where}, CPU)
    if not found:
        there = ", ".join(dict.fromkeys(str(case[axis]) for case in source.rounds.cases))
        what = f"client {client!r} was not measured; there are {there}"
        raise LabError(what, where=str(source.folder), remedy=f"lab run {source.experiment}")
    source.require(found, Law.THREAD_POOL, Law.EVENT_LOOP)
    return found


def of_models(
    source: Source[Constant], where: Mapping[str, Value], metric: str, of: Array | float = 1.0
) -> dict[str, Array]:
    """Return model -> the rounds of a metric in its case with these values, of all models with a law.

    of: the number in each case that the metric is divided by.
    """
    values = values_of(source, metric) / of
    cases = source.rounds.cases
    indices = [index for index in matching(cases, where) if np.isfinite(values[index]).any()]
    models = {str(cases[index].get("model")): values[index] for index in indices}
    return {model: each for model, each in models.items() if law_of(model)}


def values_of(source: Source[Constant], metric: str) -> Array:
    """Return a metric, [cases, rounds]; NaN where it was not measured at all."""
    return source.rounds.values.get(metric, np.full((len(source.rounds.cases), 1), np.nan))
