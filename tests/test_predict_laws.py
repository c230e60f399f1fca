"""The laws of scaling, fitted to data that follow them exactly, and to data that cannot tell."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_results import made

from lab.analysis.derived import DerivedTable
from lab.analysis.predict.scaling import AMDAHL, SCHEMA, USL, amdahl, fit, table, usl
from lab.core.errors import LabError
from lab.present.findings import sentences_of

EIGHT = np.arange(1.0, 17.0)


def test_amdahl_gives_the_textbook_numbers() -> None:
    assert amdahl(np.array([1, 2, 10]), 100, 0.1) == pytest.approx([1, 2 / 1.1, 10 / 1.9])
    assert amdahl(np.array([4.0]), 2, 0.0) == [2.0]


def test_usl_gives_the_textbook_numbers() -> None:
    fitted = usl(np.array([1.0, 4.0, 8.0]), 4, 0.1, 0.01)
    # 8 workers on 4 cores: four run, and all eight have to know of each other.
    assert fitted == pytest.approx([1, 4 / (1 + 0.3 + 0.12), 4 / (1 + 0.3 + 0.56)])


def test_usl_is_amdahl_without_coherency_and_falls_beyond_its_peak_with_it() -> None:
    assert usl(EIGHT, 16, 0.1, 0.0) == pytest.approx(amdahl(EIGHT, 16, 0.1))
    many = np.arange(1.0, 65.0)
    peak = np.sqrt((1 - 0.02) / 0.001)  # Gunther's N* = sqrt((1 - contention) / coherency)
    assert abs(1 + int(np.argmax(usl(many, 64, 0.02, 0.001))) - peak) <= 1


@given(st.floats(0, 0.9), st.floats(0, 0.05), st.integers(2, 16))
@settings(max_examples=40, deadline=None)
def test_data_that_follow_the_law_give_its_parameters_back(contention, coherency, cores) -> None:
    rounds = np.tile(usl(EIGHT, cores, contention, coherency), (5, 1))
    fitted = fit(USL, EIGHT, rounds, cores)
    assert fitted is not None
    assert fitted.values == pytest.approx({"contention": contention, "coherency": coherency}, abs=1e-5)
    assert fitted.high["contention"] - fitted.low["contention"] < 1e-5
    assert fitted.speedups(np.array(64.0), 64)[1] == pytest.approx(
        float(usl(np.array(64.0), 64, contention, coherency)), rel=0.01
    )


def test_rounds_that_differ_give_an_interval_around_their_mean() -> None:
    shares = [0.1, 0.12, 0.08, 0.11, 0.09]
    rounds = np.array([amdahl(EIGHT, 16, share) for share in shares])
    fitted = fit(AMDAHL, EIGHT, rounds, 16)
    assert fitted is not None
    assert fitted.values["serial"] == pytest.approx(0.1, abs=1e-6)
    spread = 2.7764451 * np.std(shares, ddof=1) / np.sqrt(5)
    assert fitted.high["serial"] == pytest.approx(0.1 + spread, abs=1e-5)
    most, middle, least = fitted.speedups(np.array(16.0), 16)
    assert least < middle < most


def test_an_interval_ends_at_what_a_parameter_can_be() -> None:
    rounds = np.array([[1, 1 / share] for share in (1.0, 0.99, 1.02, 0.98, 1.01)])
    fitted = fit(AMDAHL, np.array([1.0, 2.0]), rounds, 2)
    assert fitted is not None
    assert fitted.high["serial"] == 1.0
    free = fit(AMDAHL, EIGHT, np.array([amdahl(EIGHT, 16, share) for share in (0, 0.1, 0, 0, 0)]), 16)
    assert free is not None
    assert free.low["serial"] == 0.0
    assert 0.9 < fitted.low["serial"] < fitted.values["serial"] <= 1.0


def test_few_rounds_have_a_value_and_no_interval() -> None:
    fitted = fit(AMDAHL, EIGHT, np.tile(amdahl(EIGHT, 16, 0.3), (2, 1)), 16)
    assert fitted is not None
    assert fitted.values["serial"] == pytest.approx(0.3)
    assert np.isnan(fitted.low["serial"])
    assert np.isnan(fitted.high["serial"])
    most, middle, least = fitted.speedups(np.array(4.0), 16)
    assert least == middle == most == pytest.approx(4 / 1.9)


def test_one_core_tells_nothing_of_scaling() -> None:
    assert fit(AMDAHL, np.array([1.0, 2.0]), np.ones((5, 2)), 1) is None


def test_a_round_that_lacks_sizes_is_fitted_to_the_others_or_left_out() -> None:
    rounds = np.tile(usl(EIGHT, 16, 0.1, 0.01), (3, 1))
    rounds[0, 4:] = np.nan
    rounds[1, 1:] = np.nan
    fitted = fit(USL, EIGHT, rounds, 16)
    assert fitted is not None
    assert fitted.rounds == 2
    assert fitted.values["contention"] == pytest.approx(0.1, abs=1e-5)


AXES = ("model", "task_ms", "workers")


def test_a_table_has_each_models_parameters_over_one_worker_of_its_own() -> None:
    cases = {
        "process_executor 10 1": [2.0] * 5,
        "process_executor 10 2": [1.1] * 5,
        "process_executor 10 4": [1.1] * 5,
        "process_executor 1 2": [9.0] * 5,
        "thread_pool 10 1": [2.0] * 5,
        "thread_pool 10 2": [2.0] * 5,
        "sequential 10 -": [1.9] * 5,
    }
    rows = table(made(cases, AXES), "workers", task_ms=10)
    amdahl_of = {row["model"]: row for row in rows.rows(named=True) if row["law"] == "Amdahl"}
    assert set(amdahl_of) == {"process_executor", "thread_pool"}
    assert amdahl_of["process_executor"]["value"] == pytest.approx(0.1, abs=1e-5)  # 2 / (1 + s) = 2 / 1.1
    assert amdahl_of["thread_pool"]["value"] == pytest.approx(1.0, abs=1e-5)
    assert rows["rounds"].to_list() == [5] * rows.height
    usl_of = rows.filter(law="USL", model="process_executor")
    assert usl_of["parameter"].to_list() == ["contention", "coherency"]


def test_a_model_not_measured_with_one_worker_and_more_has_no_table() -> None:
    with pytest.raises(LabError, match="no model was measured with one and more of workers"):
        table(made({"thread_pool 10 2": [1.0] * 5}, AXES))


def test_the_table_says_each_law_in_a_line() -> None:
    cases = {"process_executor 10 1": [2.0] * 5, "process_executor 10 2": [1.1] * 5}
    few = {case: rounds[:2] for case, rounds in cases.items()}
    whole, part = (
        sentences_of([DerivedTable("scaling", "laws.csv", table(made(each, AXES)))])
        for each in (cases, few)
    )
    assert whole[0] == "process_executor, Amdahl: serial 10.0 (10.0-10.0) %."
    assert part[0] == "process_executor, Amdahl: serial 10.0 %."
    usl_of = [
        ("threads", "USL", name, share, None, None, 2)
        for name, share in (("contention", 0.5), ("coherency", 0))
    ]
    rows = pl.DataFrame(usl_of, schema=SCHEMA, orient="row")
    assert sentences_of([DerivedTable("scaling", "laws.csv", rows)]) == [
        "threads, USL: contention 50.0 %, coherency 0 %."
    ]
