"""The costs of this machine, read from results: of one more task in flight, of computing, of handing over.

They come from the experiments that measure them, each from the results folder where it has been run, else
from the reference results that come with the lab, of another machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from lab.analysis.predict import scaling
from lab.analysis.predict.clients import MINIMAL, cpu_of
from lab.analysis.predict.estimate import Estimate
from lab.analysis.predict.laws import Fit
from lab.analysis.predict.scaling import places_of
from lab.analysis.predict.sizes import Costs, costs_of_models
from lab.analysis.stats.intervals import Array
from lab.analysis.stats.rounds import Rounds, by_round
from lab.core.errors import LabError
from lab.store.folders import Places
from lab.store.reading import Results, read

EXPERIMENTS = ("in_flight", "start_cost", "cpu_scaling", "clients")
UP_TO = 1_000  # in flight: beyond it the server's limits are in the numbers
SWEPT_MS, SMALL_MS = 10, 0.1  # the tasks of cpu_scaling over which workers are swept, and the smallest
NOTHING, STEADY = Estimate.exactly(0.0), Estimate.exactly(1.0)


@dataclass(frozen=True, slots=True)
class Constants:
    """What is known of a machine.

    of_each: model -> the costs of its tasks that wait, with the minimal codec.
    cores: of the machine on which computing was measured; pace: what a second of computing takes in one
        more run.
    client: whose costs are in extra_s: model -> CPU of each fetch beyond the minimal codec's.
    blocking_s: CPU of each fetch by a thread that was there already.
    task_cpu_s, thread_cpu_s: to start and end one; task_bytes, thread_bytes: what one holds.
    worker_bytes, worker_start_s: what a pool's process holds, and takes to start.
    laws: model -> Amdahl's law and the USL, fitted to computing under it.
    handing_s: model -> seconds to hand a task to a process and to get its answer, one after another.
    sources: experiment -> the folder its results came from.
    """

    of_each: Mapping[str, Costs]
    cores: int = 1
    pace: Estimate = STEADY
    client: str = MINIMAL
    extra_s: Mapping[str, Estimate] = field(default_factory=dict)
    blocking_s: Estimate = NOTHING
    task_cpu_s: Estimate = NOTHING
    thread_cpu_s: Estimate = NOTHING
    task_bytes: Estimate = NOTHING
    thread_bytes: Estimate = NOTHING
    worker_bytes: Estimate = NOTHING
    worker_start_s: Estimate = NOTHING
    laws: Mapping[str, Mapping[str, Fit]] = field(default_factory=dict)
    handing_s: Mapping[str, Estimate] = field(default_factory=dict)
    sources: Mapping[str, Path] = field(default_factory=dict)

    def extra_of(self, model: str) -> Estimate:
        """Return what the client takes of each fetch beyond the minimal codec."""
        return self.extra_s.get(model, NOTHING)

    @property
    def latency_s(self) -> Estimate:
        """Return by how much a fetch takes longer than its wait: the server works, and the network."""
        loop = self.of_each.get("asyncio")
        return NOTHING if loop is None else loop.at("lag_s", 1)

    @property
    def handed_to_thread_s(self) -> Estimate:
        """Return what handing a task to a waiting thread may take: more than nothing, less than a start."""
        most = self.thread_cpu_s
        return Estimate(most.value / 2, 0.0, most.high)


def constants(out: Path, reference: Path, client: str = MINIMAL) -> Constants:
    """Return the constants from the results in `out`, else from those in `reference`.

    Raises LabError where something was not measured in either place, or not with that client.
    """
    found = {name: newest(name, out, reference) for name in EXPERIMENTS}
    rounds = {name: by_round(results) for name, (_, results) in found.items()}
    of_units, computing = rounds["start_cost"], found["cpu_scaling"][1]
    of_client = cpu_of(rounds["clients"], client)
    of_minimal = cpu_of(rounds["clients"], MINIMAL)

    def unit(name: str, metric: str) -> Estimate:
        return Estimate.over(of_units.values[metric][largest(of_units, {"unit": name}, "alive")])

    return Constants(
        waiting(rounds["in_flight"]),
        cores=int(computing.environment["machine"]["cores"]),
        pace=pace(rounds["cpu_scaling"]),
        client=client,
        extra_s={model: Estimate.over(each - of_minimal[model]) for model, each in of_client.items()},
        blocking_s=Estimate.over(of_client["thread_pool"]),
        task_cpu_s=unit("task", "cpu_of_each_s"),
        thread_cpu_s=unit("thread", "cpu_of_each_s"),
        task_bytes=unit("task", "memory_of_each_bytes"),
        thread_bytes=unit("thread", "memory_of_each_bytes"),
        worker_bytes=unit("pool_worker", "memory_of_each_bytes"),
        worker_start_s=unit("pool_worker", "until_runs_s"),
        laws={
            model: {fit.law.name: fit for fit in fits}
            for model, fits in scaling.fits(computing, task_ms=SWEPT_MS, chunk=1).items()
        },
        handing_s=handing(rounds["cpu_scaling"]),
        sources={name: folder for name, (folder, _) in found.items()},
    )


def newest(name: str, out: Path, reference: Path) -> tuple[Path, Results]:
    """Return an experiment's folder and results; LabError where it was measured in neither place."""
    for place in (out, reference):
        folder = Places(place).finished(name)
        if (folder / "trials.csv").is_file():
            return folder, read(folder)
    remedy = f"lab run {' '.join(EXPERIMENTS)}"
    raise LabError("not measured, so nothing can be predicted", where=name, remedy=remedy)


def waiting(rounds: Rounds) -> dict[str, Costs]:
    """Return model -> the costs of its fetches of one second, from the sizes up to UP_TO."""
    wait_s = float(np.nanmedian(rounds.values["limit_s"]))
    models = list(dict.fromkeys(case["model"] for case in rounds.cases))
    return costs_of_models(rounds, "in_flight", UP_TO, wait_s, models)


def pace(rounds: Rounds) -> Estimate:
    """Return what a second of computing takes in one more run: how much one after another varied."""
    for place, case in enumerate(rounds.cases):
        if (case.get("model"), case.get("task_ms")) == ("sequential", str(SWEPT_MS)) and rounds.good[place]:
            takes_s = rounds.values["makespan_s"][place]
            return Estimate.over(takes_s / np.nanmean(takes_s))
    return STEADY


def handing(rounds: Rounds) -> dict[str, Estimate]:
    """Return model -> seconds for each of the smallest tasks, which take longer to hand over than to do."""
    found = {}
    for place, case in enumerate(rounds.cases):
        alone = case.get("chunk") == "1" and case.get("task_ms") == str(SMALL_MS) and rounds.good[place]
        if alone and str(case["model"]).endswith(("_executor", "_processes")):
            each: Array = rounds.values["makespan_s"][place] / float(case["tasks"] or 1)
            found[str(case["model"])] = Estimate.over(each)
    return found


def largest(rounds: Rounds, where: Mapping[str, str], axis: str) -> int:
    """Return the place of the largest size that was measured; LabError where none was."""
    places = places_of(rounds, where, axis)
    good = {size: place for size, place in places.items() if rounds.good[place]}
    if not good:
        what = " ".join(f"{name}={value}" for name, value in where.items())
        raise LabError(f"no {what} was measured", where="start_cost", remedy="lab run start_cost")
    return good[max(good)]
