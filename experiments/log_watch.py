"""Follow a log while it is written, rotated and emptied: who is late, who misses lines, at what cost?

## The question

A program writes 200 stamped lines into a log within half a second, at random moments. After a third of
them it moves the file away and begins a new one, as `logrotate` does; after two thirds it empties the
file where it is, as `logrotate` does with `copytruncate`. Another part of a program follows the file
from its end: a daemon thread that looks every second, as monitors are often written, or every 50 ms; a
task of asyncio that looks as often; a task that is told of changes by the system, through `watchfiles`.
"Daemon threads suit monitoring", it is said. Do they?

All followers are equally good at it. At each look they read to the end; where the name now means
another file, they first read the old one to its end and then the new one from its start; where the file
is shorter than what was read, they begin it again.

## What to expect

- Who looks every second sees a line up to a second late, and half a second on average; every 50 ms, up
  to 50 ms and 25. It does not matter whether a thread or a task does the looking. `watchfiles` tells of
  most lines within some 10 ms.
- A rotation loses nothing, as long as the old file stays open for a last look. An emptied file does:
  what was written since the last look is gone, and nobody can read it again; and where the file has by
  then grown past where the reader was, not even that is noticed. At a look every second that is all
  that came between the rotation and the emptying, 67 lines, in every round that did not happen to look
  in between; at 50 ms some ten. To be told soon makes the loss small, and not impossible.
- To look costs next to nothing: a thread that wakes up every 50 ms takes some quarter of a per cent of
  a core, a task somewhat more, since the loop's own turn comes with it. `watchfiles` is not free
  either: behind it a thread asks every few milliseconds whether enough changes have been gathered.

## What to look at

The distribution of the latencies: polling spreads evenly over its interval, so its line bends only
because the axis is logarithmic. Lines that were missed have no latency; they are in the bars below it.
Then the cost of waiting.

## What not to conclude

That daemon threads are bad at monitoring. What is lost here is lost by whoever looks now and then,
thread or task, and a file that is emptied under its reader is lost by design: rotate by moving. What
the daemon flag is for, and what it does to a follower at exit, is in `daemon_exit`; here the follower
is joined, so that nothing outlives its trial. And `watchfiles` as it comes gathers changes for up to
1.6 seconds: a log that is written all the time would then be seen later than by looking every second.
Here it was told 50 ms.
"""

import asyncio
import os
import random
import re
import sys
import threading
import time
from collections.abc import Sequence
from importlib import import_module
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter_ns as now

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

LINES = 200
WRITING_S = 0.5
ROTATED, TRUNCATED = LINES // 3, 2 * LINES // 3
"""Before which line the file is moved away and begun anew, and before which it is emptied."""

LINE = re.compile(rb"line (\d+) written at (\d+)")
INTERVALS_S = {"daemon thread, 1 s": 1.0}
FAST_S = 0.05
SETTLED_S = 0.1
IDLE_S = 0.15
"""The least: a follower's idle time is that of one look or more."""


class Tail:
    """A file followed by its name from its end, across rotation and truncation: what `tail -F` does."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file = path.open("rb")
        self.file.seek(0, os.SEEK_END)
        self.rest = b""
        self.seen: dict[int, tuple[int, int]] = {}

    def look(self) -> None:
        """Read what has come since the last look, and stamp every line of it."""
        try:
            there = self.path.stat()
        except FileNotFoundError:  # moved away, and not begun anew yet
            return
        if there.st_ino != os.fstat(self.file.fileno()).st_ino:
            self.read()  # what had come into the old file before it was moved away
            self.file.close()
            self.file, self.rest = self.path.open("rb"), b""
        elif there.st_size < self.file.tell():
            self.file.seek(0)
            self.rest = b""
        self.read()

    def read(self) -> None:
        """Read to the end of the file that is open."""
        *lines, self.rest = (self.rest + self.file.read()).split(b"\n")
        seen_ns = now()
        for line in lines:
            if stamped := LINE.fullmatch(line):
                self.seen.setdefault(int(stamped[1]), (int(stamped[2]), seen_ns))


class Log:
    """A log file with a program that writes it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file = path.open("ab", buffering=0)

    def write(self, index: int) -> None:
        """Append a stamped line; before two of them, the file is rotated and truncated."""
        if index == ROTATED:
            self.path.rename(self.path.with_suffix(".1"))
            self.file.close()
            self.file = self.path.open("ab", buffering=0)
        if index == TRUNCATED:
            self.file.truncate(0)
        self.file.write(b"line %d written at %d\n" % (index, now()))


