"""What a program leaves behind when it ends in the middle of its worker's work."""

from __future__ import annotations

from pathlib import Path

import pytest
from runs import measured

from lab.catalog.experiments import load
from lab.core.statements import STATEMENTS

FILE = Path(__file__).parents[1] / "experiments" / "daemon_exit.py"


@pytest.fixture(scope="module")
def by_case() -> dict[str, dict[str, float | bool]]:
    rows = measured(FILE)
    assert {trial.status for trial in rows.trials} == {"ok"}
    return {str(sample.case["ending"]): dict(sample.metrics) for sample in rows.samples}


@pytest.mark.parametrize("ending", ["thread", "process"])
def test_an_ending_that_waits_loses_nothing(by_case: dict[str, dict[str, float]], ending: str) -> None:
    assert by_case[ending]["records_lost"] == 0
    assert (by_case[ending]["record_torn"], by_case[ending]["finally_ran"]) == (False, True)


@pytest.mark.parametrize("ending", ["daemon_thread", "daemon_process"])
def test_daemons_are_cut_off_without_their_finally(
    by_case: dict[str, dict[str, float]], ending: str
) -> None:
    assert by_case[ending]["records_lost"] > 0
    assert by_case[ending]["finally_ran"] is False


def test_a_thread_that_is_asked_to_stop_tears_no_record(by_case: dict[str, dict[str, float]]) -> None:
    asked = by_case["thread_asked_to_stop"]
    assert (asked["record_torn"], asked["finally_ran"]) == (False, True)


@pytest.mark.parametrize("ending", ["task_left", "task_cancelled"])
def test_a_task_is_torn_where_it_awaits_and_still_has_its_finally(
    by_case: dict[str, dict[str, float]], ending: str
) -> None:
    assert (by_case[ending]["record_torn"], by_case[ending]["finally_ran"]) == (True, True)
    assert by_case[ending]["records_lost"] > 0


def test_all_of_them_end_well_and_after_their_main_thread(by_case: dict[str, dict[str, float]]) -> None:
    assert {numbers["exit_code"] for numbers in by_case.values()} == {0}
    assert all(numbers["gone_after_s"] > 0 for numbers in by_case.values())


def test_an_exit_code_is_shown_and_not_judged_as_it_is_0_also_where_work_is_lost() -> None:
    (figure,) = load(FILE).figures
    assert "exit_code" in figure.options["columns"]
    assert "exit_code" not in (*figure.options["good"], *figure.options["bad"])


def test_the_statements_it_judges_are_there() -> None:
    assert {each.statement for each in load(FILE).claims} - {0} <= set(STATEMENTS)
