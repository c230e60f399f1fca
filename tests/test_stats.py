"""What the statistics make of rounds, checked by hand and by property."""

from __future__ import annotations

import math
import subprocess
import sys

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_results import Made, made

from lab.stats import resolution, sentences, summarise
from lab.stats.intervals import family_intervals, half_width, mean, median_interval, p_values, rejects
from lab.stats.verdicts import is_time, verdict

T4 = 2.7764451  # Student's 97.5 % and 80 % quantiles with 4 degrees of freedom, from a table
T4_FOUND = 0.9409646

times = st.lists(st.floats(0.01, 100), min_size=5, max_size=10)


def row(results: Made, *, metric: str = "makespan_s", **axes: str | None) -> dict[str, object]:
    summary = summarise(results)
    matches = [pl.col(axis).eq_missing(pl.lit(value, pl.String)) for axis, value in axes.items()]
    return summary.filter(pl.col("metric") == metric, *matches).row(0, named=True)


# Rows to rounds


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
    results = made({"threads": [1], "asyncio_again": [1], "asyncio": [1], "pool": [1]})
    order = ["threads", "asyncio", "asyncio (again)", "pool"]
    assert summarise(results)["model"].to_list() == order


def test_a_case_that_the_grid_does_not_name_comes_last() -> None:
    results = made({"asyncio": [1], "threads": [1]}, experiment={"cases": [{"model": "threads"}]})
    assert summarise(results)["model"].to_list() == ["threads", "asyncio"]


def test_a_grid_of_truths_is_recognised_in_the_tables() -> None:
    grid = {"cases": [{"locked": True}, {"locked": False}]}
    results = made({"false": [1], "true": [1]}, axes=("locked",), experiment=grid)
    assert summarise(results)["locked"].to_list() == ["true", "false"]


def test_an_experiment_without_axes_has_one_case() -> None:
    results = made({"": [1, 2, 3]}, axes=())
    assert summarise(results).select("median", "ratio", "verdict").rows() == [(2, None, "")]


# Intervals


def test_the_median_of_five_rounds_lies_between_the_least_and_the_greatest() -> None:
    asyncio = row(made({"asyncio": [3, 1, 2, 5, 4]}), model="asyncio")
    assert (asyncio["low"], asyncio["median"], asyncio["high"]) == (1, 3, 5)


@pytest.mark.parametrize(("rounds", "skipped"), [(5, 0), (6, 0), (8, 0), (9, 1), (10, 1), (12, 2), (25, 7)])
def test_the_median_skips_as_many_order_statistics_as_tables_say(rounds: int, skipped: int) -> None:
    low, high = median_interval(np.arange(rounds, dtype=float)[None, :])
    assert (low[0], high[0]) == (skipped, rounds - 1 - skipped)


def test_a_ratio_is_the_geometric_mean_of_the_rounds_with_students_interval() -> None:
    # log-ratios are ln 2 + (0, 0, 0, 0, ln 4): their standard error is ln 4 / 5.
    threads = row(made({"asyncio": [1, 2, 3, 4, 5], "threads": [2, 4, 6, 8, 40]}), model="threads")
    assert threads["ratio"] == pytest.approx(2 * 4**0.2)
    assert threads["ratio_low"] == pytest.approx(2 * 4 ** (0.2 - 0.2 * T4))
    assert threads["ratio_high"] == pytest.approx(2 * 4 ** (0.2 + 0.2 * T4))


def test_a_round_that_one_partner_lacks_drops_out_of_that_pair_only() -> None:
    results = made({"asyncio": [1, 1, 1, 1, 1, 9], "threads": [2, 2, 2, 2, 2, "raised"], "pool": [3] * 6})
    assert (row(results, model="threads")["ratio"], row(results, model="threads")["rounds"]) == (2, 5)
    assert row(results, model="pool")["ratio"] == pytest.approx(3 * 9 ** (-1 / 6))


def test_fewer_than_five_rounds_give_figures_without_interval_or_verdict() -> None:
    threads = row(made({"asyncio": [1] * 4, "threads": [2] * 4}), model="threads")
    figures = [threads[name] for name in ("median", "low", "high", "ratio", "ratio_low", "ratio_high")]
    assert figures == [2, None, None, 2, None, None]
    assert threads["verdict"] == ""


