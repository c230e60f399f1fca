"""The promises of the statistics, held on seeded runs of known truth: a small `statistics_simulation`."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.append(str(Path(__file__).parents[1] / "benchmarks"))

from statistics_simulation import blocked_alarms, judge, pooled_alarms
from synthetic import Machine, samples

RUNS = 1000
MACHINES = [Machine(tails="even"), Machine(tails="heavy", correlation=0.8), Machine(tails="outliers")]

every_machine = pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.tails)
every_length = pytest.mark.parametrize("rounds", [5, 7, 10])


def logs(machine: Machine, family: int, rounds: int) -> np.ndarray:
    runs = samples(np.random.default_rng([3, rounds]), machine, RUNS, family + 2, rounds)
    return np.median(runs, axis=-1)


@every_machine
@every_length
@pytest.mark.parametrize("family", [1, 11])
def test_equal_models_are_called_different_in_at_most_5_of_100_families(
    machine: Machine, rounds: int, family: int
) -> None:
    assert judge(logs(machine, family, rounds)).alarms <= 0.05


@every_machine
@every_length
def test_the_corrected_intervals_alone_keep_families_of_eleven_quiet(machine: Machine, rounds: int) -> None:
    # 5 % and two standard errors of so few runs; the benchmark has more.
    assert judge(logs(machine, 11, rounds)).intervals_beside <= 0.05 + 2 * (0.05 * 0.95 / RUNS) ** 0.5


@every_machine
@every_length
def test_the_interval_holds_the_truth_in_at_least_93_of_100_runs(machine: Machine, rounds: int) -> None:
    assert judge(logs(machine, 1, rounds), effect=0.05).coverage >= 0.93


def test_a_tenth_is_found_and_more_rounds_find_more() -> None:
    found = [judge(logs(MACHINES[0], 11, rounds), effect=0.1).found for rounds in (5, 7, 10)]
    assert found == sorted(found)
    assert found[0] > 0.8
    assert found[-1] > 0.99


def test_pooled_samples_and_blocked_trials_raise_the_alarms_that_rounds_do_not() -> None:
    rng = np.random.default_rng(3)
    shared = Machine(correlation=0.8)
    assert pooled_alarms(samples(rng, shared, RUNS, 2, 10)) > 0.05
    welch, ranks = blocked_alarms(samples(rng, shared, RUNS, 2, 10, blocked=True))
    assert min(welch, ranks) > 0.3
    assert judge(logs(shared, 1, 10)).alarms <= 0.05


def test_the_same_seed_gives_the_same_runs() -> None:
    assert (logs(MACHINES[0], 1, 5) == logs(MACHINES[0], 1, 5)).all()
