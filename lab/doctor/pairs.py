"""The baseline against itself: disjoint pairs of identical cases, measured and judged like any experiment.

A pair is two cases that are the same work under two names. All pairs are one experiment, so every
round has a fresh process for each of the two, in an order shuffled anew.
"""

from bisect import bisect_left
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from lab.analysis.stats.intervals import FEWEST_ROUNDS, Array, count, resolution_of_pairs, standard_error
from lab.analysis.stats.ratios import is_aa_control, log_ratios, resolution_of
from lab.analysis.stats.rounds import by_round
from lab.catalog.experiments import find
from lab.core.errors import LabError
from lab.core.work import AA_SUFFIX
from lab.runner.jobs import Job, Settings, job
from lab.store.reading import Results

WORKS = ("waiting", "computing")
DIFFERENCES = (0.02, 0.05, 0.10)
MOST_ROUNDS = 1000  # beyond this the answer is another machine
METRIC = "makespan_s"
COLUMNS = ("pair", "ratio", "ratio_low", "ratio_high", "verdict", "rounds")


def plan(work: str, pairs: int, rounds: int, seed: int) -> Job:
    """Return the job that measures so many disjoint pairs of one of WORKS."""
    pair = find(str(Path(__file__).with_name(f"aa_{work}.py")))
    experiment = pair.loaded()
    grid = {**experiment.grid, "pair": range(1, pairs + 1)}
    paired = pair._replace(experiment=replace(experiment, grid=grid))
    return job(paired, Settings(rounds=rounds, seed=seed))


def judge(results: Results, summary: pl.DataFrame) -> dict[str, Any]:
    """Return what the lab says of pairs of identical cases, as JSON can hold it.

    pairs: for each its name, its ratio with the 95 % interval, and the verdict.
    called_different: how many were called faster or slower; intervals_beside_1: how many leave it out,
    which is due to one in twenty.
    resolution: the smallest ratio this run resolves; spread: the standard deviation of a log-ratio from
    round to round; rounds_to_resolve: difference -> rounds, None where that takes too many. They are
    None with fewer than five rounds. Raises LabError where no trial is ok.
    """
    ok = results.trials["status"] == "ok"
    if not ok.any():
        reason = results.trials["reason"][0] or "no trial was ok"
        raise LabError(f"cannot be measured: {reason}", where="lab doctor", exit_code=1)
    makespans = summary.filter(pl.col("metric") == METRIC)
    pairs = makespans.filter(pl.col("model").str.ends_with(AA_SUFFIX)).select(COLUMNS).to_dicts()
    intervals = [(pair["ratio_low"], pair["ratio_high"]) for pair in pairs if pair["ratio_low"] is not None]
    rounds = by_round(results)
    controls = [index for index, case in enumerate(rounds.cases) if is_aa_control(case, rounds.baseline)]
    apart = spread(log_ratios(rounds, METRIC, rounds.baseline)[controls])
    needed = {f"{d:g}": rounds_to_resolve(d, apart) for d in DIFFERENCES} if apart is not None else None
    return {
        "median_s": float(np.median(makespans["median"].drop_nulls().to_numpy())),
        "rounds": results.trials["round"].n_unique(),
        "failed": int((~ok).sum()),
        "pairs": pairs,
        "called_different": sum(pair["verdict"] in ("faster", "slower") for pair in pairs),
        "intervals_beside_1": sum(not low <= 1 <= high for low, high in intervals),
        "resolution": resolution_of(rounds, METRIC),
        "spread": apart,
        "rounds_to_resolve": needed,
    }


def spread(logs: Array) -> float | None:
    """Return how far identical cases are apart in one round: the standard deviation of their log-ratio.

    `logs` holds log-ratios of identical cases, of shape [pairs, rounds]. Their mean is known to be zero, so
    the deviation is taken about that. Of several pairs it is the median, as in the lab's resolution.
    None where no pair has FEWEST_ROUNDS.
    """
    deviations = standard_error(logs, about=0.0) * np.sqrt(count(logs))
    known = deviations[np.isfinite(deviations)]
    return float(np.median(known)) if len(known) else None


def resolution_after(rounds: int, deviation: float) -> float:
    """Return the ratio that so many rounds resolve, by the lab's rule, of a pair off by `deviation`."""
    resolved = resolution_of_pairs(np.full((1, rounds), deviation))
    assert resolved is not None
    return resolved


def rounds_to_resolve(difference: float, deviation: float) -> int | None:
    """Return the fewest rounds that resolve a difference (0.05: 5 %); None for more than MOST_ROUNDS.

    The resolution of n rounds is exp((t + t') deviation / sqrt(n)), t and t' being Student's quantiles
    at 97.5 % and 80 %: it falls with every round, so the first n that reaches 1 + difference is it.
    The deviation is itself an estimate from few rounds, so the answer is good to a third or so.
    """
    numbers = range(FEWEST_ROUNDS, MOST_ROUNDS + 1)
    enough = bisect_left(numbers, True, key=lambda n: resolution_after(n, deviation) <= 1 + difference)
    return numbers[enough] if enough < len(numbers) else None
