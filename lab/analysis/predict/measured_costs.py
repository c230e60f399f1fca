"""The costs of waiting, starting, computing, fetching, read from results; LabError says what is missing."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np

from lab.analysis.predict.estimate import NOTHING, ONE, Ends, over
from lab.analysis.predict.models import Law, by_law, law_of
from lab.analysis.predict.scaling import Fit, sweeps
from lab.analysis.predict.waiting_costs import CPU, MAKESPAN, Costs, costs_of_models
from lab.analysis.predict.which_results import Source, Sources
from lab.analysis.stats.counterparts import by_size
from lab.analysis.stats.intervals import Array
from lab.core.constants import CostOfComputing, CostOfFetching, CostOfStarting, CostOfWaiting

SCALING: dict[str, str] = {Law.THREAD_POOL: "Amdahl", Law.PROCESS_POOL: "USL", Law.LOOP_AND_POOL: "USL"}
"""Law of a model -> the law of scaling that its computing follows."""


class UnitCost(NamedTuple):
    """What a task, a thread or a process costs: to start and end it, until it runs, and what it holds."""

    cpu_s: Ends = NOTHING
    until_runs_s: Ends = NOTHING
    bytes: Ends = NOTHING


class Constants(NamedTuple):
    """The measured costs of a machine. A cost by model holds for all models with its law (`seen_by`).

    waiting: model -> the costs of its tasks that wait, fetched through the client that costs least.
    up_to: how many in flight these were measured with, at most.
    cores: of the machine that computed; pace: what a second of computing takes in one more run.
    laws: model -> Amdahl's law and the USL, fitted to computing under it.
    handing_s: model -> seconds to hand a task to a process and to get its answer, one after another.
    client: the library that fetches; least_client: the one that costs least. extra_s: model -> CPU of each
        fetch through the client beyond the least; blocking_s: of each by a thread that is there already.
    task, thread, process: what it costs to start and hold one.
    sources: experiment -> the folder its results came from; unusable: why others could not be used.
    """

    waiting: Mapping[str, Costs]
    up_to: int = 0
    cores: int = 1
    pace: Ends = ONE
    laws: Mapping[str, Mapping[str, Fit]] = {}
    handing_s: Mapping[str, Ends] = {}
    client: str = ""
    least_client: str = ""
    extra_s: Mapping[str, Ends] = {}
    blocking_s: Ends = NOTHING
    task: UnitCost = UnitCost()
    thread: UnitCost = UnitCost()
    process: UnitCost = UnitCost()
    sources: Mapping[str, Path] = {}
    unusable: tuple[str, ...] = ()

    def seen_by(self, model: str, *, waits: bool) -> Self:
        """Return the constants by law: the model's own where it was measured, else of one with its law.

        Where no task waits, nothing is fetched: then what waiting and fetching cost is left out.
        """
        known = self if waits else self._replace(waiting={}, extra_s={}, blocking_s=NOTHING)
        by_model = ("waiting", "laws", "handing_s", "extra_s")
        held: dict[str, Any] = {name: by_law(getattr(known, name), model) for name in by_model}
        return known._replace(**held)


def constants(out: Path, reference: Path, client: str | None = None) -> Constants:
    """Return the constants from the results in `out`, else from those in `reference`.

    client: the library that fetches; None for the usual one.
    Raises LabError where something was not measured in either folder, or not with that client.
    """
    sources = Sources(out, reference)
    waits, starts = sources.of(CostOfWaiting), sources.of(CostOfStarting)
    computes, fetches = sources.of(CostOfComputing), sources.of(CostOfFetching)
    cores = int(computes.results.environment["machine"]["cores"])
    client, least = client or fetches.declared.usual, fetches.declared.least
    through, least_s = (fetching(fetches, name) for name in (client, least))
    return Constants(
        waiting(waits),
        up_to=waits.declared.up_to,
        cores=cores,
        pace=pace(computes),
        laws=laws(computes, cores),
        handing_s=handing(computes),
        client=client,
        least_client=least,
        extra_s={model: over(through[model] - least_s[model]) for model in through if model in least_s},
        blocking_s=over(by_law(through)[Law.THREAD_POOL]),
        task=starting(starts, starts.declared.task),
        thread=starting(starts, starts.declared.thread),
        process=starting(starts, starts.declared.process),
        sources={source.experiment: source.folder for source in (waits, starts, computes, fetches)},
        unusable=tuple(sources.unusable()),
    )


def waiting(source: Source[CostOfWaiting]) -> dict[str, Costs]:
    """Return model -> the costs of its tasks that wait, from the sizes up to the declared one."""
    declared, limits = source.declared, source.values("limit_s")
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


def starting(source: Source[CostOfStarting], unit: str) -> UnitCost:
    """Return what each unit (a task, a thread, a process) costs where the most of them are alive."""
    rounds, declared = source.rounds, source.declared
    sizes = by_size(rounds.cases, {declared.axis: unit}, declared.size)
    good = {size: index for size, index in sizes.items() if rounds.good[index]}
    metrics = ("cpu_of_each_s", "until_runs_s", "memory_of_each_bytes")
    costs = [over(source.values(metric)[good[max(good)]]) for metric in metrics] if good else []
    if not costs or not np.isfinite(costs[:2]).all():  # a system may not tell the memory
        raise source.lacks(f" with {declared.axis}={unit}")
    return UnitCost(*costs)


def pace(source: Source[CostOfComputing]) -> Ends:
    """Return what a second of computing takes in one more run: how much one after another varied."""
    takes_s = source.by_model(source.declared.where, source.values(MAKESPAN), Law.SEQUENTIAL)
    alone_s = by_law(takes_s)[Law.SEQUENTIAL]
    return over(alone_s / np.nanmean(alone_s))


def laws(source: Source[CostOfComputing], cores: int) -> dict[str, dict[str, Fit]]:
    """Return model -> the laws of scaling, fitted to computing under it; none where there is one core."""
    swept = sweeps(source.results, source.declared.axis, **source.declared.where)
    fits = {model: {fit.law.name: fit for fit in each.fits} for model, each in swept.items()}
    enough = {model: each for model, each in fits.items() if SCALING.get(law_of(model)) in each}
    if cores > 1:
        source.require(enough, *SCALING)
    return enough


def handing(source: Source[CostOfComputing]) -> dict[str, Ends]:
    """Return model -> seconds for each of the smallest tasks, which take longer to hand over than to do."""
    tasks = np.array([[float(case.get("tasks") or 1)] for case in source.rounds.cases])
    each_s = source.values(MAKESPAN) / tasks
    measured = source.by_model(source.declared.smallest, each_s, Law.PROCESS_POOL, Law.LOOP_AND_POOL)
    return {model: over(each) for model, each in measured.items()}


def fetching(source: Source[CostOfFetching], client: str) -> dict[str, Array]:
    """Return model -> CPU seconds of each fetch through a client, a number for each round."""
    axis = source.declared.axis
    where = {axis: client, **source.declared.where}
    if not source.by_model(where, source.values(CPU)):
        clients = ", ".join(dict.fromkeys(str(case[axis]) for case in source.rounds.cases))
        raise source.lacks(f"; there are {clients}", f"client {client!r}")
    return source.by_model(where, source.values(CPU), Law.THREAD_POOL, Law.EVENT_LOOP)
