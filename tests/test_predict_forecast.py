"""What is predicted of tasks that nobody has run: exact for exact costs, and what cannot be, said."""

from __future__ import annotations

from math import inf
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from runs import run_lab, run_lab_process

from lab.core import Case, LabError
from lab.predict.constants import Constants, constants
from lab.predict.estimate import Estimate
from lab.predict.forecast import Forecast, Question, forecasts
from lab.predict.laws import AMDAHL, USL, Fit
from lab.predict.room import GIB, Room, room_here
from lab.predict.sizes import Costs
from lab.rows import Sample, Trial
from lab.store.environment_file import write_environment
from lab.store.writing import Writer

MANY = Room(1e15)


def costs(begin_s: float, cpu_s: float, unit: float) -> Costs:
    five = np.ones(5)
    return Costs(0 * five, begin_s * five, 0 * five, cpu_s * five, 0 * five, unit * five, unit * five)


def exactly(number: float) -> Estimate:
    return Estimate(number, number, number)


def law(which: Any, **values: float) -> Fit:
    return Fit(which, values, dict(values), dict(values), 5)


def known(serial: float = 1.0, contention: float = 0.0, coherency: float = 0.0) -> Constants:
    fits = {
        "Amdahl": law(AMDAHL, serial=serial),
        "USL": law(USL, contention=contention, coherency=coherency),
    }
    return Constants(
        {"threads": costs(4e-4, 5e-4, 28_000), "asyncio": costs(2e-4, 2e-4, 10_000)},
        exactly(2e6),
        exactly(1e-3),
        dict.fromkeys(("thread_pool", "process_executor", "asyncio_processes"), fits),
        {"process_executor": exactly(1e-4), "asyncio_processes": exactly(3e-4)},
        {},
    )


def of(model: str, question: Question, constants: Constants | None = None, room: Room = MANY) -> Forecast:
    (found,) = [each for each in forecasts(question, constants or known(), room) if each.model == model]
    return found


def test_a_loop_is_full_with_what_it_computes_and_uses_one_core() -> None:
    found = of("asyncio", Question(10_000, 0.05, 0.0008, cores=64, in_flight=1_000))
    assert found.makespan_s.low == pytest.approx(10.0)  # 10,000 x (0.2 + 0.8 ms)
    assert found.makespan_s.high == pytest.approx(10.5)  # and ten waves of 50 ms
    assert found.cpu_s.value == pytest.approx(10.0)
    assert found.memory_bytes.value == pytest.approx(10e6)
    assert found.full_from.value == pytest.approx(51)
    assert found.cannot == "cannot use more than 1.0 of 64 cores: one event loop is one thread"


def test_a_wait_that_nothing_fills_is_the_makespan() -> None:
    found = of("asyncio", Question(10, 1.0, 0.0, cores=2))
    assert found.makespan_s.low == pytest.approx(1.002)
    assert found.cannot == ""
    assert found.cores.value < 0.01


def test_threads_share_the_gil_for_the_share_that_is_serial() -> None:
    computing = Question(1_000, 0.0, 0.0095, cores=4)
    assert of("threads", computing).makespan_s.low == pytest.approx(10.0)
    free = of("threads", computing, known(serial=0.0))
    assert free.makespan_s.low == pytest.approx(2.5)
    assert free.cannot == ""


def test_threads_that_end_as_fast_as_they_begin_are_never_all_there() -> None:
    found = of("threads", Question(1_000_000, 1.0, 0.0, cores=2))
    assert (found.in_flight.low, found.in_flight.high) == pytest.approx((2_000, 2_500))
    assert found.in_flight.value == pytest.approx(2_236, abs=0.1)  # the geometric middle
    assert found.memory_bytes.value == pytest.approx(found.in_flight.value * 28_000)


def test_processes_compute_on_all_cores_until_handing_over_is_what_takes_the_time() -> None:
    assert of("process_executor", Question(1_000, 0.0, 0.0394, cores=4)).makespan_s.low == pytest.approx(
        10.0
    )
    tiny = of("process_executor", Question(1_000_000, 0.0, 0.0, cores=64))
    assert tiny.makespan_s.low == pytest.approx(100.0)  # 0.1 ms each, one after another
    assert "one process hands out all tasks" in tiny.cannot


def test_a_pool_without_a_number_has_a_process_a_core() -> None:
    found = of("process_executor", Question(100, 1.0, 0.0, cores=10))
    assert found.in_flight.value == 10
    assert found.makespan_s.low == pytest.approx(10.0)
    assert found.memory_bytes.value == 20e6
    assert found.start_up_s.value == pytest.approx(0.01)  # ten workers of a millisecond


