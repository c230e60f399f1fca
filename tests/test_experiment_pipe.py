"""What gets through a channel, whatever the version and the machine."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from runs import measured

FILE = Path(__file__).parents[1] / "experiments" / "pipe.py"
pytestmark = pytest.mark.skipif(sys.platform != "linux" or not hasattr(os, "fork"), reason="needs /proc")
TO_PROCESSES = ("pipe", "process_queue", "socket", "shared_memory")
IN_THIS_PROCESS = ("thread_queue", "async_queue")
OBJECTS = ("lambda", "open_file", "lock", "unknown_class")


@pytest.fixture(scope="module")
def by_case() -> dict[object, dict[str, object]]:
    rows = measured(FILE, only={"size_bytes": ["16"]})
    assert {(trial.status, trial.reason) for trial in rows.trials} == {("ok", "")}
    return {sample.case["channel"]: dict(sample.metrics) for sample in rows.samples}


@pytest.mark.parametrize("channel", TO_PROCESSES + IN_THIS_PROCESS)
def test_the_messages_come_back_equal(by_case, channel) -> None:
    assert by_case[channel]["messages_equal"] is True
    assert 0 < by_case[channel]["round_trip_s"] < 10


@pytest.mark.parametrize("channel", TO_PROCESSES)
def test_between_processes_a_copy_arrives(by_case, channel) -> None:
    assert by_case[channel]["same_instance"] is by_case[channel]["same_object"] is False
    assert by_case[channel]["sent_bytes_per_s"] > 0


@pytest.mark.parametrize("channel", IN_THIS_PROCESS)
def test_in_one_process_nothing_is_copied_and_everything_gets_through(by_case, channel) -> None:
    assert by_case[channel]["same_instance"] is by_case[channel]["same_object"] is True
    assert "sent_bytes_per_s" not in by_case[channel]
    assert {by_case[channel][name] for name in OBJECTS} == {"good: the same"}
    assert by_case[channel]["objects_crossing"] == 4
    assert by_case[channel]["unread_waits"] is False


@pytest.mark.parametrize("channel", ["pipe", "socket", "shared_memory"])
def test_an_object_that_does_not_pickle_is_refused_to_the_sender(by_case, channel) -> None:
    for name in ("lambda", "open_file", "lock"):
        assert str(by_case[channel][name]).startswith("bad: refused, ")


def test_a_queue_between_processes_loses_what_does_not_pickle_without_a_word(by_case) -> None:
    for name in ("lambda", "open_file", "lock"):
        assert by_case["process_queue"][name] == "bad: lost, without a word"


def test_an_unknown_class_ends_its_receiver(by_case) -> None:
    assert by_case["pipe"]["unknown_class"] == "bad: ends the receiver"
    assert by_case["process_queue"]["unknown_class"] == "bad: lost, without a word"


def test_a_pipe_and_a_socket_have_room_for_some_and_then_wait(by_case) -> None:
    for channel in ("pipe", "socket"):
        assert by_case[channel]["unread_waits"] is True
        space = by_case[channel]["blocks_at_bytes"]
        assert 4096 <= space < 1 << 20
        assert by_case[channel]["unread"] == f"mixed: waits beyond {space // 1024} KiB"
    for channel in ("process_queue", "shared_memory"):
        assert by_case[channel]["unread_waits"] is False
        assert "blocks_at_bytes" not in by_case[channel]
