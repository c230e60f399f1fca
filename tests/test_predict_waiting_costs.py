"""What small sizes predict for large ones: exact where the costs are, bounded where they are bounds."""

from __future__ import annotations

from math import log

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_results import made

from lab.analysis.derived import DerivedTable, derive
from lab.analysis.predict.estimate import exactly, over, wider
from lab.analysis.predict.extrapolation import table
from lab.analysis.predict.forecast import bounds
from lab.analysis.predict.loads import LAWS, Load, at_once
from lab.analysis.predict.models import Law
from lab.analysis.predict.question import Question
from lab.analysis.predict.waiting_costs import Costs, Drift, Linear, costs_of, lines, power, sweep
from lab.analysis.stats.rounds import by_round
from lab.core.derived import extrapolation
from lab.core.errors import LabError
from lab.present.findings import sentences_of
from lab.store.reading import Results

AXES = ("model", "in_flight")


def makespan_bounds(tasks, in_flight, wait_s, begin_s, demand_s, lag_s=0.0):
    load = Load(in_flight, demand_s, demand_s, Linear(lag_s, begin_s), 0.0)
    return bounds(LAWS[Law.EVENT_LOOP], Question(tasks, wait_s, 0.0, 1), load)


def test_one_wave_takes_its_wait_and_then_what_is_shared() -> None:
    assert makespan_bounds(10, 10, 1.0, 0.0, 0.0) == (1.0, 1.0)
    assert makespan_bounds(100, 100, 1.0, 0.001, 0.001) == pytest.approx((1.1, 1.1))
    assert makespan_bounds(1000, 1000, 1.0, 0.001, 0.005) == (5.0, 6.0)  # the shared thing is full


def test_waves_follow_one_another() -> None:
    assert makespan_bounds(14, 4, 0.05, 0.0, 0.0) == pytest.approx((0.2, 0.2))


def test_work_that_never_waits_takes_what_it_takes() -> None:
    assert makespan_bounds(8, 2, 0.0, 0.0, 0.025) == (0.2, 0.2)


positive = st.floats(1e-6, 10)


@given(st.integers(1, 10_000), st.integers(1, 10_000), positive, positive, positive)
def test_the_least_is_never_more_than_the_most_and_both_grow_with_the_demand(
    tasks, in_flight, wait, begin, demand
) -> None:
    least, most = makespan_bounds(tasks, in_flight, wait, begin, demand)
    assert wait <= least <= most
    assert least <= np.sqrt(least * most) * 1.000001 <= most * 1.000002
    more = makespan_bounds(tasks, in_flight, wait, begin, 2 * demand)
    assert more[0] >= least
    assert more[1] >= most


def test_littles_law_says_how_many_are_there() -> None:
    assert at_once(5_000, 1.0, 0.0004, 0.0008) == (1_250, 2_500)
    assert at_once(5_000, 1.0, 0.0004, 0.0002) == (2_500, 2_500)
    assert at_once(1_000, 1.0, 0.0004, 0.0008) == (1_000, 1_000)
    assert at_once(5_000, 1.0, 0.0, 0.0008) == (1_250, 5_000)


def test_a_line_is_found_for_each_round_and_never_falls() -> None:
    sizes = np.array([1.0, 10, 1000])
    values = np.array([3 + 0.5 * sizes, 1 + 2 * sizes, 9 - 0.001 * sizes]).T
    intercepts, slopes = lines(sizes, values)
    assert intercepts == pytest.approx([3, 1, 9])
    assert slopes == pytest.approx([0.5, 2, 0])


def test_one_size_alone_is_a_share_of_each_and_a_missing_round_stays_missing() -> None:
    intercepts, slopes = lines(np.array([100.0]), np.array([[5.0, np.nan]]))
    assert (intercepts[0], slopes[0]) == (0.0, 0.05)
    assert np.isnan(slopes[1])


def test_an_estimate_lies_in_its_interval_and_has_none_of_few_rounds() -> None:
    low, middle, high = over(np.array([1.0, 1.2, 0.8, 1.1, 0.9]))
    assert middle == 1.0
    assert high - 1.0 == 1.0 - low == pytest.approx(2.7764451 * np.sqrt(0.025 * (1 + 1 / 5)))
    assert list(over(np.array([2.0, 4.0]))) == [3.0, 3.0, 3.0]
    assert over(np.array([0.0, 0.0, 5.0, 0.0, 0.0]))[0] == 0.0


