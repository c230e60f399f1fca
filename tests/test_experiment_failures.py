"""What must hold of failures under every version: the lab's forms tell, and the classic queue hangs."""

from __future__ import annotations

import mmap
import os
import sys
from pathlib import Path

import pytest
from builders import beside
from runs import measured

from lab.catalog.experiments import find
from lab.catalog.names import model_names
from lab.trial.isolate import Fate

FAILURES = beside("_failing").FAILURES
FILE = Path(__file__).parents[1] / "experiments" / "failures.py"
pytestmark = pytest.mark.skipif(sys.platform != "linux" or not hasattr(os, "fork"), reason="needs /proc")
THREADS = ("threads", "daemon_threads", "queue_pool", "thread_pool", "asyncio_threads")
PROCESSES = ("fork", "processes", "process_pool", "process_executor", "asyncio_processes")
WORDS = find("failures").experiment.measure.__globals__
EVERY = ("sequential", "asyncio", *THREADS, *PROCESSES)


@pytest.fixture(scope="module")
def by_case() -> dict[str, dict[str, object]]:
    rows = measured(FILE)
    assert {(trial.status, trial.reason) for trial in rows.trials} == {("ok", "")}
    return {str(sample.case["failure"]): dict(sample.metrics) for sample in rows.samples}


@pytest.mark.parametrize("failure", ["raises", "raises_unpicklable", "sys_exit"])
@pytest.mark.parametrize("model", EVERY)
def test_in_the_labs_form_the_error_is_seen_and_the_others_finish(by_case, failure, model) -> None:
    assert by_case[failure][f"{model}_lab"] == "good: seen"


@pytest.mark.parametrize("failure", ["os_exit", "killed"])
def test_processes_survive_a_worker_that_dies_and_threads_do_not(by_case, failure) -> None:
    for model in PROCESSES:
        assert str(by_case[failure][f"{model}_lab"]).partition(": seen")[0] in ("good", "mixed")
    for model in THREADS:
        assert by_case[failure][f"{model}_lab"] == by_case[failure][f"{model}_naive"] == "bad: all is gone"


def test_the_textbooks_queue_hangs_and_the_labs_does_not(by_case) -> None:
    assert by_case["raises"]["queue_pool_naive"] == "bad: hangs"
    assert by_case["raises"]["queue_pool_naive_hangs"] is True
    assert by_case["raises"]["queue_pool_lab_hangs"] is False


def test_a_textbooks_thread_only_prints_what_it_raised(by_case) -> None:
    assert by_case["raises"]["threads_naive"] == "bad: only printed"
    assert by_case["sys_exit"]["threads_naive"] == "bad: unnoticed"


def test_a_textbooks_process_that_dies_is_waited_for(by_case) -> None:
    assert by_case["killed"]["processes_naive"] == by_case["killed"]["process_pool_naive"] == "bad: hangs"


def test_a_textbooks_fork_learns_that_its_child_failed_and_never_why(by_case) -> None:
    for failure in ("raises", "raises_unpicklable", "sys_exit"):
        assert by_case[failure]["fork_naive"] == "mixed: seen as another"
    assert by_case["raises"]["process_pool_naive"].startswith("good: seen")


def test_a_textbooks_processes_hide_an_exception_that_does_not_pickle_behind_that_of_pickling(
    by_case,
) -> None:
    for model in ("process_pool", "process_executor", "asyncio_processes"):
        assert by_case["raises_unpicklable"][f"{model}_naive"].startswith("mixed: seen as another")
    for model in ("sequential", "thread_pool", "asyncio_threads"):
        assert "another" not in by_case["raises_unpicklable"][f"{model}_naive"]


def test_a_task_that_never_ends_is_waited_for_by_everybody(by_case) -> None:
    assert by_case["never_ends"]["hanging_naive"] == by_case["never_ends"]["hanging_lab"] == len(EVERY)


def test_an_object_that_does_not_pickle_stays_in_the_process(by_case) -> None:
    labels = by_case["returns_unpicklable"]
    for model in ("sequential", "asyncio", *THREADS):
        assert labels[f"{model}_lab"] == labels[f"{model}_naive"] == "good: works"
    for model in PROCESSES:
        assert labels[f"{model}_lab"] == "good: seen"


def test_the_counts_are_those_of_the_words(by_case) -> None:
    for numbers in by_case.values():
        for form in ("naive", "lab"):
            words = [numbers[f"{model}_{form}"] for model in EVERY]
            assert numbers[f"hanging_{form}"] == words.count("bad: hangs")
            assert numbers[f"blind_{form}"] == sum(str(word).startswith("bad") for word in words)


def test_every_model_of_the_lab_fails_in_both_forms() -> None:
    assert set(WORDS["MODELS"]) == set(EVERY) == set(model_names())


def test_an_attempt_that_may_only_be_slow_is_not_reported_as_hanging_and_not_counted() -> None:
    in_words, counts = WORDS["in_words"], WORDS["counts"]
    done = mmap.mmap(-1, 4)
    assert in_words(Fate("unknown"), done, "never_ends") == "unknown"
    words = {f"{model}_{form}": "bad: hangs" for form in ("naive", "lab") for model in EVERY}
    assert counts(words)["hanging_lab"] == counts(words)["blind_lab"] == len(EVERY)
    numbers = counts(words | {"fork_lab": "unknown"})
    assert {name for name, number in numbers.items() if number is None} == {
        "hanging_lab",
        "blind_lab",
        "blind_processes_lab",
    }


def test_when_it_was_known_is_measured_of_every_failure_in_the_forms_that_were_told_and_no_others(
    by_case,
) -> None:
    for failure in FAILURES:
        told = {name for name in by_case[failure] if "seen" in str(by_case[failure][name])}
        known = {name.removesuffix("_known_s") for name in by_case[failure] if name.endswith("_known_s")}
        assert known == told
        assert all(by_case[failure][f"{name}_known_s"] > 0 for name in known)
        assert not known & {f"{model}_naive" for model in ("threads", "daemon_threads", "queue_pool")}
        assert bool(known) == (failure != "never_ends")


def test_an_error_that_was_given_once_and_not_again_has_no_time() -> None:
    tries = {
        "first": lambda: ("ValueError", 0.5),
        "second": lambda: ("", 0.5),
        "third": lambda: os._exit(1),
    }
    assert WORDS["known"](tries) == {"first_known_s": 0.5}
