"""Predictions are exact for exact costs, and name what a model cannot do."""

from __future__ import annotations

import numpy as np
import pytest
from predict_results import MANY, MODELS, cannot, costs, known, of, precisely

from lab.analysis.predict.estimate import Estimate, exactly
from lab.analysis.predict.forecast import forecast
from lab.analysis.predict.question import Question
from lab.analysis.predict.waiting_costs import Drift

approx = pytest.approx


def test_a_loop_is_full_with_what_it_computes_and_uses_one_core():
    predicted = of("asyncio", Question(10_000, 0.05, 0.0008, cores=64, in_flight=1_000))
    assert predicted.makespan_s.low == approx(10.0)  # 10,000 x (0.2 + 0.8 ms)
    assert predicted.makespan_s.high == approx(10.5)  # and ten waves of 50 ms
    assert predicted.cpu_s.value == approx(10.0)
    assert predicted.saturates_at.value == approx(51)
    assert cannot(predicted) == "cannot use more than 1.0 of 64 cores: one event loop is one thread"


def test_the_memory_needed_is_that_of_the_peak_and_tasks_without_a_place_are_held_too():
    predicted = of("asyncio", Question(10_000, 0.05, 0.0008, cores=64, in_flight=1_000))
    assert predicted.waiting_bytes.value == approx(1_000 * 10_000 + 9_000 * 2_000)
    assert predicted.memory_bytes.value == approx(1_000 * 16_000 + 9_000 * 2_000)
    all_at_once = of("asyncio", Question(1_000, 1.0, 0.0, cores=1))
    assert (all_at_once.waiting_bytes.value, all_at_once.memory_bytes.value) == approx((10e6, 16e6))


def test_a_peak_below_what_waits_is_no_peak():
    constants = known(waiting={"asyncio": costs(2e-4, 2e-4, 10_000, 9_000)})
    predicted = forecast("asyncio", Question(1_000, 1.0, 0.0, cores=1), constants, MANY)
    assert predicted.memory_bytes == predicted.waiting_bytes


def test_a_wait_that_nothing_fills_is_the_makespan():
    predicted = of("asyncio", Question(10, 1.0, 0.0, cores=2))
    assert predicted.makespan_s.low == approx(1.002)
    assert cannot(predicted) == ""
    assert predicted.cores.value < 0.01


def test_one_after_another_nothing_overlaps():
    predicted = of("sequential", Question(10, 1.0, 0.1, cores=4, in_flight=7))
    assert predicted.makespan_s.value == approx(10 * (1.0 + 0.1 + 3e-4))
    assert predicted.makespan_s.low == predicted.makespan_s.high
    assert predicted.in_flight == precisely(1.0)
    assert predicted.memory_bytes == precisely(0.0)
    assert predicted.saturates_at is None
    computing = of("sequential", Question(10, 0.0, 0.1, cores=4))
    assert computing.makespan_s.value == approx(1.0)
    assert cannot(computing) == "cannot use more than 1.0 of 4 cores: one task at a time"


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("question", [Question(1, 0.0, 0.1, 4), Question(9, 0.0, 0.1, 4, in_flight=1)])
def test_where_one_at_a_time_is_asked_for_no_model_is_to_blame_for_idle_cores(model, question):
    assert cannot(of(model, question, known(contention=0.1, coherency=0.01))) == ""


def test_threads_share_the_gil_for_the_share_that_is_serial():
    computing = Question(1_000, 0.0, 0.0098, cores=4)
    assert of("threads", computing).makespan_s.low == approx(10.0)
    free = of("threads", computing, known(serial=0.0))
    assert free.makespan_s.low == approx(2.5)
    assert cannot(free) == ""


def test_threads_that_end_as_fast_as_they_begin_are_never_all_there():
    predicted = of("threads", Question(1_000_000, 1.0, 0.0, cores=2))
    assert (predicted.in_flight.low, predicted.in_flight.high) == approx((2_000, 2_500))
    assert predicted.in_flight.value == approx(2_500)  # none ends before the first has waited
    assert predicted.memory_bytes.value == approx(predicted.in_flight.value * 28_000)


def test_a_loop_begins_all_before_any_of_them_can_end():
    assert of("asyncio", Question(1_000_000, 1.0, 0.0, cores=2)).in_flight == precisely(1_000_000)


def test_a_pool_of_threads_waits_in_waves_of_its_workers():
    predicted = of("thread_pool", Question(100, 1.0, 0.0, cores=2, in_flight=20))
    assert predicted.makespan_s.low == approx(5 * (1 + 3e-4))
    assert predicted.makespan_s.high == approx(5 + 100 * 3e-4)
    assert predicted.cpu_s.value == approx(100 * 3e-4)  # its threads were there: no start is charged
    assert predicted.memory_bytes.value == approx(20 * 28_000)
    assert predicted.start_up_s.value == approx(20 * 2e-4)


