"""Runs of known truth: what the lab would measure on a machine that drifts, stutters and repeats itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Generator = np.random.Generator


def even(rng: Generator, shape: tuple[int, ...]) -> Array:
    return rng.standard_normal(shape)


def heavy(rng: Generator, shape: tuple[int, ...]) -> Array:
    """Student's t with three degrees of freedom, scaled to a variance of one."""
    return rng.standard_t(3, shape) / np.sqrt(3)


def outlying(rng: Generator, shape: tuple[int, ...]) -> Array:
    """One in twenty is slower by ten standard deviations on average, and never faster."""
    return rng.standard_normal(shape) + (rng.random(shape) < 0.05) * rng.exponential(10, shape)


TAILS: dict[str, Callable[[Generator, tuple[int, ...]], Array]] = {
    "even": even,
    "heavy": heavy,
    "outliers": outlying,
}


@dataclass(frozen=True)
class Machine:
    """How a machine falsifies what it measures; all in logs, so that 0.02 is 2 %.

    noise: standard deviation of one sample about its case's truth.
    correlation: the part of its variance that all samples of one process share.
    trend, walk: how far the machine gets slower over the run, steadily and at random.
    """

    tails: str = "even"
    noise: float = 0.02
    correlation: float = 0.4
    trend: float = 0.05
    walk: float = 0.05


def samples(
    rng: Generator,
    machine: Machine,
    runs: int,
    cases: int,
    rounds: int,
    each: int = 3,
    blocked: bool = False,
) -> Array:
    """Return log-times of shape [runs, cases, rounds, samples] in which all cases are truly equal.

    blocked: all trials of the first case, then all of the second, as when commands are timed one by
    one; otherwise in rounds, each in an order of its own.
    """
    order = _blocked_order(runs, cases, rounds) if blocked else _round_order(rng, runs, cases, rounds)
    drift = np.take_along_axis(_drift(rng, machine, runs, cases * rounds), order.reshape(runs, -1), axis=-1)
    draw = TAILS[machine.tails]
    process = draw(rng, (runs, cases, rounds, 1)) * np.sqrt(machine.correlation)
    sample = draw(rng, (runs, cases, rounds, each)) * np.sqrt(1 - machine.correlation)
    return drift.reshape(runs, cases, rounds, 1) + machine.noise * (process + sample)


def _drift(rng: Generator, machine: Machine, runs: int, trials: int) -> Array:
    steps = rng.standard_normal((runs, trials)) / np.sqrt(trials)
    return machine.trend * np.linspace(0, 1, trials) + machine.walk * np.cumsum(steps, axis=-1)


def _round_order(rng: Generator, runs: int, cases: int, rounds: int) -> npt.NDArray[np.int64]:
    """Return at which place of the run each case's trial of each round comes."""
    within = np.argsort(rng.random((runs, rounds, cases)), axis=-1)
    return np.swapaxes(within + cases * np.arange(rounds)[:, None], 1, 2)


def _blocked_order(runs: int, cases: int, rounds: int) -> npt.NDArray[np.int64]:
    order = np.arange(cases * rounds).reshape(cases, rounds)
    return np.broadcast_to(order, (runs, cases, rounds))
