"""What a run resolves, the words that follow, and the limit."""

from __future__ import annotations

import math

import polars as pl
import pytest
from hypothesis import strategies as st
from made_results import Made, made, row

from lab.analysis.stats import summarise
from lab.analysis.stats.decision import is_time, verdict
from lab.analysis.stats.ratios import resolution_of
from lab.analysis.stats.rounds import by_round
from lab.present.sentences.comparisons import findings

T4 = 2.7764451  # Student's 97.5 % and 80 % quantiles with 4 degrees of freedom, from a table
T4_FOUND = 0.9409646


def resolution(results: Made, metric: str = "makespan_s") -> float | None:
    return resolution_of(by_round(results), metric)


times = st.lists(st.floats(0.01, 100), min_size=5, max_size=10)


# Resolution and verdicts


def test_the_resolution_is_what_equals_show_to_be_found_four_times_out_of_five() -> None:
    results = made({"asyncio": [1] * 5, "asyncio_aa": [1.02, 1 / 1.02, 1.02, 1 / 1.02, 1.02]})
    assert resolution(results) == pytest.approx(1.02 ** ((T4 + T4_FOUND) / math.sqrt(5)))


def test_the_middle_pair_of_equals_speaks_for_the_run() -> None:
    spread = {"1": 1.01, "2": 1.02, "3": 9.0}
    cases: dict[str, list[float]] = {}
    for tasks, factor in spread.items():
        cases |= {
            f"asyncio {tasks}": [1] * 5,
            f"asyncio_aa {tasks}": [factor, 1 / factor] * 2 + [factor],
        }
    resolved = resolution(made(cases, axes=("model", "tasks")))
    assert resolved == pytest.approx(1.02 ** ((T4 + T4_FOUND) / math.sqrt(5)))


