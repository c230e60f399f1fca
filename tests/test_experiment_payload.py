"""Blocks that go to a worker and come back: whole, under every arm, and nothing of them is left."""

import sys
from multiprocessing import get_all_start_methods

import pytest
from segments import SHARED, mark_segments, segments

from lab.catalog.cases import cases as cases_of
from lab.catalog.experiments import find
from lab.core.work import Case

experiment = find("payload").experiment
MODULE = sys.modules[experiment.measure.__module__]
WORDS = experiment.measure.__globals__
ARMS = WORDS["ARMS"]


@pytest.fixture(autouse=True)
def loaded(monkeypatch):
    """Pickle finds a function by its module: that another test loads the file anew must not matter."""
    monkeypatch.setitem(sys.modules, MODULE.__name__, MODULE)


@pytest.mark.parametrize("how", ARMS)
def test_blocks_come_back_whole_and_no_segment_is_left(monkeypatch, how):
    if WORDS["START_METHODS"].get(how, "spawn") not in get_all_start_methods():
        pytest.skip(f"this platform cannot start a process as {how} does")
    monkeypatch.setattr("multiprocessing.shared_memory._SHM_NAME_PREFIX", "/psm_")  # as it was, afterwards
    mark_segments()
    blocks = [b"a" * 70_000, b"b" * 70_000]
    with ARMS[how](blocks) as batch:
        assert batch(0) == blocks
        assert batch(1) == blocks
        assert bool(blocks_shared()) == (how == "shared_memory" and SHARED.is_dir())
    assert not blocks_shared()


def blocks_shared() -> set[str]:
    return {name for name in segments() if not name.startswith("sem.")}


def test_a_block_that_comes_back_changed_fails_the_trial():
    with pytest.raises(RuntimeError, match="not what was sent"):
        WORDS["timed"](lambda legs: [b"other"], [b"block"], legs=0)


def test_a_worker_that_sees_other_bytes_fails_the_trial(monkeypatch):
    monkeypatch.setitem(WORDS["first_search"].__globals__, "task_in_place", other_ends)
    with ARMS["shared_memory"]([b"a" * 10, b"b" * 10]) as batch, pytest.raises(RuntimeError, match="other"):
        batch(0)


def other_ends(name, size, legs):
    return 0


def test_what_is_measured_are_the_batches_after_the_first(monkeypatch):
    seconds = {0: iter([9.0, 0.5, 0.7, 0.6]), WORDS["LEGS"]: iter([0.9, 1.1, 1.0])}
    monkeypatch.setitem(WORDS, "timed", lambda batch, blocks, legs: next(seconds[legs]))
    numbers = experiment.measure(Case("payload", {"how": "in_process", "size_bytes": 1_000}))
    assert (numbers["moving_s"], numbers["makespan_s"]) == (0.6, 1.0)
    assert numbers["for_each_byte_s"] == 0.6 / 4_000  # two blocks, there and back


def test_two_processes_have_more_batches_with_work(monkeypatch):
    seconds = {0: iter([9.0, 0.5, 0.7, 0.6]), WORDS["LEGS"]: iter([0.9, 1.1, 1.0, 5.0, 0.8, 4.0, 0.7])}
    monkeypatch.setitem(WORDS, "timed", lambda batch, blocks, legs: next(seconds[legs]))
    numbers = experiment.measure(Case("payload", {"how": "shared_memory", "size_bytes": 1_000}))
    assert (numbers["moving_s"], numbers["makespan_s"]) == (0.6, 1.0)


def test_every_arm_is_measured_from_the_least_size_to_the_greatest_that_tells():
    sizes = {}
    for case in cases_of("payload", experiment):
        if not experiment.unavailable(case):
            sizes.setdefault(case["how"], []).append(case["size_bytes"])
    assert set(sizes) == set(ARMS)
    assert sizes.pop("spawn_pool") == [1 << 10, 1 << 20, 8 << 20]
    assert sizes["in_process"] == sizes["fork_pool"] == experiment.grid["size_bytes"]
    assert {(min(each), max(each)) for each in sizes.values()} == {(1 << 10, 64 << 20)}
