"""The report's short answer: who finishes soonest what people ask about."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from builders import experiment_file
from report_known import MAKESPANS, known_of, result

from lab.catalog.cases import cases as cases_of
from lab.catalog.experiments import find
from lab.report import advice, answers, overview

UNLOADED = pytest.mark.usefixtures("unloaded")  # no experiment and no reference of the checkout
FOUND = {"threads": 0.2, "asyncio": 0.1, "sequential": 0.9}


def shown(folder: Path, slow: dict[str, float] = FOUND, rounds: int = 5) -> Any:
    """Return the advice on a result of `in_flight`: a thousand at once, and ten."""
    cases = [{"model": model, "in_flight": size} for model in slow for size in (10, 1000)]

    def row(params: dict[str, Any], turn: int) -> dict[str, float]:
        return {"makespan_s": slow[params["model"]] * (1 + MAKESPANS[turn])}

    result(folder / "in_flight", cases, row, rounds=rounds)
    return advice.advice([known_of(folder)], ["x-in_flight"])


@pytest.mark.parametrize(("work", "name", "where"), advice.WORK)
def test_each_work_is_a_case_that_its_experiment_measures(
    work: str, name: str, where: dict[str, str]
) -> None:
    experiment = find(name).experiment
    assert experiment is not None, work
    cases = [each.params for each in cases_of(name, experiment)]
    assert {"model", *where} <= set(experiment.grid)
    assert any(all(str(case.get(axis)) == value for axis, value in where.items()) for case in cases)


@UNLOADED
def test_it_says_who_is_soonest_who_is_next_who_is_slowest_and_how_to_see_it_again(tmp_path: Path) -> None:
    (row,) = shown(tmp_path).rows
    work, models, verdict, following, slowest, again = row
    assert (work.text, work.note, work.link) == (
        "1,000 connections at once, of one second",
        "in_flight=1000",
        "x-in_flight",
    )
    assert (models.text, verdict.verdict) == ("asyncio", "faster")
    assert following.text == "threads 2.00× (2.00-2.00)"
    assert slowest.text == "sequential 9.00× (9.00-9.00)"
    assert slowest.values[:2] == ("sequential", pytest.approx(9))
    assert again.text == "lab run in_flight"


@pytest.mark.parametrize("name", [name for _, name, _ in advice.BESIDES])
def test_what_makespans_do_not_tell_an_experiment_does(name: str) -> None:
    assert find(name).experiment is not None


@UNLOADED
def test_what_else_counts_is_named_where_it_was_measured(tmp_path: Path) -> None:
    result(tmp_path / "memory", [{"start": "fork"}], lambda *_: {"added_bytes": 1.0})
    (remark,) = advice.besides([known_of(tmp_path)], ["x-memory"])
    assert (remark.words, remark.link) == ("Memory:", "x-memory")


@UNLOADED
def test_whom_the_run_cannot_tell_apart_it_names_together_and_calls_so(tmp_path: Path) -> None:
    (row,) = shown(tmp_path, {"threads": 1.0, "asyncio": 1.0}).rows
    assert sorted(row[1].exact.split("|")) == ["asyncio", "threads"]
    assert [row[2].verdict, row[3].text, row[4].text] == ["not told apart", "", ""]


@UNLOADED
def test_who_never_had_all_in_flight_is_not_told_of_as_if_it_had(tmp_path: Path) -> None:
    cases = [{"model": model, "in_flight": 5000} for model in ("threads", "asyncio")]

    def row(params: dict[str, Any], turn: int) -> dict[str, float]:
        threads = params["model"] == "threads"
        return {
            "makespan_s": (2 if threads else 1) * (1 + MAKESPANS[turn]),
            "server_peak": 2426.0 if threads else 5000.0,
        }

    result(tmp_path / "in_flight", cases, row)
    table = advice.advice([known_of(tmp_path)], ["x-in_flight"])
    assert table is not None
    (row_,) = table.rows
    assert (row_[3].text, row_[3].note, row_[3].note_link) == (
        "threads 2.00× (2.00-2.00)",
        "only 2,426 of 5,000 in flight",
        "",
    )


@UNLOADED
def test_of_too_few_rounds_and_of_somebodys_experiment_of_that_name_it_says_nothing(tmp_path: Path) -> None:
    assert shown(tmp_path / "few", rounds=2) is None
    result(
        tmp_path / "other" / "in_flight",
        [{"model": name} for name in FOUND],
        lambda *_: {"makespan_s": 1.0},
    )
    assert advice.advice([known_of(tmp_path / "other")], ["x-in_flight"]) is None


@UNLOADED
def test_a_field_that_one_model_has_to_itself_counts_by_what_those_left_out_need(tmp_path: Path) -> None:
    experiment_file(
        tmp_path / "experiments" / "mixed.py",
        """
        from lab import Experiment, winners

        map = winners("in_flight", "cpu_percent", least="core_s")
        experiment = Experiment(question="Which?", measure=dict, figures=[map],
                                grid={"model": ["threads"], "in_flight": [16], "cpu_percent": [0, 50]})
        """,
    )
    cases = [
        {"model": model, "in_flight": 16, "cpu_percent": share}
        for model, share in (("asyncio", 0), ("threads", 0), ("asyncio_processes", 50))
    ]

    def row(params: dict[str, Any], turn: int) -> dict[str, float]:
        took = {"asyncio": 1.0, "threads": 1.5, "asyncio_processes": 1.0}[params["model"]]
        return {"makespan_s": took * (1 + MAKESPANS[turn]), "core_s": 3.0 * (1 + MAKESPANS[turn])}

    result(tmp_path / "results" / "mixed", cases, row)
    known = known_of(tmp_path / "results")
    table, every = advice.advice([known], [""]), overview.choice([known], [""])
    assert table is not None and every is not None
    assert [[row[1].text, row[3].text] for row in table.rows] == [
        ["asyncio_processes", "those left out ≥ 3.00× (3.00-3.00)"]
    ]
    assert table.rows[0][3].note == "asyncio and threads"
    told = {row[2].text: (row[4].text, row[5].text, row[6].text) for row in every.rows}
    assert told == {
        "asyncio": ("threads", "1.50× (1.50-1.50)", "1 of 2"),
        "asyncio_processes": ("those left out", "≥ 3.00× (3.00-3.00)", "1 of 2"),
    }
    assert answers.answer(known) == (
        "Of 2 cases `asyncio` leads 1 (the next takes up to 1.50× as long, at `in_flight=16 cpu_percent=0`)"
        " and `asyncio_processes` lead 1 (at `in_flight=16 cpu_percent=50`, those left out take 3.00× as"
        " long or longer)."
    )


@UNLOADED
def test_of_several_cases_that_fit_the_one_with_most_workers_is_told(tmp_path: Path) -> None:
    cases = [{"model": model, "workers": workers} for model in FOUND for workers in (1, 2)]

    def row(params: dict[str, Any], turn: int) -> dict[str, float]:
        return {"makespan_s": FOUND[params["model"]] / params["workers"] * (1 + MAKESPANS[turn])}

    result(tmp_path / "cpu", cases, row)
    table = advice.advice([known_of(tmp_path)], ["x-cpu"])
    assert table is not None
    assert [(row[0].text, row[0].note) for row in table.rows] == [("Computing in pure Python", "workers=2")]