def measured(model: str, begin: float, cpu: float, unit: float, sizes, rounds: int = 5):
    """Return the three metrics of a model whose costs are exactly these, waits of 1 s, 0.01 s of lag."""
    results_of = {}
    for size in sizes:
        least, most = makespan_bounds(size, size, 1.0, begin, cpu, 0.01)
        there = size if model == "asyncio" else at_once(size, 1.0, begin, cpu)[1]
        numbers = (np.sqrt(least * most), cpu + 0.001 / size, 5e5 + unit * there)
        results_of[f"{model} {size}"] = [float(number) for number in numbers]
    return {
        metric: {case: [numbers[index]] * rounds for case, numbers in results_of.items()}
        for index, metric in enumerate(("makespan_s", "cpu_of_each_s", "waiting_memory_bytes"))
    }


def results(*sweeps):
    """Return results in which every case has all three metrics."""
    frames = []
    for metric in ("makespan_s", "cpu_of_each_s", "waiting_memory_bytes"):
        cases = {case: rounds for each in sweeps for case, rounds in each[metric].items()}
        frames.append(made(cases, AXES, metric))
    first, *others = frames
    samples = first.samples
    for other in others:
        samples = samples.join(
            other.samples.drop("experiment", "void", *AXES), on=["round", "trial", "sample"]
        )
    return first.with_samples(
        **{name: samples[name] for name in samples.columns if name.endswith(("_s", "_bytes"))}
    )


SIZES = (1, 10, 100, 1_000, 5_000, 10_000)


def test_exact_costs_predict_the_larger_sizes_exactly() -> None:
    rows = table(results(measured("asyncio", 2e-4, 1.5e-4, 9_000, SIZES)), "in_flight", 1_000, 1.0)
    assert rows.columns == [*AXES, "metric", "predicted", "predicted_low", "predicted_high", "measured"]
    assert rows.height == 6
    assert rows["predicted"].to_list() == pytest.approx(rows["measured"].to_list(), rel=1e-6)
    assert rows["predicted_low"].to_list() == pytest.approx(rows["predicted_high"].to_list(), rel=1e-6)


def test_threads_that_end_as_fast_as_they_begin_hold_no_more_memory() -> None:
    rows = table(results(measured("threads", 4e-4, 3e-4, 28_000, SIZES)), "in_flight", 1_000, 1.0)
    memory = rows.filter(metric="waiting_memory_bytes")
    assert memory["predicted"].to_list() == pytest.approx([5e5 + 2_500 * 28_000] * 2, rel=1e-6)


def test_a_pile_that_the_loop_works_off_meanwhile_grows_by_its_power_and_no_faster_than_the_tasks() -> None:
    sizes = np.array([1.0, 10.0, 1_000.0, 100.0])
    assert power(sizes, 5e4 * sizes**0.8) == pytest.approx(0.8)
    assert power(sizes, np.array([np.nan, 7.0, 9.0, -1.0])) == pytest.approx(log(9 / 7) / log(100))
    assert power(sizes, 5e4 * sizes**1.2) == 1.0
    assert power(sizes, 5e4 * sizes**-0.2) == 0.0
    assert power(sizes, np.array([np.nan, 0.0, 9.0, -1.0])) == 1.0


def test_a_peak_beyond_the_sizes_is_what_waits_and_a_pile_that_grows_as_it_did() -> None:
    waiting, peaks = np.full(5, 9_000.0), np.full(5, 16_000.0)
    none = np.zeros(5)
    each = {"waiting_memory_bytes": waiting, "peak_memory_bytes": peaks}
    costs = Costs(dict.fromkeys(each, none), each, up_to=1_000, pile=0.8)
    assert costs.at("peak_memory_bytes", 1_000).each[1] == pytest.approx(16_000)
    assert costs.at("peak_memory_bytes", 10_000).each[1] == pytest.approx(9_000 + 7_000 * 10**-0.2)
    assert costs.at("waiting_memory_bytes", 10_000).each[1] == pytest.approx(9_000)


def test_a_size_measured_beyond_does_not_enter_the_prediction() -> None:
    exact = measured("asyncio", 2e-4, 1.5e-4, 9_000, SIZES)
    other = {metric: dict(cases) for metric, cases in exact.items()}
    other["makespan_s"]["asyncio 10000"] = [99.0] * 5
    one, two = (table(results(each), "in_flight", 1_000, 1.0) for each in (exact, other))
    assert one["predicted"].to_list() == two["predicted"].to_list()
    assert two.filter(in_flight="10000", metric="makespan_s")["measured"].to_list() == [99.0]


