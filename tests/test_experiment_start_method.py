"""What a child has of its parent follows from how it was started, whatever the version."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from builders import beside
from runs import measured

numbers_of = beside("_random_at_import").numbers_of
FILE = Path(__file__).parents[1] / "experiments" / "start_method.py"
pytestmark = pytest.mark.skipif(sys.platform != "linux" or not hasattr(os, "fork"), reason="needs /proc")
PROCESSES = ("fork", "forkserver", "forkserver_preloaded", "spawn")
NAMED = ("fork", "forkserver", "spawn")
INTERPRETERS = ("forkserver", "forkserver_preloaded", "spawn")
HERE = ("thread", "task")
EVERY = (*PROCESSES, *HERE)


@pytest.fixture(scope="module")
def by_case() -> dict[str, dict[str, object]]:
    rows = measured(FILE)
    assert {(trial.status, trial.reason) for trial in rows.trials} == {("ok", "")}
    return {str(sample.case["start"]): dict(sample.metrics) for sample in rows.samples}


def starts(by_case: dict[str, dict[str, object]], fact: str) -> set[str]:
    """Return the ways to start for which something is so."""
    assert {type(by_case[start][fact]) for start in EVERY} == {bool}
    return {start for start in EVERY if by_case[start][fact]}


def test_spawn_and_forkserver_draw_their_own_number_and_fork_inherits_it(by_case) -> None:
    assert starts(by_case, "number_inherited") == {"fork", *HERE}


def test_children_share_a_number_where_it_was_drawn_before_they_were_forked(by_case) -> None:
    assert starts(by_case, "same_number") == {"fork", "forkserver_preloaded", *HERE}


def test_a_scripts_children_share_its_number_where_it_was_loaded_before_they_were_forked(by_case) -> None:
    sharing = {start for start in PROCESSES if by_case[start].get("script_same_number")}
    # A fork server loads the script by itself where Python has the mend of gh-126631.
    assert sharing - {"forkserver"} == {"fork"}
    assert {start for start in EVERY if "script_same_number" in by_case[start]} == set(NAMED)


def test_a_script_has_two_children_whose_numbers_it_prints_after_its_own() -> None:
    own, *of_children = numbers_of("fork")
    assert of_children == [own, own]
    own, *of_children = numbers_of("spawn")
    assert len({own, *of_children}) == 3


def test_forked_children_go_on_from_the_same_generator(by_case) -> None:
    assert starts(by_case, "same_next_number") == {"fork", "forkserver_preloaded"}


@pytest.mark.parametrize("fact", ["global", "module", "file"])
def test_a_change_after_the_import_reaches_only_a_copy(by_case, fact) -> None:
    assert starts(by_case, f"{fact}_inherited") == {"fork", *HERE}


def test_the_environment_reaches_all_but_a_fork_servers_is_that_of_its_start(by_case) -> None:
    assert starts(by_case, "variable_inherited") == set(EVERY)
    assert starts(by_case, "late_variable_inherited") == {"fork", "spawn", *HERE}


def test_no_process_has_its_parents_threads(by_case) -> None:
    assert starts(by_case, "thread_inherited") == set(HERE)


def test_a_held_lock_hangs_forked_children_and_no_others(by_case) -> None:
    # Ten attempts, each with the lock held more than half of the time.
    assert by_case["fork"]["hanging_percent"] > 0
    assert {by_case[start]["hanging_percent"] for start in (*INTERPRETERS, *HERE)} == {0}
    assert {by_case[start]["gone_percent"] for start in EVERY} == {0}


def test_five_processes_are_five_and_threads_and_tasks_are_in_one(by_case) -> None:
    assert {by_case[start]["pids_of_five"] for start in PROCESSES} == {5}
    assert {by_case[start]["pids_of_five"] for start in HERE} == {1}


@pytest.mark.parametrize("start", EVERY)
def test_a_child_runs_after_it_was_asked_for_and_before_it_is_joined(by_case, start) -> None:
    numbers = by_case[start]
    assert 0 < numbers["start_s"] < numbers["joined_s"]
    assert numbers["first_start_s"] > 0
    assert numbers["five_joined_s"] > 0
