"""An experiment's answer in one sentence (a crossing, a map, who leads), and what to read it with."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from builders import experiment_file
from report_known import MAKESPANS, first_page, known_of, result

from lab.report import remarks, render, voids
from lab.report.contents import answer

pytestmark = pytest.mark.usefixtures("unloaded")  # no experiment and no reference of the checkout

SIZES = (1, 10, 100)
THROUGH = {"threads": "requests", "asyncio": "aiohttp"}
FILE = """
    from lab import Experiment, Gap, lines, split, winners
    from lab.workloads import currency, document, pause

    def nothing(case):
        raise NotImplementedError

    experiment = Experiment(question="Which?", {by}, figures=[{figure}],
                            in_flight=("{axis}", "server_peak"),
                            grid={{"model": ["threads", "asyncio"], "{axis}": [1, 10, 100]}})
"""


def sweep(
    folder: Path,
    by: str = "measure=nothing",
    figure: str = "",
    *,
    axis: str = "in_flight",
    rounds: int = 5,
    fails: bool = False,
) -> None:
    """Threads take as long as asyncio with one in flight, twice as long with ten, four times with 100."""
    experiment_file(
        folder.parent.parent / "experiments" / f"{folder.name}.py",
        FILE.format(axis=axis, by=by, figure=figure),
    )
    times = {"threads": (1.0, 2.0, 4.0), "asyncio": (1.0, 1.0, 1.0)}
    cases = [{"model": model, axis: size} for model in times for size in SIZES]

    def row(params: dict[str, Any], turn: int) -> dict[str, float] | str:
        if params == {"model": "threads", axis: 1} and fails:
            return "OSError: no more"
        at = SIZES.index(params[axis])
        took = times[params["model"]][at] * (1 + MAKESPANS[turn])
        reached = params[axis] if params["model"] == "asyncio" else min(params[axis], 42)
        return {"makespan_s": took, "server_peak": float(reached)}

    result(folder, cases, row, rounds=rounds)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "results" / "sweep"


def test_a_declared_crossing_is_the_answer_with_where_and_by_how_much(folder: Path) -> None:
    sweep(folder, figure='lines("in_flight", crossing=("asyncio", "threads", 1.05))')
    assert answer(known_of(folder.parent)) == (
        "`asyncio` is at least 5 % faster than `threads` from 1.18 in flight on (95 % interval 1.05 to"
        " 1.45); at 100 in flight, `threads` take 4.00× (4.00-4.00) as long."
    )


def test_a_crossing_that_is_declared_the_other_way_round_names_the_same_winner(folder: Path) -> None:
    sweep(folder, figure='lines("in_flight", crossing=("threads", "asyncio", 1.05))')
    words = answer(known_of(folder.parent))
    assert words.startswith("`asyncio` is at least 5 % faster than `threads` from 1.18 in flight on ")
    assert "; at 100 in flight, `threads` take 4.00×" in words


def test_a_map_is_told_by_how_many_of_its_fields_each_model_leads(tmp_path: Path) -> None:
    experiment_file(
        tmp_path / "experiments" / "fields.py",
        """
        from lab import Experiment, winners

        experiment = Experiment(question="Which?", measure=dict, figures=[winners("size", "share")],
                                grid={"model": ["threads", "asyncio"], "size": [1, 2], "share": [0, 1]})
        """,
    )
    cases = [
        {"model": model, "size": size, "share": share}
        for model in ("threads", "asyncio")
        for size in (1, 2)
        for share in (0, 1)
    ]

    def row(params: dict[str, Any], turn: int) -> dict[str, float]:
        slow = {(1, 0): (1, 3), (1, 1): (2, 1), (2, 0): (4, 1), (2, 1): (1, 1)}[
            params["size"], params["share"]
        ]
        return {"makespan_s": slow[params["model"] == "asyncio"] * (1 + MAKESPANS[turn])}

    result(tmp_path / "results" / "fields", cases, row)
    assert answer(known_of(tmp_path / "results")) == (
        "Of 4 cases `asyncio` leads 2 (the next takes up to 4.00× as long, at `size=2 share=0`) and"
        " `threads` lead 1 (the next takes up to 3.00× as long, at `size=1 share=0`); in 1 the first are"
        " too close to tell apart."
    )


@pytest.mark.parametrize(
    ("by", "through"),
    [
        ("workload=lambda case: currency.fetch(case['in_flight'])", THROUGH),
        ("workload=document.fetch('requests/aiohttp')", THROUGH),
        ("workload=document.fetch('httpx')", {}),  # the same for both
        ("workload=document.fetch('minimal codec')", {}),
        ("workload=pause.sleep(20)", {}),
        ("measure=nothing", {}),  # only the trial knows
    ],
)
def test_where_models_go_through_different_clients_is_known_from_the_workload(
    folder: Path, by: str, through: dict[str, str]
) -> None:
    sweep(folder, by)
    packages = remarks.packages_of(known_of(folder.parent))
    assert packages.against("threads", "asyncio") == " against ".join(through.values())
    assert packages.against("threads", "somebody's own") == ""


def test_a_crossing_of_one_round_has_no_interval_and_one_of_sizes_is_told_in_their_unit(
    folder: Path,
) -> None:
    figure = 'lines("size_bytes", crossing=("asyncio", "threads", 1.05))'
    sweep(folder, figure=figure, axis="size_bytes", rounds=1)
    assert answer(known_of(folder.parent)) == (
        "`asyncio` is at least 5 % faster than `threads` from a size of 1.18 B on;"
        " at a size of 100 B, `threads` take 4.00× as long."
    )


def test_a_model_that_leads_through_another_client_is_not_credited_alone(folder: Path) -> None:
    sweep(folder, "workload=currency.fetch()")
    sweep(folder.parent / "other")
    page = first_page(folder.parent)
    other, sweeping = page["sections"]
    assert (sweeping["packages"], other["packages"]) == (
        "aiohttp under asyncio, requests under threads",
        "",
    )
    assert render(page, 0).count(
        '<p class="aside">The tasks go through aiohttp under asyncio, requests under threads:'
        " part of the gap is the library's, not the model's.</p>"
    ) == len(["the card", "the section"])
    notes = {row[0].note: row[4].note for row in page["overview"].rows if row[4].text == "threads"}
    assert notes == {
        "sweep": "aiohttp against requests",
        "other": "",
    }


def test_where_libraries_differ_it_leads_to_the_experiment_that_splits_the_gap(folder: Path) -> None:
    sweep(folder, "workload=currency.fetch()")
    split = 'split("cpu_s", Gap("threads", "asyncio", axis="client", of=1, control=10))'
    sweep(folder.parent / "gap", figure=split, axis="client")
    page = first_page(folder.parent)
    assert 'not the model\'s. <a href="#x-gap">How large a part?</a></p>' in render(page, 0)
    (link,) = {row[4].note_link for row in page["overview"].rows if row[4].note}
    assert link == "x-gap"


def test_a_claim_that_repeats_a_statement_word_for_word_says_what_became_of_it_as_a_whole(
    tmp_path: Path,
) -> None:
    for name, threads in (("few", 2.0), ("many", 0.5)):
        experiment_file(
            tmp_path / "experiments" / f"{name}.py",
            """
            from lab import Experiment, claim, ratio

            later = ratio("threads", to="asyncio") > 1
            faster = claim("asyncio is always faster than threads", later, statement=14)
            experiment = Experiment(question="Which?", measure=dict, claims=[faster],
                                    grid={"model": ["threads", "asyncio"]})
            """,
        )
        times = {"threads": threads, "asyncio": 1.0}
        cases = [{"model": model} for model in times]

        def row(params: dict[str, Any], turn: int, times: dict[str, float] = times) -> dict[str, float]:
            return {"makespan_s": times[params["model"]] * (1 + MAKESPANS[turn])}

        result(tmp_path / "results" / name, cases, row)
    page = first_page(tmp_path / "results")
    assert [each["claims"][0]["verdict"] for each in page["sections"]] == ["supported", "refuted"]
    assert page["whole"][14, "asyncio is always faster than threads"] == "refuted"
    few, many = re.findall("<h3>Claims</h3>.*?</ul>", render(page, 0), re.DOTALL)
    whole = '(here; <a href="#statement-14">statement 14</a> as a whole: refuted)'
    assert (whole in few, whole in many) == (True, False)
    assert '<a href="#statement-14">statement 14</a></li>' in many


def test_shortfalls_of_models_stand_beside_the_answer(folder: Path) -> None:
    sweep(folder, fails=True)
    known = known_of(folder.parent)
    assert remarks.shortfalls(known) == [
        "`threads` failed at in_flight=1",
        "`threads` had 42 of 100 in flight",
    ]
    page = first_page(folder.parent)
    (section,) = page["sections"]
    assert section["shortfalls"] == "`threads` failed at in_flight=1; `threads` had 42 of 100 in flight"
    words = '<p class="aside">Shortfalls: <code>threads</code> failed at in_flight=1; '
    assert words in render(page, 0)


def test_cases_that_were_cut_are_named_where_they_are_few(tmp_path: Path) -> None:
    cases = [{"model": model, "size": size} for model in ("threads", "asyncio") for size in SIZES]

    def row(params: dict[str, Any], turn: int) -> dict[str, float] | str:
        cut = params["model"] == "threads" and params["size"] > 1
        return "cut at 1: it takes too long" if cut else {"makespan_s": 1.0 + MAKESPANS[turn]}

    result(tmp_path / "cut", cases, row)
    known = known_of(tmp_path)
    assert remarks.shortfalls(known) == ["`threads` not tried at size=10, 100"]
    (one,), _ = voids.voids(known)
    assert (one["where"], one["status"], one["reason"]) == (
        "5 rounds, model=threads size=10, 100",
        "skipped",
        "cut at 1: it takes too long",
    )


def test_a_case_skipped_at_one_value_of_another_axis_is_not_reported_for_all_its_values(
    tmp_path: Path,
) -> None:
    cases = [{"model": "pool", "share": share, "size": size} for share in (50, 100) for size in (16, 256)]
    cases += [{"model": "threads", "share": share, "size": 16} for share in (50, 100)]

    def row(params: dict[str, Any], turn: int) -> dict[str, float] | str:
        late = params["size"] == 256 or params["model"] == "threads"
        return "cut at 16: it takes too long" if late else {"makespan_s": 1.0 + MAKESPANS[turn]}

    result(tmp_path / "cut", cases, row)
    assert remarks.shortfalls(known_of(tmp_path)) == [
        "`pool` not tried at share=50, 100 size=256",
        "`threads` not tried at share=50, 100",
    ]


def test_a_split_says_how_much_of_the_gap_is_the_model_in_each_place(tmp_path: Path) -> None:
    experiment_file(
        tmp_path / "experiments" / "gap.py",
        """
        from lab import Experiment, Gap, split

        gap = Gap("threads", "asyncio", axis="client", of="library", control="bare")
        experiment = Experiment(question="How much?", measure=dict, figures=[split("cpu_s", gap)],
                                grid={"model": ["threads", "asyncio"], "client": ["library", "bare"]})
        """,
    )
    cpu = {("threads", "library"): 6, ("threads", "bare"): 2}
    cases = [
        {"model": model, "client": client, "kept": kept}
        for model in ("threads", "asyncio")
        for client in ("library", "bare")
        for kept in ("no", "yes")
    ]

    def row(params: dict[str, Any], turn: int) -> dict[str, float]:
        times = cpu.get((params["model"], params["client"]), 1) * (2 if params["kept"] == "yes" else 1)
        times = times if params["model"] == "threads" else 1
        return {"makespan_s": 1.0, "cpu_s": times * (1 + MAKESPANS[turn])}

    result(tmp_path / "results" / "gap", cases, row)
    assert answer(known_of(tmp_path / "results")) == (
        "In CPU, `threads` through library take 6.00× (6.00-6.00) of `asyncio` at `kept=no`:"
        " 2.00× (2.00-2.00) is the model, 3.00× (3.00-3.00) the client; 12.0× (12.0-12.0) at"
        " `kept=yes`: 4.00× (4.00-4.00) is the model, 3.00× (3.00-3.00) the client."
    )


def test_skipped_cases_are_named_by_the_first_axis_if_there_are_no_models_with_sizes_in_their_unit(
    tmp_path: Path,
) -> None:
    cases = [{"how": how, "size_bytes": size} for how in ("in_process", "pool") for size in (1024, 2**20)]

    def row(params: dict[str, Any], turn: int) -> dict[str, float] | str:
        cut = params == {"how": "pool", "size_bytes": 2**20}
        return "cut: it takes too long" if cut else {"makespan_s": 1.0 + MAKESPANS[turn]}

    result(tmp_path / "cut", cases, row)
    assert remarks.shortfalls(known_of(tmp_path)) == ["`pool` not tried at size_bytes=1 MiB"]
    more = [{"how": how, "size_bytes": size} for how in ("in_process", "pool") for size in (2**20, 2**21)]
    result(
        tmp_path / "more" / "cut", more, lambda at, turn: "cut" if at["how"] == "pool" else {"took_s": 1.0}
    )
    assert remarks.shortfalls(known_of(tmp_path / "more")) == [
        "`pool` not tried at size_bytes=1 MiB, 2 MiB"
    ]
