"""A lack of room is reported with the number, and each limit bounds only its own kind of thing."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import pytest
from predict_results import cannot, of

from lab.analysis.predict.estimate import Estimate
from lab.analysis.predict.question import GIB, Lack, Question, Room, room_here


def test_a_model_without_room_is_impossible_and_one_with_idle_cores_is_not():
    asked = Question(1_000, 1.0, 0.1, cores=64)
    assert of("asyncio", asked, room=Room(1e15, files=999)).lacks
    idle = of("asyncio", asked)
    assert (idle.lacks, cannot(idle)[:23]) == ([], "cannot use more than 1.")


@pytest.mark.parametrize(
    ("model", "room", "says"),
    [
        ("threads", Room(1e15, 32_765, "max_map_count"), "140,000 threads: max_map_count allows 32,765"),
        ("asyncio", Room(4 * GIB), "14.9 GiB of memory: there are 4.0"),
        ("asyncio", Room(1e15, files=20_000), "wait for 1,000,000 connections: ulimit -Hn allows 20,000"),
    ],
)
def test_a_lack_of_room_is_stated_with_its_number(model, room, says):
    predicted = of(model, Question(1_000_000, 56.0, 0.0, cores=2), room=room)
    assert f"cannot have {says}" in cannot(predicted) or f"cannot {says}" in cannot(predicted)


def test_a_pool_of_threads_is_bounded_as_threads_are():
    asked, room = (
        Question(100_000, 0.0, 1e-3, cores=1, in_flight=50_000),
        Room(1e15, 32_765, "max_map_count"),
    )
    says = "cannot have 50,000 threads: max_map_count allows 32,765"
    assert says in cannot(of("thread_pool", asked, room=room))
    assert "threads" not in cannot(of("thread_pool", replace(asked, in_flight=32_765), room=room))


def test_processes_are_bounded_by_their_number_and_not_by_what_each_of_them_may_have():
    asked = Question(10_000, 1.0, 1e-3, cores=500, in_flight=500)
    small = Room(1e15, 100, "max_map_count", files=100)
    assert "allows" not in cannot(of("process_executor", asked, room=small))
    few = replace(small, processes=400, process_limit="pid_max")
    for model in ("process_executor", "asyncio_processes"):
        assert "cannot have 500 processes: pid_max allows 400" in cannot(of(model, asked, room=few))
    assert "500 connections" in cannot(of("asyncio_processes", asked, room=few))


def test_a_task_that_does_not_wait_needs_no_connection():
    few = Room(1e15, files=10)
    assert "connections" not in cannot(of("asyncio", Question(10**6, 0.0, 0.001, 1), room=few))


def test_this_machine_has_room_for_something():
    room = room_here()
    assert room.memory_bytes > GIB / 4
    assert 0 < room.threads <= room.processes <= inf


def test_maps_bound_the_threads_of_this_machine_and_not_its_processes(monkeypatch, tmp_path):
    (tmp_path / "maps").write_text("11\n")
    (tmp_path / "pids").write_text("7\n")
    monkeypatch.setattr("lab.analysis.predict.question.OF_MAPS", str(tmp_path / "maps"))
    monkeypatch.setattr(
        "lab.analysis.predict.question.OF_ALL", (str(tmp_path / "pids"), str(tmp_path / "none"))
    )
    room = room_here()
    assert (room.threads, room.limit) == (5, "maps")
    assert (room.processes, room.process_limit) == (7, "pids")


def test_little_memory_is_stated_in_a_unit_that_shows_it():
    (lacks,) = Room(2 << 20).lacks("loop", 1, Estimate(5 << 20, 5 << 20, 5 << 20), waits=False)
    assert lacks == Lack("memory_bytes", 5 << 20, 2 << 20)
    small = of("asyncio", Question(500, 1.0, 0.0, cores=1), room=Room(2 << 20))
    assert cannot(small) == "cannot have 7.6 MiB of memory: there are 2.0"
