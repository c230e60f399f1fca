"""Lines from ten workers: what must hold on every version of Python and every machine."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from runs import contained, measured

from lab.catalog.cases import cases
from lab.catalog.experiments import import_file
from lab.core.work import Case

PATH = Path(__file__).parents[1] / "experiments" / "output_order.py"
NONE = {"torn_percent": 0.0, "out_of_order_percent": 0.0, "lost_percent": 0.0}


@pytest.fixture
def output() -> Iterator[Any]:
    with contained():
        yield import_file(PATH)


def losses(output: Any, model: str, way: str) -> dict[str, float]:
    numbers = output.measure(Case("output_order", {"model": model, "way": way}))
    assert numbers.pop("took_s") > 0
    return numbers  # type: ignore[no-any-return]


def written(tag: str, stamp: int) -> bytes:
    return f"{tag}a {tag}b {tag}c {tag}@{stamp}.\n".encode()


def test_whole_lines_in_order_are_no_loss(output: Any) -> None:
    assert output.losses(written("00-00", 1) + written("01-00", 2), 2) == NONE


def test_a_line_that_another_came_into_is_torn_and_so_is_the_other(output: Any) -> None:
    mixed = b"00-00a 00-00b 01-00a 00-00c 00-00@1.\n01-00b 01-00c 01-00@2.\n" + written("02-00", 3)
    assert output.losses(mixed, 4) == NONE | {"torn_percent": 50.0, "lost_percent": 25.0}


def test_two_lines_that_run_into_one_another_are_torn(output: Any) -> None:
    assert output.losses(written("00-00", 1)[:-1] + written("01-00", 2), 2)["torn_percent"] == 100


def test_pieces_that_run_into_one_another_keep_their_tags_and_times(output: Any) -> None:
    mixed = "".join([*output.line(0, 0), *output.line(1, 0), *output.line(2, 0)])
    assert output.losses(mixed.encode() + b"\n", 3) == NONE | {"torn_percent": 100.0}


def test_a_line_is_out_of_order_that_comes_after_a_later_one(output: Any) -> None:
    came = written("00-00", 2) + written("01-00", 4) + written("02-00", 1) + written("03-00", 3)
    assert output.losses(came, 4) == NONE | {"out_of_order_percent": 50.0}


def test_a_record_that_never_came_is_lost(output: Any) -> None:
    assert output.losses(b"", 3) == NONE | {"lost_percent": 100.0}


@pytest.mark.parametrize("way", ["locked pieces", "locked unbuffered", "queued pieces", "write line"])
def test_a_lock_a_queue_and_a_single_write_keep_the_lines_of_threads_whole(output: Any, way: str) -> None:
    lost = losses(output, "threads", way)
    assert (lost["torn_percent"], lost["lost_percent"]) == (0, 0)


@pytest.mark.parametrize("way", ["print", "print unbuffered", "print unflushed", "print pieces"])
def test_threads_lose_no_line_because_their_stream_is_closed(output: Any, way: str) -> None:
    assert losses(output, "threads", way)["lost_percent"] == 0


@pytest.mark.parametrize("way", ["print unbuffered", "locked pieces"])
def test_tasks_need_a_lock_only_where_an_await_stands_in_a_line(output: Any, way: str) -> None:
    assert losses(output, "asyncio", way) == NONE


def test_tasks_that_await_within_a_line_tear_every_line(output: Any) -> None:
    assert losses(output, "asyncio", "print pieces") == NONE | {"torn_percent": 100.0}


def test_processes_with_a_buffer_each_keep_pieces_whole(output: Any) -> None:
    lost = losses(output, "processes", "print pieces")
    assert (lost["torn_percent"], lost["lost_percent"]) == (0, 0)


def test_a_lock_that_processes_share_keeps_their_unbuffered_lines_whole(output: Any) -> None:
    lost = losses(output, "processes", "locked unbuffered")
    assert (lost["torn_percent"], lost["lost_percent"]) == (0, 0)


@pytest.mark.skipif(multiprocessing.get_start_method() == "spawn", reason="a spawned process closes files")
def test_a_forked_process_loses_what_it_did_not_flush(output: Any) -> None:
    assert losses(output, "processes", "print unflushed") == NONE | {"lost_percent": 100.0}


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="there is no /proc")
@pytest.mark.parametrize("model", ["threads", "asyncio", "processes"])
def test_no_end_of_the_pipe_is_left_open(output: Any, model: str) -> None:
    losses(output, model, "print pieces")
    before = os.listdir("/proc/self/fd")
    losses(output, model, "print pieces")
    assert os.listdir("/proc/self/fd") == before


def test_all_lines_fit_into_a_pipe(output: Any) -> None:
    line = " ".join(output.line(9, 29)).encode() + b"\n"
    assert output.WORKERS * output.LINES * len(line) < 16_384


def test_each_way_is_measured_in_the_models_it_is_for(output: Any) -> None:
    lost = [(case["model"], case["way"]) for case in cases("output_order", output.experiment)]
    assert len(lost) == 16
    assert {way for model, way in lost if model == "threads"} == set(output.WAYS)
    assert ("processes", "queued pieces") not in lost


def test_a_trial_of_it_is_measured() -> None:
    rows = measured(PATH, only={"model": ["processes"], "way": ["print"]})
    assert [(trial.status, trial.stderr) for trial in rows.trials] == [("ok", "")]
    assert rows.samples[0].metrics["lost_percent"] == 0
