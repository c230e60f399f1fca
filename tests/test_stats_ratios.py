"""Medians, ratios and their intervals: checked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import strategies as st
from made_results import made, row

from lab.analysis.stats import summarise
from lab.analysis.stats.decision import is_time
from lab.analysis.stats.holm import family_intervals, p_values, rejects
from lab.analysis.stats.intervals import half_width, mean, median_interval
from lab.present.sentences.comparisons import findings

T4 = 2.7764451  # Student's 97.5 % and 80 % quantiles with 4 degrees of freedom, from a table
T4_FOUND = 0.9409646

times = st.lists(st.floats(0.01, 100), min_size=5, max_size=10)


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
    assert findings(results, summarise(results)) == []


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
        "asyncio_aa": [0.9, 1.1, 0.9, 1.1, 1.0],
        "threads": [1.1, 1.3, 1.5, 1.7, 1.07],
    }
    judged_row = row(made(cases), model="threads")  # its p is 0.037: enough alone, too much for one of two
    assert float(str(judged_row["ratio_low"])) > 1


def test_models_beside_another_case_of_the_baseline_are_another_family() -> None:
    shaky = {"asyncio 5": [1, 1, 1, 1, 1], "threads 5": [1.1, 1.3, 1.5, 1.7, 1.1], "asyncio 14": [1] * 5}
    others = {f"pool_{number} 14": [0.9, 1.1, 0.9, 1.1, 1.0] for number in range(9)}
    assert row(made(shaky | others, axes=("model", "tasks")), model="threads")["verdict"] == "slower"