def test_pairs_of_fewer_than_five_shared_rounds_have_no_verdict() -> None:
    results = made({"asyncio": [1] * 4 + ["raised"] * 2, "threads": ["raised", *[2] * 5]})
    assert row(results, model="threads")["verdict"] == ""


def test_the_baseline_has_its_own_word_and_a_ratio_of_1() -> None:
    asyncio = row(made({"asyncio": [1, 2, 3, 4, 5]}), model="asyncio")
    assert [asyncio[name] for name in ("ratio", "ratio_low", "ratio_high", "verdict")] == [
        1,
        1,
        1,
        "baseline",
    ]


@pytest.mark.parametrize("bad", [0.0, -1.0])
def test_a_number_that_is_not_positive_has_no_ratio(bad: float) -> None:
    threads = row(made({"asyncio": [1] * 6, "threads": [2] * 5 + [bad]}), model="threads")
    assert (threads["ratio"], threads["ratio_low"], threads["verdict"]) == (None, None, "")


def test_a_metric_that_is_no_time_has_a_ratio_and_no_verdict() -> None:
    results = made({"asyncio": [1] * 5, "threads": [2] * 5}, metric="memory_bytes")
    threads = row(results, metric="memory_bytes", model="threads")
    assert (threads["ratio"], threads["verdict"]) == (2, "")
    assert not is_time("limit_s")


# Counterparts


def test_an_axis_that_means_nothing_to_a_model_matches_anything() -> None:
    cases = {"sequential 5 -": [8.0], "asyncio 5 1": [4.0], "asyncio 5 4": [2.0], "asyncio 14 4": [1.0]}
    results = made(cases, axes=("model", "tasks", "workers"))
    assert row(results, model="asyncio", workers="4", tasks="5")["speedup"] == pytest.approx(4)
    assert row(results, model="asyncio", tasks="14")["speedup"] is None


def test_a_case_like_several_of_the_baseline_has_a_ratio_to_none_of_them() -> None:
    cases = {"sequential 5 -": [8.0], "asyncio 5 1": [4.0], "asyncio 5 4": [2.0], "sequential 9 -": [8.0]}
    results = made(cases | {"asyncio 9 4": [2.0]}, axes=("model", "tasks", "workers"))
    assert row(results, model="sequential", tasks="5")["ratio"] is None
    assert row(results, model="sequential", tasks="9")["ratio"] == pytest.approx(4)


def test_without_a_baseline_there_are_no_ratios() -> None:
    results = made({"1": [1] * 5, "2": [2] * 5}, axes=("size",))
    assert summarise(results).select("ratio", "verdict").rows() == [(None, "")] * 2
    assert sentences(results, summarise(results)) == []


# Families


def test_holm_rejects_down_to_the_first_that_fails() -> None:
    assert rejects(np.array([0.01, 0.04, 0.03, 0.005])).tolist() == [True, False, False, True]
    assert rejects(np.array([0.04, 0.02])).tolist() == [True, True]


def test_holm_rejects_nothing_where_the_smallest_fails() -> None:
    assert rejects(np.array([0.03, 0.04])).tolist() == [False, False]


def test_holm_does_not_count_what_was_not_measured() -> None:
    assert rejects(np.array([0.04, np.nan, np.nan])).tolist() == [True, False, False]


def test_an_interval_that_holm_does_not_confirm_is_stretched_to_zero() -> None:
    logs = np.array([[1.0, 2.0, 3.0, 4.0, 1.0], [1.0, -1.0, 1.0, -1.0, 0.0]])
    assert p_values(logs)[0] == pytest.approx(0.01955, abs=1e-5)
    low, _ = family_intervals(logs)
    assert low[0] == pytest.approx((mean(logs) - half_width(logs))[0]) and low[0] > 0
    low, high = family_intervals(np.concatenate([logs, logs[1:], logs[1:]]))
    assert (low[0], high[0] > 4) == (0, False)
    assert high[0] == pytest.approx((mean(logs) + half_width(logs))[0])


