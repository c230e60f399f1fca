"""What may die or hang is tried in a process of its own, and nothing of it is left."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

import psutil
import pytest

from lab.cost import tree
from lab.trial.isolate import Fate, attempts

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this platform has no os.fork")


def raises() -> None:
    raise ValueError("as asked")


def sleeps() -> None:
    threading.Event().wait()


def deadlocks() -> None:
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()


def leaves_a_child() -> int:
    pid = os.fork()
    if pid == 0:
        sleeps()
    return pid


def one(work: Callable[[], Any]) -> Fate:
    return attempts({"one": work})["one"]


def test_an_attempt_that_answers_comes_with_its_answer() -> None:
    assert one(lambda: ["so", 1.5]) == Fate("answered", ["so", 1.5])
    assert one(lambda: None) == Fate("answered", None)


@pytest.mark.parametrize(
    ("work", "printed"),
    [(lambda: os._exit(0), False), (lambda: os.kill(os.getpid(), signal.SIGKILL), False), (raises, False)],
)
def test_an_attempt_that_ends_without_an_answer_is_gone(work: Callable[[], Any], printed: bool) -> None:
    assert one(work) == Fate("gone", None, printed)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells who sleeps")
@pytest.mark.parametrize("work", [sleeps, deadlocks])
def test_an_attempt_that_sleeps_and_has_not_answered_hangs(work: Callable[[], Any]) -> None:
    assert one(work).kind == "hangs"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells who sleeps")
def test_an_attempt_that_computes_for_longer_than_the_patience_does_not_hang() -> None:
    def computes() -> bool:
        end = time.process_time() + 0.1
        while time.process_time() < end:
            pass
        return True

    assert attempts({"one": computes}, patience_s=0.05)["one"] == Fate("answered", True)


def test_where_the_system_does_not_tell_who_sleeps_a_slow_task_is_not_said_to_hang(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tree, "PROC", tmp_path)
    works = {
        "sleeps": sleeps,
        "slow": lambda: time.sleep(0.3),
        "ends": lambda: 5,
        "dies": lambda: os._exit(0),
    }
    fates = attempts(works, patience_s=0.05, unknown_after_s=0.1)
    assert {name: fate.kind for name, fate in fates.items()} == {
        "sleeps": "unknown",
        "slow": "unknown",
        "ends": "answered",
        "dies": "gone",
    }
    assert attempts({"slow": works["slow"]}, patience_s=0.05, unknown_after_s=5)["slow"].kind == "answered"
    assert tree.asleep(os.getpid()) is None


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells who sleeps")
def test_an_attempt_that_is_asleep_at_a_few_late_looks_does_not_hang(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    meet, looks, sleep = os.pipe(), count(), time.sleep

    def late(seconds: float) -> None:
        if (look := next(looks)) < 3:
            sleep(0.15)
        elif look == 3:
            os.write(meet[1], b"x")
        sleep(seconds)

    monkeypatch.setattr("lab.trial.isolate.time.sleep", late)
    assert one(lambda: os.read(meet[0], 1).decode()) == Fate("answered", "x")
    for end in meet:
        os.close(end)


def test_an_error_that_is_printed_is_noticed_and_not_shown(capfd: pytest.CaptureFixture[str]) -> None:
    assert one(lambda: os.write(2, b"ouch")) == Fate("answered", 4, printed=True)
    assert capfd.readouterr().err == ""


def test_nothing_of_an_attempt_is_left() -> None:
    before = len(os.listdir("/proc/self/fd")) if sys.platform == "linux" else 0
    left = one(leaves_a_child).answer
    with suppress(psutil.NoSuchProcess):
        child = psutil.Process(left)
        assert child.status() == psutil.STATUS_ZOMBIE or not psutil.wait_procs([child], timeout=10)[1]
    if sys.platform == "linux":
        assert len(os.listdir("/proc/self/fd")) == before


def test_all_are_tried_at_once_and_told_in_their_order() -> None:
    meet = os.pipe()
    os.set_blocking(meet[0], True)
    works = {"waits": lambda: os.read(meet[0], 1).decode(), "ends_it": lambda: os.write(meet[1], b"x")}
    fates = attempts(works, patience_s=5)
    assert list(fates) == ["waits", "ends_it"]
    assert [fate.answer for fate in fates.values()] == ["x", 1]
    for end in meet:
        os.close(end)
