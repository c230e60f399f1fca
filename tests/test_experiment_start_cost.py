"""One more unit: it runs after it was asked for, all are alive together, and nothing is left."""

import multiprocessing
import os
import sys
import threading
from itertools import pairwise

import psutil
import pytest
from runs import measured

from lab.catalog.cases import cases as cases_of
from lab.catalog.experiments import find
from lab.core.work import Case
from lab.cost.helpers import is_helper

experiment = find("start_cost").experiment
MODULE = sys.modules[experiment.measure.__module__]
UNITS = experiment.grid["unit"]
ARMS = experiment.measure.__globals__["ARMS"]
MOST_IN_A_POOL = 100 if multiprocessing.get_start_method() == "fork" else 10


@pytest.fixture(autouse=True)
def loaded(monkeypatch):
    """Pickle finds a function by its module: that another test loads the file anew must not matter."""
    monkeypatch.setitem(sys.modules, MODULE.__name__, MODULE)


def case(unit: str, alive: int) -> Case:
    return Case("start_cost", {"unit": unit, "alive": alive})


@pytest.mark.parametrize("unit", UNITS)
def test_all_units_are_alive_when_they_are_looked_at_and_none_is_left(unit):
    processes, threads, alive = workers(), threading.active_count(), []

    def look():
        alive.append((len(workers() - processes), threading.active_count() - threads))

    stamps = ARMS[unit](3, look)
    assert len(stamps) == 3
    assert all(ran > asked and gone > 0 for asked, ran, gone in stamps)
    (here,) = alive
    assert here[0] >= 3 or here[1] >= 3 or unit == "task"
    assert threading.active_count() == threads
    assert workers() <= processes


def workers() -> set[psutil.Process]:
    """Return what descends from this process, without what `multiprocessing` keeps for itself."""
    return {child for child in psutil.Process().children(recursive=True) if not is_helper(child)}


def test_units_start_one_after_another():
    stamps = ARMS["thread"](5, lambda: None)
    assert all(later[0] >= earlier[1] for earlier, later in pairwise(stamps))


@pytest.mark.parametrize("unit", ["task", "thread", "fork", "spawn", "pool_worker"])
def test_a_measurement_is_positive_and_has_a_span_for_each(unit):
    found = experiment.measure(case(unit, 2))
    numbers = dict(found.numbers)
    assert min(numbers["until_runs_s"], numbers["until_gone_s"]) > 0
    assert [span.index for span in found.spans] == [0, 1]


def test_an_interpreter_of_its_own_holds_megabytes_and_a_task_does_not():
    # In trials of their own: here, a process that other tests left may end while the tree is looked at.
    rows = measured(find("start_cost").path, only={"unit": ["task", "spawn"], "alive": ["1"]})
    held = {sample.case["unit"]: sample.metrics["memory_of_each_bytes"] for sample in rows.samples}
    assert held["spawn"] > 3e6
    assert held["task"] < 1e6


def test_the_cpu_time_of_each_unit_is_positive():
    # In trials of their own: here, what other tests leave to be done is counted as well.
    rows = measured(find("start_cost").path, only={"unit": ["task", "thread", "fork"], "alive": ["100"]})
    assert len(rows.samples) == 3
    assert all(sample.metrics["cpu_of_each_s"] > 0 for sample in rows.samples)


def test_a_case_that_does_not_fit_is_cut_with_the_reason():
    assert experiment.unavailable(case("spawn", 100)).startswith("cut at 10: ")
    assert experiment.unavailable(case("pool_worker", 1_000)).startswith(f"cut at {MOST_IN_A_POOL}: ")
    assert experiment.unavailable(case("task", 1_000)) == ""


def test_every_unit_is_measured_alone_and_as_far_as_it_goes():
    cases = [each for each in cases_of("start_cost", experiment) if not experiment.unavailable(each)]
    most = {unit: max(int(each["alive"]) for each in cases if each["unit"] == unit) for unit in UNITS}
    assert most == {
        "task": 1000,
        "thread": 1000,
        "fork": 1000,
        "forkserver": 10,
        "spawn": 10,
        "pool_worker": MOST_IN_A_POOL,
    }
    assert {each["unit"] for each in cases if each["alive"] == 1} == set(UNITS)


def test_no_file_stays_open():
    units = ("fork", "pool_worker", "thread", "task")
    for unit in units:
        ARMS[unit](2, lambda: None)  # a fork server, where one is used, and the tracker stay
    before = len(os.listdir("/proc/self/fd"))
    for unit in units:
        ARMS[unit](2, lambda: None)
    assert len(os.listdir("/proc/self/fd")) <= before
