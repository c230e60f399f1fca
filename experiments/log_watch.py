"""Follow a log that is rotated and emptied: how late is a follower, what does it miss, what does it cost?

## The question

A program writes 200 stamped lines into a log within 0.4 seconds, at random moments. After a third of them
it moves the file away and begins a new one, as `logrotate` does; after two thirds it empties the file in
place, as `logrotate` does with `copytruncate`. Another part of a program follows the file from its end: a
daemon thread that looks every second or every 50 ms; a task that looks every 50 ms; a task that the system
notifies of changes, through `watchfiles`. "Daemon threads suit monitoring". Do they?

All followers read in the same way. At each look they read to the end. If the name now belongs to another
file, they first read the old one to its end and then the new one from its start. If the file is shorter
than what was read, they start again at its beginning.

## What to expect

- A follower that looks every second sees a line up to a second late, and half a second on average; one that
  looks every 50 ms sees it up to 50 ms late, and 25 on average. It does not matter whether a thread or a
  task looks. `watchfiles` reports most lines within some 10 ms.
- A rotation loses nothing, as long as the old file stays open for a last look. An emptied file does lose
  lines: what was written since the last look is gone, and cannot be read again; and if the file has grown
  past the reader's position by then, the reader does not even notice. With a look every second, all 67
  lines between the rotation and the emptying are lost, in every round in which no look came in between;
  with a look every 50 ms it is none to some twenty-five. Fast notification makes the loss small, but does
  not rule it out.
- Looking costs almost nothing. A thread that wakes up every 50 ms takes a few tenths of a per cent of a
  core; a task takes somewhat more, since the loop has its own work for each wake-up; looking every second
  takes less than one tenth of a per cent. `watchfiles` takes as much as the task while nothing happens, or
  half as much again: a thread behind it checks every 5 ms for changes. Each follower is idle for 0.4
  seconds, with eight looks (or for one second, with one look), and the cost of a look can double from one
  round to the next: so this experiment only shows whether it is tenths or hundredths of a per cent.

## What to look at

The distribution of the latencies: with polling they are spread evenly over the interval, so the line bends
only because the axis is logarithmic. (The line of the one-second follower shows the 0.4 s in which one
round wrote, and a step where its missed lines would be.) Missed lines have no latency. Bars of their own
show them, and the cost of waiting.

## What not to conclude

That daemon threads are bad at monitoring. Any follower that looks from time to time, thread or task, loses
these lines. Emptying a file while it is read always loses lines: rotate by moving. `daemon_exit` shows the
purpose of the daemon flag, and what it does to a follower at exit; here the follower is joined, so that
nothing outlives its trial. And `watchfiles` with its default settings collects changes for up to 1.6
seconds: a log that is written all the time would then be seen later than by looking every second. Here it
is set to 50 ms.
"""

import asyncio
import os
import random
import sys
import threading
import time
from collections.abc import Sequence
from importlib import import_module
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory

from lab import (
    Case,
    Experiment,
    Measurement,
    Span,
    bars,
    claim,
    distribution,
    ever,
    missing,
    ratio,
    value,
)

from ._log import LINES, Log, Tail

WRITING_S = 0.4
SETTLED_S, IDLE_S = 0.05, 0.4


class Writer:
    """Leaves the follower idle, measures what that costs, then writes all lines at random moments."""

    def __init__(self, log: Log, interval_s: float, seed: str) -> None:
        draw = random.Random(seed)
        self.log, self.written = log, threading.Event()
        # By then the follower is there; and in each round its looks come at other moments of the writing.
        self.before_s = SETTLED_S + draw.uniform(0, interval_s)
        self.idle_s = ceil(IDLE_S / interval_s) * interval_s
        self.moments_s = sorted(draw.uniform(0, WRITING_S) for _ in range(LINES))
        self.idle_cpu_s = 0.0

    def run(self) -> None:
        """Write all lines, then set `written`, even after an error."""
        try:
            time.sleep(self.before_s)
            used_s = time.process_time()
            time.sleep(self.idle_s)
            self.idle_cpu_s = time.process_time() - used_s
            began_s = time.monotonic()
            for index, moment_s in enumerate(self.moments_s):
                time.sleep(max(0.0, began_s + moment_s - time.monotonic()))
                self.log.write(index)
        finally:
            self.written.set()


