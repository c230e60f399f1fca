"""Who shares the parent's pages and who copies them, with data small enough for a test."""

from __future__ import annotations

import multiprocessing
import sys
import time
from pathlib import Path

import pytest
from runs import written

from lab.catalog.experiments import find
from lab.cost.memory import has_proportional

FILE = Path(__file__).parents[1] / "experiments" / "memory.py"
pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or not has_proportional(), reason="this system does not tell shared pages"
)


@pytest.fixture(scope="module")
def found(tmp_path_factory) -> dict[tuple[object, ...], dict[str, float]]:
    from runs import measured

    source = FILE.read_text().replace("DATA_MIB = 200", "DATA_MIB = 40")
    path = written(tmp_path_factory.mktemp("memory"), "memory", "")
    path.write_text(source)
    rows = measured(path, only={"workers": ["1", "8"]})
    assert {(trial.status, trial.reason) for trial in rows.trials} == {("ok", "")}
    return {tuple(each.case.params.values()): dict(each.metrics) for each in rows.samples}


@pytest.mark.parametrize("workers", [1, 8])
def test_a_forked_reader_shares_its_parents_pages(found, workers) -> None:
    assert found["fork", "read", workers]["copies_each"] < 0.5
    assert found["fork", "read", workers]["added_bytes"] > 0


@pytest.mark.parametrize("use", ["write", "refcounts"])
def test_a_forked_worker_that_writes_or_only_looks_at_objects_ends_with_a_copy(found, use) -> None:
    assert found["fork", use, 1]["copies_each"] > 0.9


@pytest.mark.parametrize("start", ["spawn", "forkserver"])
def test_who_does_not_inherit_has_a_copy_from_the_start(found, start) -> None:
    assert found[start, "read", 1]["copies_each"] > 0.9


@pytest.mark.parametrize("start", ["threads", "asyncio"])
def test_who_shares_the_process_shares_the_data(found, start) -> None:
    uses = {(use, workers): numbers for (by, use, workers), numbers in found.items() if by == start}
    assert set(uses) == {("read", 1), ("read", 8), ("write", 1), ("refcounts", 1)}
    assert max(numbers["copies_each"] for numbers in uses.values()) < 0.1


def test_all_of_them_are_ready_at_some_time(found) -> None:
    assert all(numbers["ready_s"] > 0 for numbers in found.values())


@pytest.mark.parametrize("start", ["fork", "spawn"])
def test_a_worker_that_dies_is_known_of_at_once_and_the_others_are_let_go(start) -> None:
    words = find("memory").experiment.measure.__globals__
    began = time.monotonic()
    with pytest.raises(RuntimeError, match="a worker died"):
        words["beside"](start, "no such use", b"", 2)
    assert time.monotonic() - began < 30  # the trial's own deadline is 60 s
    assert not multiprocessing.active_children()
