"""The costs of this machine, read from results: of one more task in flight, of computing, of handing over.

They come from three experiments, `in_flight`, `start_cost` and `cpu_scaling`: each from the results folder
where it has been run, else from the reference results that come with the lab, of another machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lab.core import LabError
from lab.predict import scaling
from lab.predict.estimate import Estimate
from lab.predict.laws import Fit
from lab.predict.scaling import places_of
from lab.predict.sizes import Costs, costs_of
from lab.stats.intervals import Array
from lab.stats.rounds import Rounds, by_round
from lab.store.places import Places
from lab.store.reading import Results, read

EXPERIMENTS = ("in_flight", "start_cost", "cpu_scaling")
UP_TO = 1_000  # in flight: beyond it the server's limits are in the numbers
SWEPT_MS, SMALL_MS = 10, 0.1  # the tasks of cpu_scaling over which workers are swept, and the smallest


@dataclass(frozen=True, slots=True)
class Constants:
    """What is known of a machine.

    of_each: model -> the costs of its tasks that wait.
    worker_bytes, worker_start_s: what a pool's process holds, and takes to start.
    laws: model -> Amdahl's law and the USL, fitted to computing under it.
    handing_s: model -> seconds to hand a task to a process and to get its answer, one after another.
    sources: experiment -> the folder its results came from.
    """

    of_each: Mapping[str, Costs]
    worker_bytes: Estimate
    worker_start_s: Estimate
    laws: Mapping[str, Mapping[str, Fit]]
    handing_s: Mapping[str, Estimate]
    sources: Mapping[str, Path]


def constants(out: Path, reference: Path) -> Constants:
    """Return the constants from the results in `out`, else from those in `reference`."""
    found = {name: newest(name, out, reference) for name in EXPERIMENTS}
    rounds = {name: by_round(results) for name, (_, results) in found.items()}
    workers = largest(rounds["start_cost"], {"unit": "pool_worker"}, "alive")
    values = rounds["start_cost"].values
    return Constants(
        waiting(rounds["in_flight"]),
        Estimate.over(values["memory_of_each_bytes"][workers]),
        Estimate.over(values["until_runs_s"][workers]),
        {
            model: {fit.law.name: fit for fit in fits}
            for model, fits in scaling.fits(found["cpu_scaling"][1], task_ms=SWEPT_MS, chunk=1).items()
        },
        handing(rounds["cpu_scaling"]),
        {name: folder for name, (folder, _) in found.items()},
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
    found = {}
    for model in dict.fromkeys(str(case["model"]) for case in rounds.cases):
        places = places_of(rounds, {"model": model}, "in_flight")
        small = {size: place for size, place in places.items() if size <= UP_TO and rounds.good[place]}
        if small:
            found[model] = costs_of(rounds, small, wait_s)
    return found


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
