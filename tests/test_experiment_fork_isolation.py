"""Who sees whose changes, and what comes back from a forked child, whatever the version."""

from __future__ import annotations

import os
from pathlib import Path

import psutil
import pytest
from builders import beside
from runs import measured

helper = beside("_child_to_parent")
WAYS, time_message = helper.WAYS, helper.time_message
FILE = Path(__file__).parents[1] / "experiments" / "fork_isolation.py"
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this platform has no os.fork")
SEES = ("child_sees_earlier", "child_sees_later", "parent_sees")


@pytest.fixture(scope="module")
def by_case() -> dict[tuple[object, object], dict[str, object]]:
    rows = measured(FILE)
    assert {(trial.status, trial.reason) for trial in rows.trials} == {("ok", "")}
    return {(each.case["start"], each.case["way"]): dict(each.metrics) for each in rows.samples}


@pytest.mark.parametrize(
    ("start", "sees", "pids"),
    [
        ("fork", (True, False, False), (1, 2)),
        ("forkserver", (False, False, False), (1, 1)),
        ("spawn", (False, False, False), (1, 1)),
        ("thread", (True, True, True), (2, 2)),
        ("task", (True, True, True), (2, 2)),
    ],
)
def test_the_start_method_decides_which_process_sees_a_change(by_case, start, sees, pids) -> None:
    facts = by_case[start, "memory"]
    assert tuple(facts[name] for name in SEES) == sees
    assert (facts["pids_in_parent"], facts["pids_in_child"]) == pids


@pytest.mark.parametrize(
    ("way", "carried"),
    [("exit_code", 1), ("signal", 0), ("pipe", 1 << 20), ("socket", 1 << 20), ("shared_memory", 1 << 20)],
)
def test_every_way_carries_what_it_can_and_is_noticed_after_the_act(by_case, way, carried) -> None:
    numbers = by_case["fork", way]
    assert numbers["carried_bytes"] == carried
    assert 0 < numbers["latency_s"] < 10
    size = {0: "0 B", 1: "1 B", 1 << 20: "1 MiB"}[carried]
    assert str(numbers["carries"]).startswith(f"{size}, ")


@pytest.mark.parametrize("message", [b"m", b"m" * 300_000])
@pytest.mark.parametrize("way", ["pipe", "socket", "shared_memory"])
def test_a_way_that_can_carry_anything_carries_all_of_it_and_leaves_nothing(way, message) -> None:
    use, _ = WAYS[way]
    before = held()
    arrived, took_ns = use(message)
    assert (arrived, took_ns > 0) == (len(message), True)
    assert held() == before


def test_a_child_stays_until_its_parent_knows_so_that_its_end_is_no_part_of_the_latency() -> None:
    def ended(pid: int) -> int:
        child = psutil.Process(pid)
        while (status := child.status()) == psutil.STATUS_RUNNING:
            pass
        return int(status == psutil.STATUS_ZOMBIE)

    read_end, write_end = os.pipe()

    def notice(pid: int) -> int:
        os.read(read_end, 1)
        return ended(pid)

    assert time_message(lambda: os.write(write_end, b"!"), notice)[0] == 0
    os.close(read_end)
    os.close(write_end)


def held() -> tuple[int, list[psutil.Process]]:
    """Return how many files this process has open, and its children."""
    this = psutil.Process()
    return this.num_fds(), this.children()


def test_only_a_forked_child_tries_the_ways_back(by_case) -> None:
    assert {start for start, way in by_case if way != "memory"} == {"fork"}
    assert len(by_case) == 10