def test_without_a_second_baseline_or_five_rounds_of_it_there_is_no_resolution() -> None:
    assert resolution(made({"asyncio": [1] * 5})) is None
    assert resolution(made({"asyncio": [1] * 4, "asyncio_aa": [1] * 4})) is None
    assert resolution(made({"asyncio": [1] * 5, "asyncio_aa": [1] * 5}), "service_s") is None


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
        "asyncio_aa": [1.02, 0.98, 1.02, 0.98, 1.01],
        "even": [1.01, 0.99, 1.0, 1.01, 0.99],
        "slow": [1.21, 1.19, 1.2, 1.21, 1.19],
        "wild": [1.5, 0.7, 1.5, 0.7, 1.0],
        "near": [1.012, 1.011, 1.01, 1.011, 1.012],
    }
    words = dict(summarise(made(cases)).select("model", "verdict").rows())
    assert words == {
        "asyncio": "baseline",
        "asyncio (A/A)": "tie",
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


def test_how_many_are_handed_over_at_a_time_does_not_change_the_limit() -> None:
    cases = {"sequential 0.1 1": [6.0], "sequential 10 1": [9.0], "processes 0.1 64": [4.0]}
    results = made(cases, axes=("model", "task_ms", "chunk"), machine={"cores": 4})
    unknown = results.with_samples(limit_s=pl.lit(None, pl.Float64))
    assert row(unknown, model="processes")["limit"] == 1.5


def test_live_work_has_no_limit() -> None:
    results = made({"sequential": [6], "threads": [6]}, plan={"live": True})
    assert row(results.with_samples(limit_s=pl.lit(None, pl.Float64)), model="threads")["limit"] is None


# Sentences


def test_the_sentence_names_the_least_the_ties_and_the_most() -> None:
    cases = {
        "asyncio": [1.0] * 5,
        "asyncio_aa": [1.02, 0.98, 1.02, 0.98, 1.01],
        "threads": [0.79, 0.81, 0.8, 0.79, 0.81],
        "fork": [0.89, 0.91, 0.9, 0.89, 0.91],
        "pool": [1.01, 0.99, 1.0, 1.01, 0.99],
        "slow": [2.01, 1.99, 2.0, 2.01, 1.99],
        "sequential": [13.9, 14.1, 14.0, 14.0, 14.0],
        "wild": [1.5, 0.7, 1.5, 0.7, 1.0],
    }
    assert findings(made(cases), summarise(made(cases))) == [
        "Compared with asyncio: threads take 0.800× (0.788-0.812) as long, the fastest; sequential takes"
        " 14.0× (13.9-14.1) as long, the slowest; pool tied; wild undecided.",
        "asyncio against itself: this run resolves differences of 3.1 % or more.",
    ]


def test_each_case_of_the_baseline_has_its_sentence() -> None:
    cases = {
        "asyncio 5 4": [1.0] * 5,
        "asyncio_aa 5 4": [1.02, 0.98, 1.02, 0.98, 1.01],
        "threads 5 4": [1.01, 0.99, 1.0, 1.01, 0.99],
        "asyncio 14 4": [1.0] * 5,
        "threads 14 4": [1.1, 1.11, 1.1, 1.09, 1.1],
    }
    results = made(cases, axes=("model", "tasks", "workers"))
    assert findings(results, summarise(results)) == [
        "At tasks=5, compared with asyncio: threads tied.",
        "At tasks=14, compared with asyncio: threads take 1.10× (1.09-1.11) as long.",
        "asyncio against itself: this run resolves differences of 3.1 % or more.",
    ]


def test_where_the_baseline_is_not_beaten_the_sentence_says_so() -> None:
    cases = {
        "asyncio": [1.0] * 5,
        "fork": [1.5, 1.51, 1.5, 1.49, 1.5],
        "wild": [1.5, 0.7, 1.5, 0.7, 1.0],
    }
    assert findings(made(cases), summarise(made(cases))) == [
        "Compared with asyncio: nothing is shown to be faster; fork takes 1.50× (1.49-1.51) as long, the"
        " slowest; wild undecided."
    ]


def test_many_cases_have_a_sentence_for_the_ends_and_a_count() -> None:
    cases = {}
    for tasks in range(5):
        cases |= {f"asyncio {tasks}": [1.0] * 5, f"threads {tasks}": [2.0] * 5}
    results = made(cases, axes=("model", "tasks"))
    assert findings(results, summarise(results)) == [
        "At tasks=0, compared with asyncio: threads take 2.00× (2.00-2.00) as long.",
        "At tasks=4, compared with asyncio: threads take 2.00× (2.00-2.00) as long.",
        "Overall, 5 comparisons with asyncio, in 5 cases: 5 slower.",
    ]


def test_a_sentence_says_that_there_are_too_few_rounds() -> None:
    results = made({"asyncio": [1.0] * 3, "threads": [2.0] * 3})
    shown = findings(results, summarise(results))
    assert shown == ["No verdicts: they need 5 rounds, and there are 3."]


def bound(busy: dict[str, float]) -> Made:
    """Return five rounds of equal makespans in which the server was so busy."""
    results = made({model: [1.0] * 5 for model in busy})
    shares = [busy[model] for model in results.samples["model"]]
    return results.with_samples(server_busy=pl.Series(shares), makespan_s=pl.col("makespan_s") * 2)


def test_a_case_near_the_servers_ceiling_is_not_ranked() -> None:
    results = bound({"asyncio": 0.2, "threads": 0.8, "fork": 0.79})
    words = {model: row(results, model=model)["verdict"] for model in ("asyncio", "threads", "fork")}
    assert words == {"asyncio": "baseline", "threads": "server-bound", "fork": "undecided"}
    assert "threads server-bound, so not ranked" in findings(results, summarise(results))[0]


def test_nothing_is_ranked_against_a_baseline_near_the_servers_ceiling() -> None:
    results = bound({"asyncio": 0.9, "threads": 0.1})
    assert row(results, model="asyncio")["verdict"] == "server-bound"
    assert row(results, model="threads")["verdict"] == "server-bound"


def test_a_case_that_is_not_ranked_costs_the_others_nothing() -> None:
    steady, shaky = [1.0] * 5, [1.1, 1.3, 1.5, 1.7, 1.1]
    cases = {"asyncio": steady, "threads": shaky} | {f"other_{number}": shaky for number in range(9)}
    results = made(cases)
    assert row(results, model="threads")["verdict"] == "undecided"
    shares = [0.9 if model.startswith("other") else 0.1 for model in results.samples["model"]]
    alone = results.with_samples(server_busy=pl.Series(shares))
    assert row(alone, model="threads")["verdict"] == "slower"


def test_only_seconds_that_somebody_waits_for_have_a_word() -> None:
    assert is_time("makespan_s") and is_time("start_up_s")
    assert not any(map(is_time, ("cpu_s", "cpu_system_s", "limit_s", "served_per_s", "cores_busy")))