def test_a_model_that_was_measured_on_one_side_only_is_left_out() -> None:
    both = measured("asyncio", 2e-4, 1.5e-4, 9_000, SIZES)
    small = measured("processes", 5e-3, 5e-3, 1e6, (10, 100))
    assert set(table(results(both, small), "in_flight", 1_000, 1.0)["model"]) == {"asyncio"}
    with pytest.raises(LabError, match="both up to in_flight=1000 and beyond"):
        table(results(small), "in_flight", 1_000, 1.0)


def test_costs_are_read_off_the_sizes() -> None:
    rounds = by_round(results(measured("asyncio", 2e-4, 1.5e-4, 9_000, (1, 10, 100))))
    costs = costs_of(sweep(rounds, {1: 0, 10: 1, 100: 2}, 1.0), {})
    assert costs.at("makespan_s", 1).each == pytest.approx(exactly(2e-4))
    assert costs.at("makespan_s", 1).own == pytest.approx(exactly(0.01))
    assert costs.at("cpu_of_each_s", 1).each == pytest.approx(exactly(1.5e-4))
    assert costs.at("waiting_memory_bytes", 1).each == pytest.approx(exactly(9_000))
    assert np.isnan(costs.of_each["peak_memory_bytes"]).all()  # not measured here


def test_one_size_alone_is_as_uncertain_for_fewer_as_for_more() -> None:
    drift = Drift(0.1, 2)
    none, held = np.zeros(5), np.full(5, 40_000.0)
    each = {"waiting_memory_bytes": none, "peak_memory_bytes": held}
    one = Costs(
        dict.fromkeys(each, none), each, up_to=1_000, drift={"peak_memory_bytes": drift}, alone=True
    )
    fewer, more = (list(one.at("peak_memory_bytes", size).each) for size in (100, 10_000))
    assert list(one.at("peak_memory_bytes", 1_000).each) == [40_000] * 3
    assert fewer == more == list(wider(exactly(40_000), drift.half_width(10_000, 1_000)))
    assert fewer[2] > 60_000
    rounds = by_round(results(measured("thread_pool", 2e-4, 1.5e-4, 9_000, (1_000,))))
    assert costs_of(sweep(rounds, {1_000: 0}, 1.0), {}).alone
    two = by_round(results(measured("thread_pool", 2e-4, 1.5e-4, 9_000, (100, 1_000))))
    assert not costs_of(sweep(two, {100: 0, 1_000: 1}, 1.0), {}).alone


def test_the_table_is_the_store_kind_of_table() -> None:
    rows = table(results(measured("asyncio", 2e-4, 1.5e-4, 9_000, SIZES)), "in_flight", 1_000, 1.0)
    assert rows.schema["in_flight"] == pl.String
    assert rows.schema["predicted"] == pl.Float64


def test_the_table_says_what_was_predicted_and_how_far_off_it_was() -> None:
    exact = measured("asyncio", 2e-4, 1.5e-4, 9_000, SIZES)
    exact["makespan_s"]["asyncio 10000"] = [2.512] * 5
    rows = table(results(exact), "in_flight", 1_000, 1.0)
    lines = sentences_of([DerivedTable("extrapolation", "prediction.csv", rows)])
    assert (
        "model=asyncio in_flight=10000: makespan predicted 3.01 (3.01-3.01) s, measured 2.51 s, +20 %."
        in lines
    )
    assert any(
        "waiting memory predicted 90.5 (90.5-90.5) MB, measured 90.5 MB, +0 %" in each for each in lines
    )


def test_a_derived_table_has_its_rows_or_says_why_there_are_none() -> None:
    declared = [extrapolation("in_flight", up_to=1_000, wait_s=1.0)]
    (whole,) = derive(declared, named(results(measured("asyncio", 2e-4, 1.5e-4, 9_000, SIZES))))
    assert whole.file == "prediction.csv"
    assert whole.rows.columns[:3] == ["model", "in_flight", "metric"]
    assert len(sentences_of([whole])) == whole.rows.height == 6
    assert whole.fault is None
    (small,) = derive(declared, named(results(measured("asyncio", 2e-4, 1.5e-4, 9_000, (1, 10)))))
    assert "made: no prediction.csv: nothing was measured both" in str(small.fault)
    assert (small.file, small.rows, sentences_of([small])) == ("prediction.csv", None, [])


def named(results_of):
    """Return results that have a name, as the store's do."""
    return Results(
        "made",
        results_of.environment,
        results_of.axes,
        results_of.samples,
        results_of.trials,
        results_of.samples.clear(),
    )
