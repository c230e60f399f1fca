"""The report's short answer: the fastest model for the work that people ask about."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from builders import experiment_file
from report_known import MAKESPANS, first_page, result

from lab.catalog.cases import cases as cases_of
from lab.catalog.experiments import experiment_names, find
from lab.report import write_report

UNLOADED = pytest.mark.usefixtures("unloaded")  # no experiment and no reference of the checkout
FOUND = {"threads": 0.2, "asyncio": 0.1, "sequential": 0.9}
FILE = """
    from lab import Experiment, winners, work

    experiment = Experiment(question="Which?", measure=dict, grid={{"model": ["threads"], {axes}}}, {more})
"""
IN_FLIGHT = """in_flight=("in_flight", "server_peak"), advice=[
    work("5,000 at once", rank=2, in_flight=5_000), work("1,000 at once", rank=1, in_flight=1_000)]"""


def declare(
    folder: Path, name: str, axes: str = '"in_flight": [1000, 5000]', more: str = IN_FLIGHT
) -> None:
    experiment_file(folder.parent / "experiments" / f"{name}.py", FILE.format(axes=axes, more=more))


def advice_of(page: dict[str, Any]) -> list[Any]:
    return list(page["advice"].rows)


def shown(folder: Path, slow: dict[str, float] = FOUND, rounds: int = 5) -> Any:
    """Return the advice on a result of `sweep`: a thousand at once, and ten."""
    cases = [{"model": model, "in_flight": size} for model in slow for size in (10, 1000)]

    def row(params: dict[str, Any], turn: int) -> dict[str, float]:
        return {"makespan_s": slow[params["model"]] * (1 + MAKESPANS[turn])}

    declare(folder, "sweep")
    result(folder / "sweep", cases, row, rounds=rounds)
    return advice_of(first_page(folder))


@pytest.mark.parametrize("name", experiment_names())
def test_each_work_that_is_declared_is_a_case_that_its_experiment_measures(name: str) -> None:
    experiment = find(name).experiment
    assert experiment is not None
    cases = [each.params for each in cases_of(name, experiment)]
    for work in experiment.advice:
        assert any(all(case.get(axis) == value for axis, value in work.where.items()) for case in cases)
    axis, _ = experiment.in_flight or ("model", "")
    assert axis in experiment.grid or not experiment.in_flight


def test_the_rows_of_what_people_ask_about_have_an_order_of_their_own() -> None:
    experiments = [find(name).experiment for name in experiment_names()]
    works = [work for each in experiments if each for work in each.advice]
    assert [work.text for work in sorted(works, key=lambda work: work.rank)] == [
        "14 URLs, answered after 50 ms, all at once",
        "200 URLs, answered after 2 ms, 32 at once",
        "1,000 connections at once, of one second",
        "5,000 connections at once, of one second",
        "Computing in pure Python",
        "Computing that releases the GIL: hashing",
        "Computing in tasks of a tenth of a millisecond",
        "A little computing after each answer, 16 at once",
        "Half waiting, half computing, 16 at once",
    ]


@UNLOADED
@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("advice=['14 URLs']", "'14 URLs' is no advice; write advice=[work(\"14 URLs\")]"),
        ("advice=[work('14 URLs', task=14)]", "no axis 'task'; there are: model, in_flight"),
        ("in_flight=('in_fligt', 'x')", "no axis 'in_fligt'; did you mean 'in_flight'?"),
    ],
)
def test_advice_that_no_case_could_answer_is_found_when_the_file_is_read(
    tmp_path: Path, more: str, words: str
) -> None:
    declare(tmp_path / "results", "wrong", more=more)
    path = tmp_path / "experiments" / "wrong.py"
    assert str(find(str(path)).fault) == f"{path}: {words}"


@UNLOADED
def test_it_names_the_fastest_the_next_and_the_slowest_and_how_to_reproduce_it(tmp_path: Path) -> None:
    (row,) = shown(tmp_path / "results")
    work, models, verdict, following, slowest, reproduce = row
    assert (work.text, work.note, work.link) == ("1,000 at once", "in_flight=1000", "x-sweep")
    assert (models.text, verdict.verdict) == ("asyncio", "faster")
    assert following.text == "threads 2.00× (2.00-2.00)"
    assert slowest.text == "sequential 9.00× (9.00-9.00)"
    assert slowest.values[:2] == ("sequential", pytest.approx(9))
    assert (reproduce.text, reproduce.note) == ("lab run sweep", "")


@UNLOADED
def test_a_row_of_numbers_with_caveats_leads_to_them(tmp_path: Path) -> None:
    (row,) = shown(tmp_path / "results", rounds=5)
    assert row[5].note_link == ""
    environment = tmp_path / "results" / "sweep" / "environment.json"
    environment.write_text(environment.read_text().replace('"plan": {', '"warnings": ["busy"], "plan": {'))
    (row,) = advice_of(first_page(tmp_path / "results"))
    assert (row[5].note, row[5].note_link) == ("with caveats", "x-sweep-caveats")


@UNLOADED
def test_another_matter_is_linked_from_below_the_table_where_it_was_measured(tmp_path: Path) -> None:
    out = tmp_path / "results"
    shown(out)
    declare(out, "memory", more='besides="Memory: who needs <a> copy."')
    result(out / "memory", [{"start": "fork"}], lambda *_: {"added_bytes": 1.0})
    html = write_report(out).read_text()
    assert '<p class="aside">Memory: <a href="#x-memory">who needs &lt;a&gt; copy.</a></p>' in html


@UNLOADED
def test_models_too_close_to_each_other_are_named_together_and_called_so(tmp_path: Path) -> None:
    (row,) = shown(tmp_path / "results", {"threads": 1.0, "asyncio": 1.0})
    assert sorted(row[1].exact.split("|")) == ["asyncio", "threads"]
    assert [row[2].verdict, row[3].text, row[4].text] == ["too close", "", ""]


@UNLOADED
def test_a_model_that_never_had_all_in_flight_says_how_many_it_had(tmp_path: Path) -> None:
    cases = [{"model": model, "in_flight": 5000} for model in ("threads", "asyncio")]

    def row(params: dict[str, Any], turn: int) -> dict[str, float]:
        threads = params["model"] == "threads"
        return {
            "makespan_s": (2 if threads else 1) * (1 + MAKESPANS[turn]),
            "server_peak": 2426.0 if threads else 5000.0,
        }

    declare(tmp_path / "results", "sweep")
    result(tmp_path / "results" / "sweep", cases, row)
    (row_,) = advice_of(first_page(tmp_path / "results"))
    assert (row_[3].text, row_[3].note, row_[3].note_link) == (
        "threads 2.00× (2.00-2.00)",
        "only 2,426 of 5,000 in flight",
        "",
    )


@UNLOADED
def test_there_is_no_advice_from_too_few_rounds_or_without_a_case_or_a_file_that_declares_it(
    tmp_path: Path,
) -> None:
    assert shown(tmp_path / "few" / "results", rounds=2) == []
    result(
        tmp_path / "other" / "sweep", [{"model": name} for name in FOUND], lambda *_: {"makespan_s": 1.0}
    )
    assert advice_of(first_page(tmp_path / "other")) == []


@UNLOADED
def test_a_field_that_one_model_has_to_itself_counts_by_what_those_left_out_need(tmp_path: Path) -> None:
    map_ = 'figures=[winners("in_flight", "cpu_percent", least="core_s")]'
    half = 'advice=[work("Half computing", cpu_percent=50, in_flight=16)]'
    axes = '"in_flight": [16], "cpu_percent": [0, 50]'
    declare(tmp_path / "results", "mixed", axes, f"{map_}, {half}")
    cases = [
        {"model": model, "in_flight": 16, "cpu_percent": share}
        for model, share in (("asyncio", 0), ("threads", 0), ("asyncio_processes", 50))
    ]

    def row(params: dict[str, Any], turn: int) -> dict[str, float]:
        took = {"asyncio": 1.0, "threads": 1.5, "asyncio_processes": 1.0}[params["model"]]
        return {"makespan_s": took * (1 + MAKESPANS[turn]), "core_s": 3.0 * (1 + MAKESPANS[turn])}

    result(tmp_path / "results" / "mixed", cases, row)
    page = first_page(tmp_path / "results")
    (only,) = advice_of(page)
    assert (only[1].text, only[3].text) == ("asyncio_processes", "those left out ≥ 3.00× (3.00-3.00)")
    assert only[3].note == "asyncio and threads"
    rows = {row[2].text: (row[4].text, row[5].text, row[6].text) for row in page["overview"].rows}
    assert rows == {
        "asyncio": ("threads", "1.50× (1.50-1.50)", "1 of 2"),
        "asyncio_processes": ("those left out", "≥ 3.00× (3.00-3.00)", "1 of 2"),
    }
    assert page["sections"][0]["answer"] == (
        "Of 2 cases `asyncio` leads 1 (the next takes up to 1.50× as long, at `in_flight=16 cpu_percent=0`)"
        " and `asyncio_processes` lead 1 (at `in_flight=16 cpu_percent=50`, those left out take 3.00× as"
        " long or longer)."
    )


@UNLOADED
def test_of_several_cases_that_fit_the_one_with_most_workers_counts(tmp_path: Path) -> None:
    cases = [{"model": model, "workers": workers} for model in FOUND for workers in (1, 2)]

    def row(params: dict[str, Any], turn: int) -> dict[str, float]:
        return {"makespan_s": FOUND[params["model"]] / params["workers"] * (1 + MAKESPANS[turn])}

    declare(tmp_path / "results", "sweep", '"workers": [1, 2]', 'advice=[work("Computing")]')
    result(tmp_path / "results" / "sweep", cases, row)
    (only,) = advice_of(first_page(tmp_path / "results"))
    assert (only[0].text, only[0].note) == ("Computing", "workers=2")


@UNLOADED
def test_a_row_without_an_order_leaves_the_rest_of_the_page_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lab.catalog.checks.check", lambda *_: None)  # as if it were not found before
    results = tmp_path / "results"
    for name, rank in (("one", '"1"'), ("two", "2")):
        more = f'advice=[work("A thousand", rank={rank}, in_flight=1_000)]'
        declare(results, name, more=more)
        cases = [{"model": model, "in_flight": 1000} for model in FOUND]
        result(
            results / name,
            cases,
            lambda at, turn: {"makespan_s": FOUND[at["model"]] * (1 + MAKESPANS[turn])},
        )
    faults: list[object] = []
    page = write_report(results, faults.append).read_text()
    assert 'id="x-one"' in page and 'id="x-two"' in page
    assert [str(each).partition(": ")[0] for each in faults] == ["Which model for which work"]