def test_a_loop_with_processes_waits_on_the_loop_and_computes_on_the_cores() -> None:
    found = of("asyncio_processes", Question(10_000, 0.05, 0.0035, cores=4))
    assert found.makespan_s.low == pytest.approx(10.0)  # 0.2 + 0.3 + 3.5 ms over four cores
    assert found.cores.value > 3


def test_workers_beyond_those_that_help_are_not_counted_on() -> None:
    law = known(coherency=0.01)  # most help at ten
    ten, hundred = (
        of("process_executor", Question(1_000, 0.0, 0.0394, cores=cores), law).makespan_s.value
        for cores in (10, 100)
    )
    assert hundred == pytest.approx(ten)


def test_the_interval_of_a_forecast_comes_from_those_of_its_costs() -> None:
    five = np.array([1.0, 1.1, 0.9, 1.0, 1.0])
    uncertain = known()
    loop = Costs(*(np.zeros(5),) * 3, 1e-3 * five, *(np.zeros(5),) * 3)
    found = of(
        "asyncio", Question(1_000, 0.0, 0.0, cores=1), Constants({"asyncio": loop}, *rest(uncertain))
    )
    spread = 2.7764451 * np.std(five, ddof=1) / np.sqrt(5)
    assert found.makespan_s.value == pytest.approx(1.0)
    assert found.makespan_s.high == pytest.approx(1.0 + spread)
    assert found.makespan_s.low == pytest.approx(1.0 - spread)


def rest(constants: Constants) -> tuple[Any, ...]:
    return (
        constants.worker_bytes,
        constants.worker_start_s,
        constants.laws,
        constants.handing_s,
        constants.sources,
    )


@pytest.mark.parametrize(
    ("model", "room", "says"),
    [
        ("threads", Room(1e15, 32_765, "max_map_count"), "125,220 of them: max_map_count allows 32,765"),
        ("asyncio", Room(4 * GIB), "9.3 GiB of memory: there are 4.0"),
        ("asyncio", Room(1e15, files=20_000), "wait for 1,000,000 connections: ulimit -Hn allows 20,000"),
    ],
)
def test_what_does_not_fit_is_said_with_the_number(model, room, says) -> None:
    found = of(model, Question(1_000_000, 56.0, 0.0, cores=2), room=room)
    assert f"cannot have {says}" in found.cannot or f"cannot {says}" in found.cannot


def test_a_task_that_does_not_wait_needs_no_connection() -> None:
    assert (
        "connections" not in of("asyncio", Question(10**6, 0.0, 0.001, 1), room=Room(1e15, files=10)).cannot
    )


def test_this_machine_has_room_for_something() -> None:
    room = room_here()
    assert room.memory_bytes > GIB / 4
    assert 0 < room.threads <= inf


def write(folder: Path, axes: tuple[str, ...], rows: list[tuple[dict[str, Any], dict[str, float]]]) -> None:
    """Write results of five equal rounds: a case and its numbers a row."""
    folder.mkdir(parents=True)
    experiment = {"name": folder.name, "question": "?", "baseline": "asyncio", "axes": list(axes)}
    write_environment(
        folder,
        {
            "experiment": experiment | {"cases": [case for case, _ in rows]},
            "plan": {"samples": 1, "warmups": 0},
            "machine": {"cores": 2},
        },
    )
    writer, number = Writer(folder), 0
    for round_number in range(1, 6):
        for params, numbers in rows:
            number += 1
            case = Case(folder.name, params)
            sample = Sample(round_number, number, 1, case, numbers)
            writer.add(Trial(round_number, number, case, "ok", 1), [sample], [])


def write_all(out: Path) -> None:
    sizes = [
        (
            {"model": model, "in_flight": size},
            {
                "makespan_s": 1 + begin * size,
                "limit_s": 1.0,
                "cpu_of_each_s": cpu,
                "waiting_memory_bytes": unit * size,
                "peak_memory_bytes": 2 * unit * size,
            },
        )
        for model, begin, cpu, unit in (("threads", 4e-4, 5e-4, 28e3), ("asyncio", 2e-4, 2e-4, 1e4))
        for size in (10, 100, 1_000, 5_000)
    ]
    write(out / "in_flight", ("model", "in_flight"), sizes)
    units = [
        ({"unit": "pool_worker", "alive": alive}, {"until_runs_s": 0.001, "memory_of_each_bytes": held})
        for alive, held in ((1, 9e6), (100, 2e6))
    ]
    write(out / "start_cost", ("unit", "alive"), units)
    computing = [
        (
            {"model": model, "task_ms": size, "tasks": tasks, "workers": workers, "chunk": 1},
            {"makespan_s": seconds},
        )
        for model, size, tasks, workers, seconds in (
            ("thread_pool", 10, 20, 1, 0.2),
            ("thread_pool", 10, 20, 2, 0.2),
            ("process_executor", 10, 20, 1, 0.2),
            ("process_executor", 10, 20, 2, 0.1),
            ("process_executor", 10, 20, 4, 0.1),
            ("process_executor", 0.1, 2_000, 2, 0.2),
            ("asyncio_processes", 10, 20, 1, 0.2),
            ("asyncio_processes", 10, 20, 2, 0.1),
            ("asyncio_processes", 0.1, 2_000, 2, 0.6),
        )
    ]
    write(out / "cpu_scaling", ("model", "task_ms", "tasks", "workers", "chunk"), computing)