def follow_in_thread(tail: Tail, interval_s: float, written: threading.Event) -> None:
    """Look every `interval_s`, in a daemon thread, until after everything is written."""

    def follow() -> None:
        while not tail.last_look(written):
            time.sleep(interval_s)

    follower = threading.Thread(target=follow, daemon=True)
    follower.start()
    follower.join()


def follow_in_task(tail: Tail, interval_s: float, written: threading.Event) -> None:
    """Look every `interval_s`, in a task."""

    async def follow() -> None:
        while not tail.last_look(written):
            await asyncio.sleep(interval_s)

    asyncio.run(follow())


def follow_with_watchfiles(tail: Tail, interval_s: float, written: threading.Event) -> None:
    """Look whenever `watchfiles` reports changes; it collects them for at most `interval_s`."""
    from watchfiles import awatch

    async def follow() -> None:
        most_ms = round(interval_s * 1000)
        async for _ in awatch(
            tail.path.parent, debounce=most_ms, step=5, stop_event=written, recursive=False
        ):
            tail.look()
        tail.look()

    asyncio.run(follow())


FOLLOWERS = {
    "daemon thread, 1 s": (follow_in_thread, 1.0),
    "daemon thread, 50 ms": (follow_in_thread, 0.05),
    "asyncio, 50 ms": (follow_in_task, 0.05),
    "asyncio, watchfiles": (follow_with_watchfiles, 0.05),
}


def measure(case: Case) -> Measurement:
    """Follow a log while it is written; return what was missed, how late the rest was seen, the cost."""
    name = str(case["follower"])
    follow, interval_s = FOLLOWERS[name]
    if follow is follow_with_watchfiles:
        import_module(
            "watchfiles"
        )  # here: the follower would otherwise do it while its idle time is measured
    with TemporaryDirectory() as folder:
        log = Log(Path(folder) / "the.log")
        tail = Tail(log.path)
        writer = Writer(log, interval_s, os.environ.get("LAB_TAG", ""))
        writing = threading.Thread(target=writer.run)
        writing.start()
        follow(tail, interval_s, writer.written)
        writing.join()
        tail.file.close()
        log.file.close()
    spans = [Span(index, written, seen, seen, name) for index, (written, seen) in sorted(tail.seen.items())]
    latencies_s = sorted((span.finished_ns - span.submitted_ns) / 1e9 for span in spans)
    numbers = {
        "lines_missed": LINES - len(spans),
        "latency_p50_s": percentile(latencies_s, 50),
        "latency_p99_s": percentile(latencies_s, 99),
        "idle_cpu_percent": 100 * writer.idle_cpu_s / writer.idle_s,
    }
    return Measurement(numbers, spans)


def percentile(ordered: Sequence[float], percent: float) -> float:
    """Return the smallest number that `percent` of the numbers do not exceed (nearest rank)."""
    return ordered[ceil(percent / 100 * len(ordered)) - 1]


def unavailable(case: Case) -> str:
    """Return why a case cannot run here; "" if it can."""
    if sys.platform == "win32":
        return "this platform cannot move a file that is being read"
    return missing(["watchfiles"] if case["follower"] == "asyncio, watchfiles" else [])


experiment = Experiment(
    question="Which follower sees a log's lines first, which misses lines, and what does waiting cost?",
    measure=measure,
    grid={"follower": list(FOLLOWERS)},
    unavailable=unavailable,
    samples=1,
    warmups=0,
    figures=[
        distribution("latency_s").asking("How soon does each follower of a log see a line?"),
        bars("lines_missed").asking("How many lines does each follower of a log miss?"),
        bars("idle_cpu_percent").asking(
            "How much CPU does it take to follow a log in which nothing happens?"
        ),
    ],
    claims=[
        claim(
            "A daemon thread that looks every second sees a line within that second",
            value("latency_p99_s", follower="daemon thread, 1 s") < 1.1,
            statement=8,
        ),
        claim(
            "A daemon thread that looks every 50 ms takes less than 2 % of a core while nothing is written",
            value("idle_cpu_percent", follower="daemon thread, 50 ms") < 2,
            statement=8,
        ),
        claim(
            "A daemon thread that looks every second misses no line",
            value("lines_missed", follower="daemon thread, 1 s") < 0.5,
            statement=8,
        ),
        claim("A task that looks misses lines too", ever("lines_missed", follower="asyncio, 50 ms") > 0),
        claim(
            "A follower that is notified of changes sees them earlier than one that looks every 50 ms",
            ratio("asyncio, watchfiles", to="asyncio, 50 ms", axis="follower", metric="latency_p50_s") < 1,
        ),
    ],
)
