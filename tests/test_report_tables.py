"""The tables of the report: what was measured, and the same in the reference."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import experiment_file
from report_known import column, known_of, result, waiting

from lab.present.tables.comparison import compared
from lab.present.tables.results import tables
from lab.present.tables.table import Table
from lab.report.load import ExperimentView, drawn_or_claimed

pytestmark = pytest.mark.usefixtures("unloaded")  # no experiment and no reference of the checkout


def beside(known: ExperimentView) -> Table | None:
    return compared((known, known.summary), known.reference, drawn_or_claimed(known))


def test_makespans_stand_in_their_unit_with_exact_values_behind_them_and_alike_cases_together(
    tmp_path: Path,
) -> None:
    waiting(tmp_path / "waits")
    known = known_of(tmp_path)
    times, costs = tables(known, known.summary)
    assert column(times, "tasks") == ["5"] * 4 + ["14"] * 4
    assert column(times, "makespan")[:3] == ["1000", "552", "502"]
    assert times.columns[2].unit == "ms"
    place = [each.heading for each in times.columns].index("makespan")
    assert times.rows[0][place].exact == "1.002"
    assert column(times, "95 % interval")[0] == "1000-1000"
    assert times.rows[0][place + 1].exact == "1|1.004"
    assert column(times, "speedup")[0] == "1.00×"
    assert column(times, "verdict")[:4] == ["slower", "slower", "baseline", "tie"]
    assert column(costs, "start-up") == ["2.00"] * 8


def test_a_free_measurement_has_a_column_for_each_metric_and_a_word_for_the_most_frequent(
    tmp_path: Path,
) -> None:
    answers = ["late", "late", "in time", "late", "late"]
    result(
        tmp_path / "race",
        [{"guard": "none"}, {"guard": "lock"}],
        lambda params, turn: {
            "lost_percent": 2.0 + turn,
            "stopped": params["guard"] == "lock",
            "said": answers[turn],
        },
    )
    known = known_of(tmp_path)
    (table,) = tables(known, known.summary)
    assert [each.heading for each in table.columns] == ["guard", "lost", "stopped", "start up", "said"]
    assert [row[1].note for row in table.rows] == ["2.00-6.00"] * 2
    assert column(table, "stopped") == ["no", "yes"]
    assert [(row[4].text, row[4].note) for row in table.rows] == [("late", "4 of 5")] * 2


def test_the_same_cases_of_the_reference_stand_beside_those_measured_here(tmp_path: Path) -> None:
    waiting(tmp_path / "waits", factor=2.0)
    waiting(tmp_path / "reference" / "waits")
    known = known_of(tmp_path)
    table = beside(known)
    assert table is not None
    assert column(table, "here ÷ reference") == ["2.00×"] * 8
    assert column(table, "here")[0] == "2000"
    assert column(table, "reference")[0] == "1000"


def test_a_copy_of_the_reference_is_not_held_against_it(tmp_path: Path) -> None:
    for folder in (tmp_path / "waits", tmp_path / "reference" / "waits"):
        waiting(folder)
    assert beside(known_of(tmp_path)) is None


def test_of_what_is_measured_freely_that_is_compared_which_is_drawn_or_claimed(tmp_path: Path) -> None:
    results = tmp_path / "results"
    for folder, took_s in ((results / "free", 1.0), (results / "reference" / "free", 2.0)):
        metrics = {"lost_percent": 2.0, "took_s": took_s, "stopped": True}
        result(folder, [{"guard": "none"}], lambda *_, metrics=metrics: metrics)
    without_file = beside(known_of(results))
    assert without_file is not None
    assert column(without_file, "metric") == ["lost (%)", "took (ms)", "stopped", "start up (ms)"]
    experiment_file(
        tmp_path / "experiments" / "free.py",
        """
        from lab import Experiment, bars, claim, value

        experiment = Experiment(
            question="Which?", grid={"guard": ["none"]}, measure=dict, figures=[bars("took_s")],
            claims=[claim("Some are lost", value("lost_percent") > 0)],
        )
        """,
    )
    table = beside(known_of(results))
    assert table is not None
    assert column(table, "metric") == ["lost (%)", "took (ms)"]


def test_a_case_that_was_left_out_says_so_and_one_that_both_lack_a_verdict_for_has_no_column(
    tmp_path: Path,
) -> None:
    cases = [{"guard": "none"}, {"guard": "lock"}]
    for folder, lost in ((tmp_path / "race", 3.0), (tmp_path / "reference" / "race", 2.0)):
        result(
            folder, cases, lambda at, turn, lost=lost: {"lost": lost} if at["guard"] == "none" else "cut"
        )
    known = known_of(tmp_path)
    (table,) = tables(known, known.summary)
    assert column(table, "lost") == ["3", "skipped"]
    table = beside(known)
    assert [each.heading for each in table.columns] == [
        "guard",
        "metric",
        "here",
        "reference",
        "here ÷ reference",
    ]