def test_one_model_among_many_needs_more_than_it_needs_alone() -> None:
    shaky = {"asyncio": [1, 1, 1, 1, 1], "threads": [1.1, 1.3, 1.5, 1.7, 1.1]}
    assert row(made(shaky), model="threads")["verdict"] == "slower"
    others = {f"pool_{number}": [0.9, 1.1, 0.9, 1.1, 1.0] for number in range(9)}
    among_many = row(made(shaky | others), model="threads")
    assert (among_many["verdict"], among_many["ratio_low"]) == ("undecided", 1)


def test_the_baseline_again_is_no_member_of_the_family() -> None:
    cases = {
        "asyncio": [1] * 5,
        "asyncio_again": [0.9, 1.1, 0.9, 1.1, 1.0],
        "threads": [1.1, 1.3, 1.5, 1.7, 1.07],
    }
    found = row(made(cases), model="threads")  # its p is 0.037: enough alone, too much for one of two
    assert float(str(found["ratio_low"])) > 1


def test_models_beside_another_case_of_the_baseline_are_another_family() -> None:
    shaky = {"asyncio 5": [1, 1, 1, 1, 1], "threads 5": [1.1, 1.3, 1.5, 1.7, 1.1], "asyncio 14": [1] * 5}
    others = {f"pool_{number} 14": [0.9, 1.1, 0.9, 1.1, 1.0] for number in range(9)}
    assert row(made(shaky | others, axes=("model", "tasks")), model="threads")["verdict"] == "slower"


# Resolution and verdicts


def test_the_resolution_is_what_equals_show_to_be_found_four_times_out_of_five() -> None:
    results = made({"asyncio": [1] * 5, "asyncio_again": [1.02, 1 / 1.02, 1.02, 1 / 1.02, 1.02]})
    assert resolution(results) == pytest.approx(1.02 ** ((T4 + T4_FOUND) / math.sqrt(5)))


def test_the_middle_pair_of_equals_speaks_for_the_run() -> None:
    spread = {"1": 1.01, "2": 1.02, "3": 9.0}
    cases: dict[str, list[float]] = {}
    for tasks, factor in spread.items():
        cases |= {
            f"asyncio {tasks}": [1] * 5,
            f"asyncio_again {tasks}": [factor, 1 / factor] * 2 + [factor],
        }
    resolved = resolution(made(cases, axes=("model", "tasks")))
    assert resolved == pytest.approx(1.02 ** ((T4 + T4_FOUND) / math.sqrt(5)))


def test_without_a_second_baseline_or_five_rounds_of_it_there_is_no_resolution() -> None:
    assert resolution(made({"asyncio": [1] * 5})) is None
    assert resolution(made({"asyncio": [1] * 4, "asyncio_again": [1] * 4})) is None
    assert resolution(made({"asyncio": [1] * 5, "asyncio_again": [1] * 5}), "service_s") is None


@pytest.mark.parametrize(
    ("interval", "resolved", "word"),
    [
        ((1.00, 0.97, 1.03), 1.04, "tie"),
        ((1.02, 1.01, 1.03), 1.04, "tie"),
        ((1.00, 0.95, 1.03), 1.04, "undecided"),
        ((1.00, 0.97, 1.05), 1.04, "undecided"),
        ((1.03, 1.01, 1.05), 1.04, "undecided"),
        ((0.97, 0.95, 0.99), 1.04, "undecided"),
        ((1.10, 1.01, 1.20), 1.04, "slower"),
        ((0.90, 0.80, 0.99), 1.04, "faster"),
        ((1.10, 0.99, 1.20), 1.04, "undecided"),
        ((1.00, 0.97, 1.03), None, "undecided"),
        ((1.02, 1.01, 1.03), None, "slower"),
        ((0.98, 0.97, 0.99), None, "faster"),
        ((1.50, math.nan, math.nan), 1.04, ""),
    ],
)
def test_the_word_follows_from_the_interval_and_the_resolution(
    interval: tuple[float, float, float], resolved: float | None, word: str
) -> None:
    assert verdict(*interval, resolved) == word


