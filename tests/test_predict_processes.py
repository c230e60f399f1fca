"""What is predicted of computing in processes: who is full, with how many, and what nobody can tell."""

from __future__ import annotations

from dataclasses import replace

import pytest
from predict_results import cannot, known, of, precisely, remark

from lab.analysis.predict.estimate import Estimate
from lab.analysis.predict.question import Question

approx = pytest.approx


def test_a_pools_processes_are_charged_a_fetch_and_no_threads_start():
    predicted = of("process_executor", Question(1_000, 1.0, 0.0, cores=10))
    assert predicted.cpu_s.value == approx(1_000 * (3e-4 + 1e-4))


def test_a_loop_with_processes_has_no_more_of_them_than_tasks_in_flight():
    one = of("asyncio_processes", Question(8, 0.0, 0.1, cores=4, in_flight=1))
    assert one.makespan_s.low >= 0.8
    assert one.start_up_s.value == approx(1e-3)


def test_processes_compute_on_all_cores_until_handing_over_is_what_takes_the_time():
    predicted = of("process_executor", Question(1_000, 0.0, 0.0399, cores=4))
    assert predicted.makespan_s.low == approx(10.0)
    tiny = of("process_executor", Question(1_000_000, 0.0, 0.0, cores=64))
    assert tiny.makespan_s.low == approx(100.0)  # 0.1 ms each, one after another
    assert "one process hands out all tasks" in cannot(tiny)


def test_a_pool_without_a_number_has_a_process_a_core():
    predicted = of("process_executor", Question(100, 1.0, 0.0, cores=10))
    assert predicted.in_flight.value == 10
    assert predicted.makespan_s.low == approx(10 * (1.0 + 4e-4))
    assert predicted.memory_bytes.value == 20e6
    assert predicted.start_up_s.value == approx(0.01)  # ten workers of a millisecond


def test_a_loop_with_processes_waits_on_the_loop_and_computes_on_the_cores():
    predicted = of("asyncio_processes", Question(10_000, 0.05, 0.0035, cores=4))
    assert predicted.makespan_s.low == approx(10.0)  # 0.2 + 0.3 + 3.5 ms over four cores
    assert predicted.cores.value > 3


def test_workers_beyond_those_that_help_are_not_counted_on():
    law = known(coherency=0.01)  # most help at ten
    ten, hundred = (of("process_executor", Question(1_000, 0.0, 0.04, cores), law) for cores in (10, 100))
    assert hundred.makespan_s.value == approx(ten.makespan_s.value)
    assert "cannot use more than 5.3 of 100 cores, says the USL" in cannot(hundred)


def test_processes_are_full_with_as_many_as_help_most_however_many_are_asked_for():
    law = known(coherency=0.01)  # most help at ten
    asked = Question(1_000, 0.0, 0.0399, cores=64)
    for workers in (None, 1, 64):
        predicted = of("process_executor", replace(asked, in_flight=workers), law)
        assert predicted.saturates_at == precisely(10.0)
    assert of("asyncio_processes", asked, law).saturates_at == precisely(10.0)
    two = of("process_executor", asked, known(coherency=0.01, cores=2)).saturates_at
    assert two == Estimate(10.0, 2.0, 64.0)
    waits = of("process_executor", Question(1_000, 1.0, 0.0396, cores=64), law)
    assert waits.saturates_at.value == approx(10 + 1.0 / (0.04 * (1 + 0.01 * 90) / 10))
    handed = of("process_executor", Question(1_000, 0.0, 4e-4, cores=64))
    assert handed.saturates_at.value == approx(5)  # 0.1 ms to hand over and 0.4 to compute


def test_a_limit_that_the_interval_leaves_open_is_a_remark_and_no_cannot():
    asked = Question(1_000, 0.0, 0.04, cores=100)
    measured, afar = (known(coherency=0.01, cores=cores) for cores in (100, 2))
    sure, open_ = (of("process_executor", asked, each) for each in (measured, afar))
    assert (cannot(sure)[:27], remark(sure)) == ("cannot use more than 5.3 of", "")
    assert cannot(open_) == ""
    assert remark(open_) == ("may not gain from more than about 5.26 (1.96-100) of 100 cores, says the USL")
    assert not sure.lacks


def test_cores_beyond_the_measured_ones_widen_the_interval_to_all_that_is_possible():
    two = known(contention=0.1, cores=2)
    predicted = of("process_executor", Question(64_000, 0.0, 0.0399, cores=64), two)
    work_s = 64_000 * 0.04
    assert predicted.extrapolated_from == 2
    assert predicted.makespan_s.high >= work_s * 1.1 / 2  # the speedup on two cores
    assert predicted.makespan_s.low == approx(work_s / 64)  # and one for each core
    assert predicted.makespan_s.value == approx(work_s * (1 + 0.1 * 63) / 64, rel=0.01)
    at_home = of("process_executor", Question(64_000, 0.0, 0.0399, cores=2), two)
    assert at_home.extrapolated_from == 0
    assert at_home.makespan_s.low == approx(work_s * 1.1 / 2)
    assert of("asyncio", Question(1, 1.0, 0.0, cores=64), two).extrapolated_from == 0
