"""How much faster N workers are than one: Amdahl's law and the Universal Scalability Law, and laws.csv.

    Amdahl    S(N) = N / (1 + serial (N - 1))
    USL       S(N) = N / (1 + contention (N - 1) + coherency N (N - 1))

G. M. Amdahl, AFIPS Conference Proceedings 30, 1967; N. J. Gunther, Guerrilla Capacity Planning, 2007,
chapter 4. Both are about workers that have a core each. Of N workers on C cores no more than C run at
once, so the N of the numerator and of contention is min(N, C), while coherency, the price of their
number, counts all of them. Up to C workers this is the law as published.

An interval is over rounds: the law is fitted to each round, and the parameters' mean has Student's
interval, cut off at what a parameter can be. Two sizes beyond one worker tell contention and coherency
apart only where their numbers of workers differ enough; the interval shows it.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import polars as pl
from scipy.optimize import least_squares  # type: ignore[import-untyped]

from lab.analysis.stats.counterparts import by_size
from lab.analysis.stats.intervals import Array, mean_interval
from lab.analysis.stats.rounds import by_round
from lab.core.errors import LabError
from lab.core.work import Value
from lab.store.reading import Results

START = 0.05  # where the search for each parameter begins
FILE = "laws.csv"
SCHEMA = {
    **dict.fromkeys(("model", "law", "parameter"), pl.String),
    **dict.fromkeys(("value", "low", "high"), pl.Float64),
    "rounds": pl.Int64,
}


def amdahl(workers: Array, cores: float, serial: float) -> Array:
    """Return the speedup of so many workers where a share of the work cannot run in parallel."""
    return usl(workers, cores, serial, 0.0)


def usl(workers: Array, cores: float, contention: float, coherency: float) -> Array:
    """Return the speedup of so many workers that wait for each other and have to agree with each other."""
    running = np.minimum(workers, cores)
    return np.asarray(running / (1 + contention * (running - 1) + coherency * workers * (workers - 1)))


class ScalingLaw(NamedTuple):
    """A law of scaling: its function (workers, cores, *parameters), and each parameter's greatest value."""

    name: str
    speedup: Callable[..., Array]
    most: dict[str, float]


AMDAHL = ScalingLaw("Amdahl", amdahl, {"serial": 1.0})
USL = ScalingLaw("USL", usl, {"contention": 1.0, "coherency": np.inf})


class Fit(NamedTuple):
    """A law's parameters, by name: the mean over the rounds, and its 95 % interval (NaN for too few)."""

    law: ScalingLaw
    values: dict[str, float]
    low: dict[str, float]
    high: dict[str, float]
    rounds: int

    def speedups(self, workers: Array, cores: float) -> Array:
        """Return the speedups that follow, [3, workers]: the most that the intervals allow come first.

        All parameters slow down, so their low ends give the most speedup, and their high ends the least.
        """
        return np.array([self.law.speedup(workers, cores, *end) for end in self.ends()])

    def ends(self) -> Array:
        """Return low ends, middles and high ends, [3, parameters]; without an interval, all are middles."""
        ends = np.array([list(each.values()) for each in (self.low, self.values, self.high)])
        return np.where(np.isnan(ends), ends[1], ends)


def fit(law: ScalingLaw, workers: Array, speedups: Array, cores: int) -> Fit | None:
    """Return the law fitted to speedups [rounds, sizes] over one worker; None without two sizes.

    Least squares of the relative error. A round that lacks a size is fitted to the others, and left out
    where these are too few for the parameters.
    """
    if len(np.unique(np.minimum(workers, cores))) < 2:
        return None
    enough = [row for row in speedups if np.isfinite(row).sum() > len(law.most)]
    if not enough:
        return None
    rounds = np.array([_one_round(law, workers, row, cores) for row in enough]).T  # [parameters, rounds]
    middle, low, high = mean_interval(rounds)
    ends = (middle, np.maximum(low, 0.0), np.minimum(high, list(law.most.values())))
    values, lows, highs = (dict(zip(law.most, each.tolist(), strict=True)) for each in ends)
    return Fit(law, values, lows, highs, rounds.shape[-1])


def _one_round(law: ScalingLaw, workers: Array, speedups: Array, cores: int) -> Array:
    there = np.isfinite(speedups)

    def off(parameters: Array) -> Array:
        return np.asarray(np.log(law.speedup(workers[there], cores, *parameters) / speedups[there]))

    bounds = (np.zeros(len(law.most)), np.array(list(law.most.values())))
    solved = least_squares(off, [START] * len(law.most), bounds=bounds, xtol=1e-12, ftol=1e-12, gtol=1e-12)
    return np.asarray(solved.x, dtype=np.float64)


class Sweep(NamedTuple):
    """A model's numbers of workers, its speedups over one of its own, [rounds, workers], and their laws."""

    workers: Array
    speedups: Array
    fits: list[Fit]


def sweeps(results: Results, axis: str = "workers", **where: Value) -> dict[str, Sweep]:
    """Return model -> its sweep, for the models that were measured with one worker and more."""
    rounds, swept = by_round(results), {}
    makespans = rounds.values.get("makespan_s", np.empty(0))
    cores = int(results.environment["machine"]["cores"])
    for model in dict.fromkeys(case["model"] for case in rounds.cases):
        indices = by_size(rounds.cases, {"model": model, **where}, axis)
        if model is not None and len(makespans) and 1 in indices and len(indices) > 1:
            workers = np.array(list(indices), dtype=np.float64)
            speedups = np.array([makespans[indices[1]] / makespans[index] for index in indices.values()]).T
            fits = [fit(law, workers, speedups, cores) for law in (AMDAHL, USL)]
            swept[model] = Sweep(workers, speedups, [each for each in fits if each is not None])
    return swept


def table(results: Results, axis: str = "workers", **where: Value) -> pl.DataFrame:
    """Return a row for each model, law and parameter; LabError where no model has one worker and more."""
    rows = [
        (model, each.law.name, name, each.values[name], each.low[name], each.high[name], each.rounds)
        for model, swept in sweeps(results, axis, **where).items()
        for each in swept.fits
        for name in each.values
    ]
    if not rows:
        raise LabError(f"no model was measured with one and more of {axis}", where=FILE)
    return pl.DataFrame(rows, schema=SCHEMA, orient="row").fill_nan(None)