def test_a_summary_says_tie_slower_and_undecided() -> None:
    cases = {
        "asyncio": [1.0] * 5,
        "asyncio_again": [1.02, 0.98, 1.02, 0.98, 1.01],
        "even": [1.01, 0.99, 1.0, 1.01, 0.99],
        "slow": [1.21, 1.19, 1.2, 1.21, 1.19],
        "wild": [1.5, 0.7, 1.5, 0.7, 1.0],
        "near": [1.012, 1.011, 1.01, 1.011, 1.012],
    }
    words = dict(summarise(made(cases)).select("model", "verdict").rows())
    assert words == {
        "asyncio": "baseline",
        "asyncio (again)": "tie",
        "even": "tie",
        "slow": "slower",
        "wild": "undecided",
        "near": "tie",
    }


# Speedup and limit


def test_the_speedup_is_sequential_over_the_case_paired_by_round() -> None:
    results = made({"sequential": [4, 8, 4, 8, 4], "asyncio": [1, 2, 1, 2, 1]})
    names = ("speedup", "speedup_low", "speedup_high")
    assert [row(results, model="asyncio")[name] for name in names] == [pytest.approx(4)] * 3
    assert [row(results, model="sequential")[name] for name in names] == [1, 1, 1]


def test_only_the_makespan_has_a_speedup() -> None:
    results = made({"sequential": [4] * 5, "asyncio": [1] * 5}, metric="service_s")
    assert row(results, metric="service_s", model="asyncio")["speedup"] is None


def test_waiting_work_brings_its_own_limit() -> None:
    results = made({"sequential": [4], "asyncio": [1]}).with_samples(limit_s=pl.lit(0.9))
    assert row(results, model="asyncio")["limit"] == 0.9


@pytest.mark.parametrize(
    ("case", "limit"),
    [("sequential 14 -", 8), ("threads 14 1", 8), ("threads 14 3", 8 / 3), ("threads 14 all", 2)],
)
def test_work_that_computes_is_shared_among_workers_and_cores(case: str, limit: float) -> None:
    cases: dict[str, list[float]] = {"sequential 14 -": [8], "asyncio 14 4": [8], case: [8]}
    results = made(cases, axes=("model", "tasks", "workers"), machine={"cores": 4})
    unknown = results.with_samples(limit_s=pl.lit(None, pl.Float64))
    model, _, workers = case.split()
    found = row(unknown, model=model, workers=None if workers == "-" else workers)
    assert found["limit"] == pytest.approx(limit)


def test_fewer_tasks_than_cores_leave_cores_idle() -> None:
    results = made({"sequential 3": [6], "threads 3": [6]}, axes=("model", "tasks"), machine={"cores": 4})
    unknown = results.with_samples(limit_s=pl.lit(None, pl.Float64))
    assert row(unknown, model="threads")["limit"] == 2


def test_live_work_has_no_limit() -> None:
    results = made({"sequential": [6], "threads": [6]}, plan={"live": True})
    assert row(results.with_samples(limit_s=pl.lit(None, pl.Float64)), model="threads")["limit"] is None


# Sentences


def test_the_sentence_names_the_least_the_ties_and_the_most() -> None:
    cases = {
        "asyncio": [1.0] * 5,
        "asyncio_again": [1.02, 0.98, 1.02, 0.98, 1.01],
        "threads": [0.79, 0.81, 0.8, 0.79, 0.81],
        "fork": [0.89, 0.91, 0.9, 0.89, 0.91],
        "pool": [1.01, 0.99, 1.0, 1.01, 0.99],
        "slow": [2.01, 1.99, 2.0, 2.01, 1.99],
        "sequential": [13.9, 14.1, 14.0, 14.0, 14.0],
        "wild": [1.5, 0.7, 1.5, 0.7, 1.0],
    }
    assert sentences(made(cases), summarise(made(cases))) == [
        "threads take 0.800× (0.788-0.812) of asyncio, the least; pool ties with asyncio; "
        "sequential takes 14.0× (13.9-14.1) of asyncio, the most; wild undecided."
    ]