def test_constants_are_read_from_results(tmp_path) -> None:
    write_all(tmp_path / "out")
    found = constants(tmp_path / "out", tmp_path / "nowhere")
    assert found.of_each["asyncio"].estimate("begin_s").value == pytest.approx(2e-4)
    assert found.of_each["threads"].estimate("unit_bytes").value == pytest.approx(28e3)
    assert found.of_each["threads"].estimate("peak_unit_bytes").value == pytest.approx(56e3)
    assert found.worker_bytes == exactly(2e6)
    assert found.handing_s["process_executor"].value == pytest.approx(1e-4)
    assert found.handing_s["asyncio_processes"].value == pytest.approx(3e-4)
    assert found.laws["thread_pool"]["Amdahl"].values["serial"] == pytest.approx(1.0, abs=1e-4)
    assert found.laws["process_executor"]["USL"].values["contention"] == pytest.approx(0.0, abs=1e-6)
    assert found.sources["in_flight"] == tmp_path / "out" / "in_flight"


def test_what_was_not_measured_here_comes_from_the_reference_and_what_nowhere_is_said(tmp_path) -> None:
    write_all(tmp_path / "reference")
    found = constants(tmp_path / "out", tmp_path / "reference")
    assert found.sources["start_cost"] == tmp_path / "reference" / "start_cost"
    with pytest.raises(LabError, match="in_flight: not measured, so nothing can be predicted; lab run"):
        constants(tmp_path / "out", tmp_path / "nowhere")


def test_the_command_prints_a_line_for_each_model_and_where_it_has_the_costs_from(tmp_path) -> None:
    write_all(tmp_path / "mine")
    ended = run_lab_process("predict", "--tasks", "14", "--wait-ms", "50", "--out", "mine", cwd=tmp_path)
    assert (ended.code, ended.err) == (0, "")
    assert "14 tasks, 50 ms of wait and 0 ms of computing each" in ended.out
    for model in ("threads", "process_executor", "asyncio", "asyncio_processes"):
        assert f"\n{model} " in ended.out
    assert "measured in mine/in_flight" in ended.out
    assert max(map(len, ended.out.splitlines())) <= 80


def test_the_command_prints_json_for_a_program(tmp_path) -> None:
    import json

    write_all(tmp_path / "mine")
    arguments = ("--tasks", "1000", "--wait-ms", "1000", "--json", "--out", "mine")
    printed = json.loads(run_lab("predict", *arguments, cwd=tmp_path).out)
    loop = next(each for each in printed["forecasts"] if each["model"] == "asyncio")
    assert loop["makespan_s"]["value"] == pytest.approx(1.2)
    assert printed["sources"]["cpu_scaling"] == "mine/cpu_scaling"


def test_every_number_lies_in_its_interval():
    names = ["in_flight", "makespan_s", "cpu_s", "cores", "memory_bytes", "full_from", "start_up_s"]
    for found in forecasts(Question(1_000_000, 0.05, 0.0002, 64), known(), Room(64 * GIB)):
        for name in names:
            number = getattr(found, name)
            assert number.low <= number.value <= number.high, (found.model, name)


def test_little_memory_is_told_in_a_unit_that_shows_it():
    (lacks,) = Room(2 << 20).lacks("asyncio", 1, exactly(5 << 20), waits=False)
    assert lacks == "cannot have 5.0 MiB of memory: there are 2.0"


@pytest.mark.parametrize("number", ["nan", "inf"])
def test_what_is_no_number_is_refused(tmp_path, number):
    ended = run_lab("predict", "--tasks", "3", "--wait-ms", number, cwd=tmp_path)
    assert (ended.code, ended.err) == (2, f"lab: --wait-ms: {number} is no number to predict with\n")
