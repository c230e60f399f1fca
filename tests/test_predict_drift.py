"""Intervals beyond the sizes of a fit hold what they promise, also where the fit is a bit wrong."""

from __future__ import annotations

from math import log

import numpy as np
import pytest

from lab.analysis.predict.estimate import wider
from lab.analysis.predict.extrapolation import predict
from lab.analysis.predict.measured_costs import Constants
from lab.analysis.predict.waiting_costs import Costs, Drift, costs_of_models, drift, rate_of
from lab.analysis.stats.rounds import Rounds

SIZES = {"asyncio": (1, 10, 100, 1_000), "threads": (100, 1_000)}
BEGIN_S, CPU_S, UNIT, PEAK = 2e-4, 1.5e-4, 9_000.0, 15_000.0
NOISE, ROUNDS, RUNS = 0.05, 5, 200


def test_the_error_is_that_of_the_largest_size_predicted_from_those_a_tenth_of_it() -> None:
    sizes = np.array([1.0, 10, 100, 300, 1_000])
    exact = np.array([3 + 2 * sizes]).T
    assert rate_of(sizes, exact) == pytest.approx(0.0, abs=1e-12)
    dearer = exact.copy()
    dearer[-1] *= 1.1  # 300 is not used: it is no step away
    assert rate_of(sizes, dearer) == pytest.approx(log(1.1) / log(10))


def test_a_model_without_a_size_a_step_away_tells_nothing() -> None:
    assert rate_of(np.array([300.0, 1_000]), np.ones((2, 5))) is None
    assert rate_of(np.array([1.0, 1_000]), np.zeros((2, 5))) is None
    assert rate_of(np.array([1.0, 1_000]), np.full((2, 5), np.nan)) is None
    assert drift([]) == Drift()


def test_the_errors_of_all_models_are_one_rate_and_few_of_them_a_wide_interval() -> None:
    sizes = np.array([10.0, 100])
    up, down = (np.array([[1.0], [10 * factor]]) for factor in (1.1, 1 / 1.1))
    two = drift([(sizes, up), (sizes, down)])
    assert (two.rate, two.of) == (pytest.approx(log(1.1) / log(10)), 2)
    assert two.half_width(10_000, 100) == pytest.approx(4.3026527 * 2 * log(1.1))  # t with two degrees
    assert two.half_width(100, 100) == two.half_width(10, 100) == 0.0
    assert Drift(two.rate, 1).half_width(10_000, 100) > two.half_width(10_000, 100)
    assert Drift(1.0, 1).half_width(1e30, 1) == 50.0  # and not an overflow


def test_an_error_of_the_fit_is_added_in_quadrature() -> None:
    low, middle, high = wider(np.array([0.7, 1.0, 1.3]), log(1.4))
    assert (middle, high) == (1.0, pytest.approx(1.5))
    assert low == pytest.approx(1 - np.hypot(0.3, 1 - 1 / 1.4))
    assert list(wider(np.array([0.5, 1.0, 2.0]), 0.0)) == [0.5, 1.0, 2.0]
    assert wider(np.ones(3), 50.0)[0] == pytest.approx(0.0)


def values(sizes, power: float, generator) -> dict[str, np.ndarray]:
    """Return what is measured at some sizes in every round: costs that all but for noise are n^power."""

    def noisy(cost: float) -> np.ndarray:
        return cost * each * np.exp(NOISE * generator.standard_normal((len(sizes), ROUNDS)))

    n = np.array(sizes, dtype=np.float64)[:, None]
    each = (n / 1_000) ** power
    return {
        "makespan_s": 1 + n * noisy(BEGIN_S),
        "cpu_of_each_s": noisy(CPU_S),
        "waiting_memory_bytes": n * noisy(UNIT),
        "peak_memory_bytes": n * noisy(PEAK),
    }


def covered(power: float, *, drifts: bool = True) -> float:
    """Return how many of the intervals for 10,000 in flight hold a run of that size."""
    generator = np.random.default_rng(5)
    cases = [{"model": model, "n": str(size)} for model, sizes in SIZES.items() for size in sizes]
    hits = []
    for _ in range(RUNS):
        parts = [values(sizes, power, generator) for sizes in SIZES.values()]
        measured = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
        good = (ROUNDS,) * len(cases)
        rounds = Rounds(("model", "n"), tuple(cases), "asyncio", measured, good, (0,) * len(cases))
        costs = costs_of_models(rounds, "n", 1_000, 1.0)["asyncio"]
        if not drifts:
            costs = Costs(costs.of_batch, costs.of_each)
        predicted = predict(Constants({"asyncio": costs}), "asyncio", 10_000, 1.0)
        there = values((10_000,), power, generator)
        hits += [
            estimate.low <= there[metric][0, 0] <= estimate.high for metric, estimate in predicted.items()
        ]
    return float(np.mean(hits))


def test_where_the_model_is_right_the_interval_holds_what_it_promises() -> None:
    assert 0.95 <= covered(0.0) <= 0.995


def test_where_each_task_costs_a_little_more_with_their_number_it_still_does() -> None:
    assert covered(0.03) >= 0.95
    assert covered(0.03, drifts=False) < 0.9  # the rounds alone know nothing of it
    assert covered(0.1) >= 0.9