def test_a_pool_that_was_measured_holds_what_it_held():
    one = costs(4e-4, 5e-4, 40_000, up_to=1_000, alone=True)
    asked = Question(1_000, 1.0, 0.0, cores=2, in_flight=1_000)
    pooled = known(waiting={**known().waiting, "thread_pool": one})
    assert of("thread_pool", asked, pooled).memory_bytes == precisely(40e6)
    unseen = known(waiting={**known().waiting, "thread_pool": costs(4e-4, 5e-4, np.nan)})
    assert of("thread_pool", asked, unseen).memory_bytes == precisely(28e6)
    own = costs(4e-4, 5e-4, 40_000, up_to=1_000, own={"peak_memory_bytes": 1e6})
    with_own = known(waiting={**known().waiting, "thread_pool": own})
    assert of("thread_pool", asked, with_own).memory_bytes.value == approx(41e6)


def test_a_pool_of_threads_without_a_number_has_pythons_own():
    assert of("thread_pool", Question(1_000, 1.0, 0.0, cores=2)).in_flight.value == 6
    assert of("thread_pool", Question(1_000, 1.0, 0.0, cores=64)).in_flight.value == 32
    assert of("thread_pool", Question(3, 1.0, 0.0, cores=64)).in_flight.value == 3


def test_a_task_that_waits_has_work_of_its_own_in_every_wave():
    loop = costs(2e-4, 2e-4, 10_000, own={"makespan_s": 3e-3})
    slow = known(waiting={**known().waiting, "asyncio": loop})
    waves = Question(8, 1.0, 0.0, cores=2, in_flight=4)
    assert of("thread_pool", waves, slow).makespan_s.low == approx(2 * (1 + 3e-3 + 3e-4))
    assert of("asyncio", waves, slow).makespan_s.low == approx(2 * (1 + 3e-3) + 4 * 2e-4)
    assert of("sequential", waves, slow).makespan_s.low == approx(8 * (1 + 3e-3 + 3e-4))
    computes = Question(8, 0.0, 0.1, cores=2)
    assert of("sequential", computes, slow) == of("sequential", computes)


def test_computing_is_as_uncertain_as_its_pace():
    predicted = of("sequential", Question(10, 0.0, 0.1, 1), known(pace=np.array([0.9, 1.0, 1.2])))
    assert predicted.makespan_s == Estimate(approx(1.0), approx(0.9), approx(1.2))


def test_the_costs_of_threads_are_those_of_as_many_as_there_are_and_not_of_all_that_are_asked_for():
    far = known().waiting["threads"]._replace(up_to=1_000, drift={"makespan_s": Drift(0.1, 2)})
    known_so_far = known(waiting={**known().waiting, "threads": far})
    few = of("threads", Question(1_000_000, 0.1, 0.0, cores=1), known_so_far)  # 250 at most
    assert few.in_flight.high == approx(250)
    many = of("threads", Question(1_000_000, 2.0, 0.0, cores=1), known_so_far)  # 5,000
    assert many.in_flight.high > 5_000


def test_the_client_is_charged_for_each_fetch_and_for_nothing_else():
    dear = known(extra_s={"thread_pool": exactly(5e-4), "asyncio": exactly(1e-4)}, blocking_s=exactly(8e-4))
    waits, computes = Question(1_000, 1.0, 0.0, cores=1), Question(1_000, 0.0, 1e-3, cores=1)
    more = {model: of(model, waits, dear).cpu_s.value - of(model, waits).cpu_s.value for model in MODELS}
    blocking, awaited = approx(0.5), approx(0.1)
    assert more == {
        "sequential": blocking,
        "threads": blocking,
        "thread_pool": blocking,
        "process_executor": blocking,
        "asyncio": awaited,
        "asyncio_processes": awaited,
    }
    for model in MODELS:
        assert of(model, computes, dear) == of(model, computes)


def test_the_interval_of_a_forecast_comes_from_those_of_its_costs():
    five, none = np.array([1.0, 1.1, 0.9, 1.0, 1.0]), costs(0.0, 0.0, 0.0)
    loop = none._replace(of_each={**none.of_each, "makespan_s": 1e-3 * five})
    predicted = of(
        "asyncio", Question(1_000, 1.0, 0.0, cores=1), known(waiting={**known().waiting, "asyncio": loop})
    )
    spread = 2.7764451 * np.std(five, ddof=1) * np.sqrt(1 + 1 / 5)
    assert predicted.makespan_s.value == approx(2.0)
    assert predicted.makespan_s.high == approx(2.0 + spread)
    assert predicted.makespan_s.low == approx(2.0 - spread)
