"""The answers of the report: what was measured, in a sentence, and which model for which work."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from report_known import MAKESPANS, WAITS, first_page, known_of, result, waiting

from lab import Experiment, bars
from lab.catalog.experiments import Found
from lab.report import pictures
from lab.report.contents import answer

pytestmark = pytest.mark.usefixtures("unloaded")  # no experiment and no reference of the checkout


def test_the_answer_without_a_verdict_is_the_least_and_the_most(tmp_path: Path) -> None:
    waiting(tmp_path / "waits", rounds=1)
    known = known_of(tmp_path)
    assert answer(known) == (
        "Makespan goes from 500 ms (model=asyncio tasks=5) to 2800 ms (model=sequential tasks=14)."
        " 1 round: too few for a verdict."
    )


def test_a_figures_alternative_is_its_finding_and_not_its_files_name(tmp_path: Path) -> None:
    waiting(tmp_path / "waits")
    words = pictures.alternative(known_of(tmp_path), tmp_path / "waits" / "bars-makespan_s.png")
    assert words.startswith("Bars of makespan. Makespan goes from 502 ms (model=asyncio tasks=5) to ")
    assert "sequential takes" in words
    assert "bars-" not in words


def test_a_figures_alternative_begins_with_its_own_question(tmp_path: Path) -> None:
    waiting(tmp_path / "waits")
    figures = [bars(), bars("service_s").asking("And each task?")]
    experiment = Experiment("Which?", {"model": ["asyncio"]}, measure=lambda _: {}, figures=figures)
    found = Found("waits", tmp_path / "waits.py", experiment)
    known = replace(known_of(tmp_path), source=found)
    assert pictures.alternative(known, tmp_path / "waits" / "bars-service_s.png").startswith(
        "And each task? Bars of service."
    )
    assert pictures.alternative(known, tmp_path / "waits" / "bars-makespan_s.png").startswith(
        "Bars of makespan."
    )


def test_which_model_for_which_work_is_told_with_its_lead_and_what_cannot_be_told(tmp_path: Path) -> None:
    waiting(tmp_path / "waits")
    (row,) = first_page(tmp_path)["overview"].rows
    assert (row[0].text, row[0].note, row[0].link) == ("Which?", "waits", "x-waits")
    assert [cell.text for cell in row[1:3]] == ["tasks=14", "asyncio"]
    assert row[3].verdict == "faster"
    assert row[4].text == "threads" and row[5].text.startswith("1.10× (1.10-1.10")
    assert [cell.text for cell in row[6:]] == ["2 of 2", ""]


def test_a_lead_that_cannot_be_told_is_said_to_be_none_and_of_few_rounds_nothing_is_said(
    tmp_path: Path,
) -> None:
    def even(params: dict[str, Any], turn: int) -> dict[str, float]:
        return {"makespan_s": 1.0 + MAKESPANS[(turn + len(params["model"])) % 5]}

    cases = [{"model": model} for model in WAITS]
    result(tmp_path / "even", cases, even)
    few = tmp_path / "elsewhere"
    (row,) = first_page(tmp_path)["overview"].rows
    assert sorted(row[2].exact.split("|")) == ["asyncio", "sequential", "threads"]
    assert (row[3].verdict, row[4].text, row[5].text) == ("too close", "no other", "")
    result(few / "even", cases, even, rounds=2)
    assert first_page(few)["overview"].rows == []