class Writer:
    """Leaves the follower idle, measures what that costs, then writes all lines at random moments."""

    def __init__(self, log: Log, interval_s: float, seed: str) -> None:
        draw = random.Random(seed)
        self.log = log
        # No two rounds meet the polls in the same place, and the follower is there.
        self.before_s = SETTLED_S + draw.uniform(0, interval_s)
        self.idle_s = ceil(IDLE_S / interval_s) * interval_s
        self.moments_s = sorted(draw.uniform(0, WRITING_S) for _ in range(LINES))
        self.idle_cpu_s = 0.0
        self.done = threading.Event()

    def run(self) -> None:
        """Do it, and say when it is done, also where it fails."""
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
            self.done.set()


def thread_polls(tail: Tail, interval_s: float, done: threading.Event) -> None:
    """Look every `interval_s`, in a daemon thread, until after everything is written."""

    def follow() -> None:
        last = False
        while not last:
            last = done.is_set()
            tail.look()
            time.sleep(0 if last else interval_s)

    follower = threading.Thread(target=follow, daemon=True)
    follower.start()
    follower.join()


def asyncio_polls(tail: Tail, interval_s: float, done: threading.Event) -> None:
    """Look every `interval_s`, in a task."""

    async def follow() -> None:
        last = False
        while not last:
            last = done.is_set()
            tail.look()
            await asyncio.sleep(0 if last else interval_s)

    asyncio.run(follow())


def asyncio_is_told(tail: Tail, interval_s: float, done: threading.Event) -> None:
    """Look whenever `watchfiles` tells of a change; it gathers them for at most `interval_s`."""
    from watchfiles import awatch

    async def follow() -> None:
        folder, gathered_ms = tail.path.parent, round(interval_s * 1000)
        async for _ in awatch(folder, debounce=gathered_ms, step=5, stop_event=done, recursive=False):
            tail.look()
        tail.look()

    asyncio.run(follow())


FOLLOWERS = {
    "daemon thread, 1 s": thread_polls,
    "daemon thread, 50 ms": thread_polls,
    "asyncio, 50 ms": asyncio_polls,
    "asyncio, watchfiles": asyncio_is_told,
}


def measure(case: Case) -> Measurement:
    """Follow a log while it is written; return what was missed, how late the rest was seen, the cost."""
    name = str(case["follower"])
    interval_s = INTERVALS_S.get(name, FAST_S)
    if name == "asyncio, watchfiles":
        import_module("watchfiles")  # or the follower would, while its idle time is measured
    with TemporaryDirectory() as folder:
        path = Path(folder) / "the.log"
        log = Log(path)
        tail = Tail(path)
        writer = Writer(log, interval_s, os.environ.get("LAB_TAG", ""))
        writing = threading.Thread(target=writer.run)
        writing.start()
        FOLLOWERS[name](tail, interval_s, writer.done)
        writing.join()
        tail.file.close()
        log.file.close()
    spans = [
        Span(index, written_ns, seen_ns, seen_ns, name)
        for index, (written_ns, seen_ns) in sorted(tail.seen.items())
    ]
    latencies_s = sorted((span.finished_ns - span.submitted_ns) / 1e9 for span in spans)
    return Measurement(
        {
            "lines_missed": LINES - len(spans),
            "latency_p50_s": percentile(latencies_s, 50),
            "latency_p99_s": percentile(latencies_s, 99),
            "idle_cpu_percent": 100 * writer.idle_cpu_s / writer.idle_s,
        },
        spans,
    )


def percentile(ordered: Sequence[float], percent: float) -> float:
    """Return the least number that so many per cent of them do not exceed (nearest rank)."""
    return ordered[ceil(percent / 100 * len(ordered)) - 1]


def hindrance(case: Case) -> str:
    """Return why a case cannot run here; "" where it can."""
    if sys.platform == "win32":
        return "this platform does not let a file be moved away while somebody reads it"
    return missing(["watchfiles"] if case["follower"] == "asyncio, watchfiles" else [])


experiment = Experiment(
    question="Who follows a log soonest, what does it miss, and what does it cost to wait?",
    measure=measure,
    grid={
        "follower": ["daemon thread, 1 s", "daemon thread, 50 ms", "asyncio, 50 ms", "asyncio, watchfiles"]
    },
    unavailable=hindrance,
    samples=1,
    warmups=0,
    figures=[distribution("latency_s"), bars("lines_missed"), bars("idle_cpu_percent")],
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
            "Who is told of changes sees them sooner than who looks every 50 ms",
            ratio(
                "asyncio, watchfiles",
                to="daemon thread, 50 ms",
                axis="follower",
                metric="latency_p50_s",
            )
            < 1,
        ),
    ],
)
