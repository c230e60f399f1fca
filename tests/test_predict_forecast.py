"""What is predicted of tasks that nobody has run: exact for exact costs, and what cannot be, said."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import numpy as np
import pytest
from predict_results import MANY, costs, exactly, known, of

from lab.predict.drift import Drift
from lab.predict.estimate import Estimate
from lab.predict.forecast import forecast
from lab.predict.loads import LOADS
from lab.predict.question import Question
from lab.predict.room import GIB, Room, room_here
from lab.predict.sizes import Costs

approx = pytest.approx


def test_a_loop_is_full_with_what_it_computes_and_uses_one_core():
    found = of("asyncio", Question(10_000, 0.05, 0.0008, cores=64, in_flight=1_000))
    assert found.makespan_s.low == approx(10.0)  # 10,000 x (0.2 + 0.8 ms)
    assert found.makespan_s.high == approx(10.5)  # and ten waves of 50 ms
    assert found.cpu_s.value == approx(10.0)
    assert found.full_from.value == approx(51)
    assert found.cannot == "cannot use more than 1.0 of 64 cores: one event loop is one thread"


def test_the_memory_needed_is_that_of_the_peak_and_tasks_without_a_place_are_held_too():
    found = of("asyncio", Question(10_000, 0.05, 0.0008, cores=64, in_flight=1_000))
    assert found.waiting_bytes.value == approx(1_000 * 10_000 + 9_000 * 2_000)
    assert found.memory_bytes.value == approx(1_000 * 16_000 + 9_000 * 2_000)
    all_at_once = of("asyncio", Question(1_000, 1.0, 0.0, cores=1))
    assert (all_at_once.waiting_bytes.value, all_at_once.memory_bytes.value) == approx((10e6, 16e6))


def test_a_peak_below_what_waits_is_no_peak():
    constants = known(of_each={"asyncio": costs(2e-4, 2e-4, 10_000, 9_000)})
    found = forecast("asyncio", Question(1_000, 1.0, 0.0, cores=1), constants, MANY)
    assert found.memory_bytes == found.waiting_bytes


def test_a_wait_that_nothing_fills_is_the_makespan():
    found = of("asyncio", Question(10, 1.0, 0.0, cores=2))
    assert found.makespan_s.low == approx(1.002)
    assert found.cannot == ""
    assert found.cores.value < 0.01


def test_one_after_another_nothing_overlaps():
    found = of("sequential", Question(10, 1.0, 0.1, cores=4, in_flight=7))
    assert found.makespan_s.value == approx(10 * (1.0 + 0.1 + 3e-4))
    assert found.makespan_s.low == found.makespan_s.high
    assert found.in_flight == exactly(1.0)
    assert found.memory_bytes == exactly(0.0)
    assert found.full_from is None
    computing = of("sequential", Question(10, 0.0, 0.1, cores=4))
    assert computing.makespan_s.value == approx(1.0)
    assert computing.cannot == "cannot use more than 1.0 of 4 cores: one task at a time"


@pytest.mark.parametrize("model", LOADS)
@pytest.mark.parametrize("question", [Question(1, 0.0, 0.1, 4), Question(9, 0.0, 0.1, 4, in_flight=1)])
def test_where_one_at_a_time_is_asked_for_no_model_is_to_blame_for_idle_cores(model, question):
    assert of(model, question, known(contention=0.1, coherency=0.01)).cannot == ""


def test_threads_share_the_gil_for_the_share_that_is_serial():
    computing = Question(1_000, 0.0, 0.0098, cores=4)
    assert of("threads", computing).makespan_s.low == approx(10.0)
    free = of("threads", computing, known(serial=0.0))
    assert free.makespan_s.low == approx(2.5)
    assert free.cannot == ""


def test_threads_that_end_as_fast_as_they_begin_are_never_all_there():
    found = of("threads", Question(1_000_000, 1.0, 0.0, cores=2))
    assert (found.in_flight.low, found.in_flight.high) == approx((2_000, 2_500))
    assert found.in_flight.value == approx(2_500)  # none ends before the first has waited
    assert found.memory_bytes.value == approx(found.in_flight.value * 28_000)


def test_a_pool_of_threads_waits_in_waves_of_its_workers():
    found = of("thread_pool", Question(100, 1.0, 0.0, cores=2, in_flight=20))
    assert found.makespan_s.low == approx(5 * (1 + 3e-4))
    assert found.makespan_s.high == approx(5 + 100 * 3e-4)
    assert found.cpu_s.value == approx(100 * 3e-4)  # its threads were there: no start is charged
    assert found.memory_bytes.value == approx(20 * 28_000)
    assert found.start_up_s.value == approx(20 * 2e-4)


def test_a_pool_that_was_measured_holds_what_it_held():
    one = replace(costs(4e-4, 5e-4, 40_000), up_to=1_000, alone=True)
    asked = Question(1_000, 1.0, 0.0, cores=2, in_flight=1_000)
    pooled = known(of_each={**known().of_each, "thread_pool": one})
    assert of("thread_pool", asked, pooled).memory_bytes == exactly(40e6)
    unseen = known(of_each={**known().of_each, "thread_pool": costs(4e-4, 5e-4, np.nan)})
    assert of("thread_pool", asked, unseen).memory_bytes == exactly(28e6)
    own = replace(one, peak_base_bytes=np.full(5, 1e6), alone=False)
    with_own = known(of_each={**known().of_each, "thread_pool": own})
    assert of("thread_pool", asked, with_own).memory_bytes.value == approx(41e6)


def test_a_pool_of_threads_without_a_number_has_pythons_own():
    assert of("thread_pool", Question(1_000, 1.0, 0.0, cores=2)).in_flight.value == 6
    assert of("thread_pool", Question(1_000, 1.0, 0.0, cores=64)).in_flight.value == 32
    assert of("thread_pool", Question(3, 1.0, 0.0, cores=64)).in_flight.value == 3


def test_a_pools_processes_are_charged_a_fetch_and_no_threads_start():
    found = of("process_executor", Question(1_000, 1.0, 0.0, cores=10))
    assert found.cpu_s.value == approx(1_000 * (3e-4 + 1e-4))


def test_a_loop_with_processes_has_no_more_of_them_than_tasks_in_flight():
    one = of("asyncio_processes", Question(8, 0.0, 0.1, cores=4, in_flight=1))
    assert one.makespan_s.low >= 0.8
    assert one.start_up_s.value == approx(1e-3)


def test_what_is_waited_for_has_work_of_its_own_in_every_wave():
    loop = replace(costs(2e-4, 2e-4, 10_000), lag_s=np.full(5, 3e-3))
    slow = known(of_each={**known().of_each, "asyncio": loop})
    waves = Question(8, 1.0, 0.0, cores=2, in_flight=4)
    assert of("thread_pool", waves, slow).makespan_s.low == approx(2 * (1 + 3e-3 + 3e-4))
    assert of("asyncio", waves, slow).makespan_s.low == approx(2 * (1 + 3e-3) + 4 * 2e-4)
    assert of("sequential", waves, slow).makespan_s.low == approx(8 * (1 + 3e-3 + 3e-4))
    computes = Question(8, 0.0, 0.1, cores=2)
    assert of("sequential", computes, slow) == of("sequential", computes)


def test_computing_is_as_uncertain_as_its_pace():
    found = of("sequential", Question(10, 0.0, 0.1, 1), known(pace=Estimate(1.0, 0.9, 1.2)))
    assert found.makespan_s == Estimate(approx(1.0), approx(0.9), approx(1.2))


def test_the_costs_of_threads_are_those_of_as_many_as_there_are_and_not_of_all_that_are_asked_for():
    far = replace(known().of_each["threads"], up_to=1_000, drift={"begin_s": Drift(0.1, 2)})
    known_so_far = known(of_each={**known().of_each, "threads": far})
    few = of("threads", Question(1_000_000, 0.1, 0.0, cores=1), known_so_far)  # 250 at most
    assert few.in_flight.high == approx(250)
    many = of("threads", Question(1_000_000, 2.0, 0.0, cores=1), known_so_far)  # 5,000
    assert many.in_flight.high > 5_000


def test_the_client_is_charged_for_each_fetch_and_for_nothing_else():
    dear = known(extra_s={"thread_pool": exactly(5e-4), "asyncio": exactly(1e-4)}, blocking_s=exactly(8e-4))
    waits, computes = Question(1_000, 1.0, 0.0, cores=1), Question(1_000, 0.0, 1e-3, cores=1)
    more = {model: of(model, waits, dear).cpu_s.value - of(model, waits).cpu_s.value for model in LOADS}
    blocking, awaited = approx(0.5), approx(0.1)
    assert more == {
        "sequential": blocking,
        "threads": blocking,
        "thread_pool": blocking,
        "process_executor": blocking,
        "asyncio": awaited,
        "asyncio_processes": awaited,
    }
    for model in LOADS:
        assert of(model, computes, dear) == of(model, computes)


def test_processes_compute_on_all_cores_until_handing_over_is_what_takes_the_time():
    found = of("process_executor", Question(1_000, 0.0, 0.0399, cores=4))
    assert found.makespan_s.low == approx(10.0)
    tiny = of("process_executor", Question(1_000_000, 0.0, 0.0, cores=64))
    assert tiny.makespan_s.low == approx(100.0)  # 0.1 ms each, one after another
    assert "one process hands out all tasks" in tiny.cannot


def test_a_pool_without_a_number_has_a_process_a_core():
    found = of("process_executor", Question(100, 1.0, 0.0, cores=10))
    assert found.in_flight.value == 10
    assert found.makespan_s.low == approx(10 * (1.0 + 4e-4))
    assert found.memory_bytes.value == 20e6
    assert found.start_up_s.value == approx(0.01)  # ten workers of a millisecond


def test_a_loop_with_processes_waits_on_the_loop_and_computes_on_the_cores():
    found = of("asyncio_processes", Question(10_000, 0.05, 0.0035, cores=4))
    assert found.makespan_s.low == approx(10.0)  # 0.2 + 0.3 + 3.5 ms over four cores
    assert found.cores.value > 3


def test_workers_beyond_those_that_help_are_not_counted_on():
    law = known(coherency=0.01)  # most help at ten
    ten, hundred = (of("process_executor", Question(1_000, 0.0, 0.04, cores), law) for cores in (10, 100))
    assert hundred.makespan_s.value == approx(ten.makespan_s.value)
    assert "cannot use more than 5.3 of 100 cores, says the USL" in hundred.cannot


def test_processes_are_full_with_as_many_as_help_most_however_many_are_asked_for():
    law = known(coherency=0.01)  # most help at ten
    asked = Question(1_000, 0.0, 0.0399, cores=64)
    for workers in (None, 1, 64):
        found = of("process_executor", replace(asked, in_flight=workers), law)
        assert found.full_from == exactly(10.0)
    assert of("asyncio_processes", asked, law).full_from == exactly(10.0)
    two = of("process_executor", asked, known(coherency=0.01, cores=2)).full_from
    assert two == Estimate(10.0, 2.0, 64.0)
    waits = of("process_executor", Question(1_000, 1.0, 0.0396, cores=64), law)
    assert waits.full_from.value == approx(10 + 1.0 / (0.04 * (1 + 0.01 * 90) / 10))
    handed = of("process_executor", Question(1_000, 0.0, 4e-4, cores=64))
    assert handed.full_from.value == approx(5)  # 0.1 ms to hand over and 0.4 to compute


def test_what_the_interval_leaves_open_is_a_remark_and_no_cannot():
    asked = Question(1_000, 0.0, 0.04, cores=100)
    measured, afar = (known(coherency=0.01, cores=cores) for cores in (100, 2))
    sure, open_ = (of("process_executor", asked, each) for each in (measured, afar))
    assert (sure.cannot[:27], sure.remark) == ("cannot use more than 5.3 of", "")
    assert open_.cannot == ""
    assert open_.remark == ("may not gain from more than about 5.26 (1.96-100) of 100 cores, says the USL")
    assert not sure.impossible


def test_a_model_without_room_is_impossible_and_one_with_idle_cores_is_not():
    asked = Question(1_000, 1.0, 0.1, cores=64)
    assert of("asyncio", asked, room=Room(1e15, files=999)).impossible
    idle = of("asyncio", asked)
    assert (idle.impossible, idle.cannot[:23]) == (False, "cannot use more than 1.")


def test_cores_that_nobody_measured_widen_the_interval_to_all_that_can_be():
    two = known(contention=0.1, cores=2)
    found = of("process_executor", Question(64_000, 0.0, 0.0399, cores=64), two)
    work_s = 64_000 * 0.04
    assert found.extrapolated_from == 2
    assert found.makespan_s.high >= work_s * 1.1 / 2  # the speedup on two cores
    assert found.makespan_s.low == approx(work_s / 64)  # and one for each core
    assert found.makespan_s.value == approx(work_s * (1 + 0.1 * 63) / 64, rel=0.01)
    at_home = of("process_executor", Question(64_000, 0.0, 0.0399, cores=2), two)
    assert at_home.extrapolated_from == 0
    assert at_home.makespan_s.low == approx(work_s * 1.1 / 2)
    assert of("asyncio", Question(1, 1.0, 0.0, cores=64), two).extrapolated_from == 0


def test_the_interval_of_a_forecast_comes_from_those_of_its_costs():
    five, none = np.array([1.0, 1.1, 0.9, 1.0, 1.0]), np.zeros(5)
    loop = Costs(none, 1e-3 * five, *(none,) * 6)
    found = of(
        "asyncio", Question(1_000, 1.0, 0.0, cores=1), known(of_each={**known().of_each, "asyncio": loop})
    )
    spread = 2.7764451 * np.std(five, ddof=1) * np.sqrt(1 + 1 / 5)
    assert found.makespan_s.value == approx(2.0)
    assert found.makespan_s.high == approx(2.0 + spread)
    assert found.makespan_s.low == approx(2.0 - spread)


@pytest.mark.parametrize(
    ("model", "room", "says"),
    [
        ("threads", Room(1e15, 32_765, "max_map_count"), "140,000 threads: max_map_count allows 32,765"),
        ("asyncio", Room(4 * GIB), "14.9 GiB of memory: there are 4.0"),
        ("asyncio", Room(1e15, files=20_000), "wait for 1,000,000 connections: ulimit -Hn allows 20,000"),
    ],
)
def test_what_does_not_fit_is_said_with_the_number(model, room, says):
    found = of(model, Question(1_000_000, 56.0, 0.0, cores=2), room=room)
    assert f"cannot have {says}" in found.cannot or f"cannot {says}" in found.cannot


def test_a_pool_of_threads_is_bounded_as_threads_are():
    asked, room = (
        Question(100_000, 0.0, 1e-3, cores=1, in_flight=50_000),
        Room(1e15, 32_765, "max_map_count"),
    )
    says = "cannot have 50,000 threads: max_map_count allows 32,765"
    assert says in of("thread_pool", asked, room=room).cannot
    assert "threads" not in of("thread_pool", replace(asked, in_flight=32_765), room=room).cannot


def test_processes_are_bounded_by_their_number_and_not_by_what_each_of_them_may_have():
    asked = Question(100_000, 1.0, 1e-3, cores=50_000, in_flight=50_000)
    small = Room(1e15, 100, "max_map_count", files=100)
    assert "allows" not in of("process_executor", asked, room=small).cannot
    few = replace(small, processes=4_096, process_limit="pid_max")
    for model in ("process_executor", "asyncio_processes"):
        assert "cannot have 50,000 processes: pid_max allows 4,096" in of(model, asked, room=few).cannot
    assert "50,000 connections" in of("asyncio_processes", asked, room=few).cannot


def test_a_task_that_does_not_wait_needs_no_connection():
    few = Room(1e15, files=10)
    assert "connections" not in of("asyncio", Question(10**6, 0.0, 0.001, 1), room=few).cannot


def test_this_machine_has_room_for_something():
    room = room_here()
    assert room.memory_bytes > GIB / 4
    assert 0 < room.threads <= room.processes <= inf


def test_maps_bound_the_threads_of_this_machine_and_not_its_processes(monkeypatch, tmp_path):
    (tmp_path / "maps").write_text("11\n")
    (tmp_path / "pids").write_text("7\n")
    monkeypatch.setattr("lab.predict.room.OF_MAPS", str(tmp_path / "maps"))
    monkeypatch.setattr("lab.predict.room.OF_ALL", (str(tmp_path / "pids"), str(tmp_path / "none")))
    room = room_here()
    assert (room.threads, room.limit) == (5, "maps")
    assert (room.processes, room.process_limit) == (7, "pids")


def test_little_memory_is_told_in_a_unit_that_shows_it():
    (lacks,) = Room(2 << 20).lacks("asyncio", 1, Estimate.exactly(5 << 20), waits=False)
    assert lacks == "cannot have 5.0 MiB of memory: there are 2.0"
