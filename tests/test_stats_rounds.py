"""Which rows count, and what a trial, a case and a round are to the statistics."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from hypothesis import strategies as st
from made_results import Made, made, row

from lab.analysis.stats import summarise
from lab.core.work import Case
from lab.store.environment_file import write_environment
from lab.store.reading import read
from lab.store.records import Sample, Trial
from lab.store.writing import Writer

T4 = 2.7764451  # Student's 97.5 % and 80 % quantiles with 4 degrees of freedom, from a table
T4_FOUND = 0.9409646

times = st.lists(st.floats(0.01, 100), min_size=5, max_size=10)


def test_a_trial_counts_as_the_median_of_its_samples() -> None:
    results = made({"asyncio": [[1, 2, 9], [3, 3, 90], [4, 1, 8]]})
    assert row(results, model="asyncio")["median"] == 3


def test_a_void_sample_does_not_count() -> None:
    results = made({"asyncio": [[1, 2, 9]]})
    void = pl.when(pl.col("sample") == 3).then(pl.lit("wrong result")).otherwise(pl.lit(""))
    assert row(results.with_samples(void=void), model="asyncio")["median"] == 1.5


def test_a_void_that_was_read_as_missing_counts() -> None:
    results = made({"asyncio": [[1, 2, 9]]}).with_samples(void=pl.lit(None, pl.String))
    assert row(results, model="asyncio")["median"] == 2


def test_samples_of_a_trial_that_failed_do_not_count() -> None:
    results = made({"asyncio": [1, 2, 30]})
    status = pl.when(pl.col("trial") == 3).then(pl.lit("void")).otherwise(pl.col("status"))
    voided = Made(
        results.environment, results.axes, results.samples, results.trials.with_columns(status=status)
    )
    asyncio = row(voided, model="asyncio")
    assert (asyncio["median"], asyncio["rounds"], asyncio["void"]) == (1.5, 2, 1)


def test_trials_that_are_not_ok_are_counted_but_for_skipped_ones() -> None:
    results = made({"asyncio": [1, "void", "timeout", "skipped", 2]})
    asyncio = row(results, model="asyncio")
    assert (asyncio["rounds"], asyncio["void"]) == (2, 2)


def test_a_case_without_an_ok_trial_is_void() -> None:
    results = made({"asyncio": [1] * 5, "threads": ["raised"] * 5})
    threads = row(results, model="threads")
    assert (threads["verdict"], threads["median"], threads["ratio"]) == ("void", None, None)


def test_a_baseline_without_an_ok_trial_is_void_and_nothing_is_compared_with_it() -> None:
    results = made({"asyncio": ["raised"] * 5, "threads": [1] * 5})
    assert row(results, model="asyncio")["verdict"] == "void"
    assert (row(results, model="threads")["verdict"], row(results, model="threads")["ratio"]) == ("", None)


def test_a_case_that_was_only_skipped_is_not_void() -> None:
    results = made({"asyncio": [1] * 5, "fork": ["skipped"] * 5})
    assert (row(results, model="fork")["verdict"], row(results, model="fork")["void"]) == ("", 0)


def test_nothing_measured_at_all_still_has_a_summary() -> None:
    results = made({"asyncio": ["raised"]})
    samples = pl.DataFrame(
        schema={"round": pl.Int64, "trial": pl.Int64, "void": pl.String, "makespan_s": pl.Float64}
    )
    nothing = Made(results.environment, results.axes, samples, results.trials)
    assert row(nothing, model="asyncio")["verdict"] == "void"


def test_text_is_not_summarised_and_booleans_count_as_0_and_1() -> None:
    results = made({"asyncio": [1, 2, 3]}).with_samples(
        engine=pl.lit("epoll"), lost=pl.col("round") > 1, limit_s=pl.lit(0.5)
    )
    assert summarise(results)["metric"].to_list() == ["makespan_s", "lost"]
    assert row(results, metric="lost", model="asyncio")["median"] == 1


def test_rows_are_in_grid_order_with_the_baseline_again_behind_its_first() -> None:
    results = made({"threads": [1], "asyncio_aa": [1], "asyncio": [1], "pool": [1]})
    order = ["threads", "asyncio", "asyncio (A/A)", "pool"]
    assert summarise(results)["model"].to_list() == order


def test_a_case_that_the_grid_does_not_name_comes_last() -> None:
    results = made({"asyncio": [1], "threads": [1]}, experiment={"cases": [{"model": "threads"}]})
    assert summarise(results)["model"].to_list() == ["threads", "asyncio"]


def test_a_grid_of_truths_is_recognised_in_what_the_store_wrote(tmp_path: Path) -> None:
    grid = [{"locked": True}, {"locked": False}]
    experiment = {"name": "guarded", "axes": ["locked"], "cases": grid, "question": "?", "baseline": ""}
    write_environment(tmp_path, {"experiment": experiment, "plan": {}, "machine": {"cores": 1}})
    writer = Writer(tmp_path)
    for number, params in enumerate(reversed(grid), 1):
        case = Case("guarded", params)
        writer.add(Trial(1, number, case, "ok", 1), [Sample(1, number, 1, case, {"lost": 1.0})])
    assert summarise(read(tmp_path))["locked"].to_list() == ["True", "False"]


def test_an_experiment_without_axes_has_one_case() -> None:
    results = made({"": [1, 2, 3]}, axes=())
    assert summarise(results).select("median", "ratio", "verdict").rows() == [(2, None, "")]


def test_metrics_of_a_trial_are_summarised_beside_those_of_its_samples() -> None:
    results = made({"asyncio": [[1, 2], [3, 4], "void"]})
    trials = results.trials.with_columns(
        start_up_s=pl.Series([0.1, 0.3, 9.0]), peak_memory_bytes=pl.Series([5, 7, 900])
    )
    results = replace(results, trials=trials)
    assert row(results, metric="start_up_s", model="asyncio")["median"] == pytest.approx(0.2)
    assert row(results, metric="peak_memory_bytes", model="asyncio")["median"] == 6
    assert row(results, model="asyncio")["median"] == 2.5


def test_a_phase_that_no_trial_has_is_no_metric() -> None:
    results = made({"asyncio": [1, 2]})
    results = replace(results, trials=results.trials.with_columns(start_up_s=pl.lit(None, pl.Float64)))
    assert summarise(results)["metric"].unique().to_list() == ["makespan_s"]