def test_each_case_of_the_baseline_has_its_sentence() -> None:
    cases = {
        "asyncio 5 4": [1.0] * 5,
        "asyncio_again 5 4": [1.02, 0.98, 1.02, 0.98, 1.01],
        "threads 5 4": [1.01, 0.99, 1.0, 1.01, 0.99],
        "asyncio 14 4": [1.0] * 5,
        "threads 14 4": [1.1, 1.11, 1.1, 1.09, 1.1],
    }
    results = made(cases, axes=("model", "tasks", "workers"))
    assert sentences(results, summarise(results)) == [
        "At tasks=5: threads tie with asyncio.",
        "At tasks=14: threads take 1.10× (1.09-1.11) of asyncio.",
    ]


def test_many_cases_have_a_sentence_for_the_ends_and_a_count() -> None:
    cases = {}
    for tasks in range(5):
        cases |= {f"asyncio {tasks}": [1.0] * 5, f"threads {tasks}": [2.0] * 5}
    results = made(cases, axes=("model", "tasks"))
    assert sentences(results, summarise(results)) == [
        "At tasks=0: threads take 2.00× (2.00-2.00) of asyncio.",
        "At tasks=4: threads take 2.00× (2.00-2.00) of asyncio.",
        "Over all 5 cases of asyncio: 5 slower.",
    ]


def test_too_few_rounds_are_said_to_be_too_few() -> None:
    results = made({"asyncio": [1.0] * 3, "threads": [2.0] * 3})
    said = sentences(results, summarise(results))
    assert said == ["No verdicts: they need 5 rounds, and there are 3."]


# Properties


@settings(max_examples=40)
@given(times, st.floats(0.001, 1000))
def test_a_machine_that_is_slower_throughout_changes_no_ratio(numbers: list[float], factor: float) -> None:
    cases = {"asyncio": numbers, "threads": numbers[::-1]}
    slower = {name: [factor * number for number in column] for name, column in cases.items()}
    here, there = row(made(cases), model="threads"), row(made(slower), model="threads")
    for name in ("ratio", "ratio_low", "ratio_high"):
        assert there[name] == pytest.approx(here[name], rel=1e-6)


@settings(max_examples=40)
@given(times)
def test_a_model_as_fast_as_the_baseline_has_a_ratio_of_1(numbers: list[float]) -> None:
    threads = row(made({"asyncio": numbers, "threads": numbers}), model="threads")
    assert [threads[name] for name in ("ratio", "ratio_low", "ratio_high")] == [1, 1, 1]


@settings(max_examples=40)
@given(times)
def test_swapping_model_and_baseline_inverts_the_ratio(numbers: list[float]) -> None:
    cases = {"asyncio": numbers, "threads": numbers[::-1][1:] + numbers[:1]}
    one = row(made(cases), model="threads")
    other = row(made(cases, baseline="threads"), model="asyncio")
    assert other["ratio"] == pytest.approx(1 / float(str(one["ratio"])))
    assert other["ratio_low"] == pytest.approx(1 / float(str(one["ratio_high"])))
    assert other["ratio_high"] == pytest.approx(1 / float(str(one["ratio_low"])))


@settings(max_examples=40)
@given(st.lists(times, min_size=2, max_size=5), st.integers(0, 2**32))
def test_the_order_of_rows_changes_no_byte_of_the_summary(columns: list[list[float]], seed: int) -> None:
    names = ["asyncio", "asyncio_again", "threads", "pool", "sequential"]
    results = made(dict(zip(names, columns, strict=False)))
    shuffled = results.shuffled(seed)
    assert summarise(shuffled).write_csv() == summarise(results).write_csv()


@settings(max_examples=40)
@given(st.lists(times, min_size=3, max_size=6))
def test_words_and_intervals_agree(columns: list[list[float]]) -> None:
    names = ["asyncio", "asyncio_again", "threads", "pool", "sequential", "fork"]
    for found in summarise(made(dict(zip(names, columns, strict=False)))).to_dicts():
        if found["verdict"] == "faster":
            assert found["ratio_low"] <= found["ratio"] <= found["ratio_high"] < 1
        elif found["verdict"] == "slower":
            assert 1 < found["ratio_low"] <= found["ratio"] <= found["ratio_high"]


def test_the_slow_half_of_scipy_is_not_imported() -> None:
    script = "import sys, lab.stats, lab.claims; print('scipy.stats' in sys.modules)"
    out = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "False"
