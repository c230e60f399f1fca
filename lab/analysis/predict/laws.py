"""How much faster N workers are than one: Amdahl's law and the Universal Scalability Law, fitted to rounds.

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

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import least_squares  # type: ignore[import-untyped]

from lab.analysis.stats.intervals import Array, mean_interval

START = 0.05  # where the search for each parameter begins


def amdahl(workers: Array, cores: float, serial: float) -> Array:
    """Return the speedup of so many workers where a share of the work cannot run in parallel."""
    running = np.minimum(workers, cores)
    return np.asarray(running / (1 + serial * (running - 1)))


def usl(workers: Array, cores: float, contention: float, coherency: float) -> Array:
    """Return the speedup of so many workers that wait for each other and have to agree with each other."""
    running = np.minimum(workers, cores)
    return np.asarray(running / (1 + contention * (running - 1) + coherency * workers * (workers - 1)))


@dataclass(frozen=True, slots=True)
class Law:
    """A law of scaling: its function (workers, cores, *parameters), and each parameter's greatest value."""

    name: str
    speedup: Callable[..., Array]
    most: dict[str, float]


AMDAHL = Law("Amdahl", amdahl, {"serial": 1.0})
USL = Law("USL", usl, {"contention": 1.0, "coherency": np.inf})


@dataclass(frozen=True, slots=True)
class Fit:
    """A law's parameters, by name: the mean over the rounds, and its 95 % interval (NaN for too few)."""

    law: Law
    values: dict[str, float]
    low: dict[str, float]
    high: dict[str, float]
    rounds: int

    def speedup(self, workers: float, cores: float) -> tuple[float, float, float]:
        """Return the speedup that follows, the least and the most that the intervals allow.

        All parameters slow down, so their high ends give the least speedup.
        """
        one = np.asarray(float(workers))
        most, middle, least = (float(self.law.speedup(one, cores, *end)) for end in self.ends())
        return middle, least, most

    def ends(self) -> Array:
        """Return the parameters at the low end, in the middle and at the high end, [3, parameters].

        Of too few rounds for an interval, all three are the middle.
        """
        ends = np.array([list(each.values()) for each in (self.low, self.values, self.high)])
        return np.where(np.isnan(ends), ends[1], ends)


def fit(law: Law, workers: Array, speedups: Array, cores: int) -> Fit | None:
    """Return the law fitted to speedups [rounds, sizes] over one worker; None without two sizes.

    Least squares of the relative error. A round that lacks a size is fitted to the others.
    """
    if len(np.unique(np.minimum(workers, cores))) < 2:
        return None
    fitted = [one_round(law, workers, row, cores) for row in speedups]
    rounds = np.array([row for row in fitted if row is not None]).T  # [parameters, rounds]
    if not rounds.size:
        return None
    middle, low, high = mean_interval(rounds)
    ends = (middle, np.maximum(low, 0.0), np.minimum(high, list(law.most.values())))
    values, lows, highs = (dict(zip(law.most, each.tolist(), strict=True)) for each in ends)
    return Fit(law, values, lows, highs, rounds.shape[-1])


def one_round(law: Law, workers: Array, speedups: Array, cores: int) -> Array | None:
    """Return the parameters that fit one round best; None where it has too few sizes for them."""
    there = np.isfinite(speedups)
    if there.sum() < len(law.most) + 1:
        return None

    def off(parameters: Array) -> Array:
        return np.asarray(np.log(law.speedup(workers[there], cores, *parameters) / speedups[there]))

    bounds = (np.zeros(len(law.most)), np.array(list(law.most.values())))
    solved = least_squares(off, [START] * len(law.most), bounds=bounds, xtol=1e-12, ftol=1e-12, gtol=1e-12)
    return np.asarray(solved.x, dtype=np.float64)
