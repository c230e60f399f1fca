"""The baseline against itself: disjoint pairs of equals, run and judged as the lab does with anything.

A pair is two cases that are the same work under two names. All pairs are one experiment, so every
round has a fresh process for each of the two, in an order shuffled anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import polars as pl

from lab.analysis.stats import Measured, resolution, summarise
from lab.analysis.stats.ratios import is_aa_control, log_ratios
from lab.analysis.stats.rounds import by_round
from lab.catalog.experiments import find
from lab.core.errors import LabError
from lab.core.work import AA_SUFFIX
from lab.doctor.enough import rounds_to_resolve, spread
from lab.runner import trials as runner
from lab.runner.jobs import Job, Settings, begin, job
from lab.store.folders import Places
from lab.store.reading import Results, read
from lab.store.records import Trial
from lab.store.writing import Writer

WORKS = ("waiting", "computing")
DIFFERENCES = (0.02, 0.05, 0.10)
METRIC = "makespan_s"
Watch = Callable[[Iterable[Trial], Job], Iterator[Trial]]


def plan(work: str, pairs: int, rounds: int, seed: int) -> Job:
    """Return the job that measures so many disjoint pairs of one of WORKS."""
    found = find(str(Path(__file__).with_name(f"aa_{work}.py")))
    if found.experiment is None:
        raise found.fault or LabError("cannot be loaded", where=str(found.path), exit_code=3)
    grid = {**found.experiment.grid, "pair": range(1, pairs + 1)}
    experiment = replace(found.experiment, grid=grid)
    return job(found._replace(experiment=experiment), Settings(rounds=rounds, seed=seed))


def measure(planned: Job, watch: Watch) -> Results:
    """Run a job of pairs to its end, in a folder that does not outlive this call.

    watch: is given the trials as they come, and yields them. Raises LabError where none is ok.
    """
    with TemporaryDirectory() as folder, runner.ServerWhenNeeded() as server:
        places = Places(Path(folder))
        begin([planned], places)
        writer = Writer(places.partial(planned.name))
        for _ in watch(runner.measure(planned, writer, server), planned):
            pass
        results = read(places.publish(planned.name))
    if not (results.trials["status"] == "ok").any():
        reason = results.trials["reason"][0] or "no trial was ok"
        raise LabError(f"cannot be measured: {reason}", where=planned.name, exit_code=1)
    return results


def judge(results: Measured) -> dict[str, Any]:
    """Return what the lab says of pairs of equals, as JSON can hold it.

    pairs: for each its name, its ratio with the 95 % interval, and the lab's word.
    called_different: how many were called faster or slower; intervals_beside_1: how many leave it out,
    which is due to one in twenty.
    resolution: the smallest ratio this run resolves; spread: the standard deviation of a log-ratio from
    round to round; rounds_to_resolve: difference -> rounds, None where that takes too many. They are
    None with fewer than five rounds.
    """
    summary = summarise(results).filter(pl.col("metric") == METRIC)
    again = summary.filter(pl.col("model").str.ends_with(AA_SUFFIX)).to_dicts()
    return {
        "median_s": float(np.median(summary["median"].drop_nulls().to_numpy())),
        "rounds": results.trials["round"].n_unique(),
        "failed": int((results.trials["status"] != "ok").sum()),
        "pairs": [{name: row[name] for name in _PAIR} for row in again],
        "called_different": sum(row["verdict"] in ("faster", "slower") for row in again),
        "intervals_beside_1": sum(
            not row["ratio_low"] <= 1 <= row["ratio_high"] for row in again if row["ratio_low"] is not None
        ),
        "resolution": resolution(results),
        **outlook(results),
    }


def outlook(results: Measured) -> dict[str, Any]:
    """Return how far equals lay apart in a round, and how many rounds that takes for DIFFERENCES."""
    rounds = by_round(results)
    again = [place for place, case in enumerate(rounds.cases) if is_aa_control(case, rounds.baseline)]
    apart = spread(log_ratios(rounds, METRIC, rounds.baseline)[again])
    needed = {f"{d:g}": rounds_to_resolve(d, apart) for d in DIFFERENCES} if apart is not None else None
    return {"spread": apart, "rounds_to_resolve": needed}


_PAIR = ("pair", "ratio", "ratio_low", "ratio_high", "verdict", "rounds")
