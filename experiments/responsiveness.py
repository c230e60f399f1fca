"""A timer fires every 5 ms while workers compute: which models delay it, and by how much?

## The question

The main thread, or the main coroutine, has something to do every 5 ms: answer a user, poll a device, report
that it is alive. Here it only notes the time; that is called a beat. Meanwhile up to four workers compute
for 140 ms without a pause. How late is a beat?

- The workers are plain `threads` or plain `processes` beside a main thread; threads or processes of an
  executor that the loop drives (`asyncio_threads`, `asyncio_processes`); or tasks, which block the loop
  (`asyncio`). Without workers there is only a main thread (`threads`) or a loop (`asyncio`).
- Their work is `python`, a loop in pure Python; `digest`, hashing, which releases the interpreter's lock,
  the GIL; or `sum`, one long call of C code that keeps it.

## What to expect

If threads ran cooperatively, a loop that never pauses would delay the beat until it has ended: 140 ms.

- Threads are pre-empted. A thread that wants the GIL waits for the switch interval, 5 ms, and then requests
  it from the thread that has it, which releases it at its next jump or call. So with one worker the worst
  beat is mostly 5 to 10 ms late. The GIL has no queue, so with two or more workers another one may get it
  first: the worst beat is 13 to 100 ms late, and with four workers the median is 2 to 30 ms.
- With an interval of 0.5 ms the median with one worker falls to about a quarter, and the worst to about a
  millisecond; the cost of the switches is not measured.
- A call of C code that keeps the GIL cannot be interrupted: Python checks the request only between two of
  its instructions, and during the call there is none. One `sum` over a long range stops every thread until
  it returns, some 140 ms, at either interval. In this case threads behave as if they were cooperative.
- Work that releases the GIL, and processes, delay the beat only because they take cores, which the
  operating system distributes: with four workers on two cores the median is the same as without them, and
  sometimes a beat is late by some time slices.
- asyncio *is* cooperative. A task that computes without an `await` stops the loop, with every beat in it,
  until it has ended: 135 ms, because the first beat is due after 5. A thread of an executor delays the loop
  as much as it delays a main thread, a process hardly at all. The loop's own clock has whole milliseconds,
  so its beats are about half a millisecond late even without workers.

All this was the same on CPython 3.11 and 3.13.

## What to look at

The worst beat over the number of busy workers: with asyncio it is as late as the whole computing, already
with one worker. In the distribution of the beats with four, look at how far apart the lines are; the scale
is logarithmic. A late beat does not move the next one. Each is compared with the time at which it was
*due*, so one long stop counts as many late beats, and overdue beats follow one another at once.

## What not to conclude

That `delay_p99_s` is precise: a trial has 28 beats, so it is close to the worst of them. And that a shorter
switch interval is the solution: every switch costs time, and it does not help against a call that keeps the
GIL.
"""

import asyncio
import multiprocessing
import queue
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import AbstractContextManager
from statistics import quantiles
from time import perf_counter_ns as now
from typing import Any

from lab import Case, Experiment, Measurement, Span, bars, claim, distribution, lines, ratio, value
from lab.models._workers import process_executor

from ._beats import WORK_NS, Beat, beat, beat_in_loop
from ._busy import WORKS, Work, calibrate


def compute_until(work: Work, ready: Any, ends: Any) -> None:
    """Signal that this worker is there, receive a moment, and compute until then."""
    ready.put(True)
    work(ends.get())


def beside_main(worker: Any, channel: Any, work: Work, workers: int) -> list[Beat]:
    """Beat in the main thread beside plain threads or processes, all started before the clock."""
    ready, ends = channel(), channel()
    computing = [worker(target=compute_until, args=(work, ready, ends)) for _ in range(workers)]
    for each in computing:
        each.start()
    for _ in computing:
        ready.get()
    began = now()
    for _ in computing:
        ends.put(began + WORK_NS)
    beats = beat(began)
    for each in computing:
        each.join()
    return beats


async def beside_loop(opening: AbstractContextManager[Executor], work: Work, workers: int) -> list[Beat]:
    """Beat in the loop beside the workers of an executor, which it drives."""
    with opening as pool:
        for started in [pool.submit(time.sleep, 0.01) for _ in range(workers)]:
            started.result()  # the pool has all its workers before the clock starts
        began, loop = now(), asyncio.get_running_loop()
        working = [loop.run_in_executor(pool, work, began + WORK_NS) for _ in range(workers)]
        beats = await beat_in_loop(began)
        await asyncio.gather(*working)
    return beats


async def inside_loop(work: Work, workers: int) -> list[Beat]:
    """Beat in the loop in which the workers compute."""

    async def compute() -> None:
        work(began + WORK_NS)

    began = now()
    async with asyncio.TaskGroup() as group:
        for _ in range(workers):
            group.create_task(compute())
        return await beat_in_loop(began)


def beats_of(model: str, work: Work, workers: int) -> list[Beat]:
    """Beat while this number of workers of a model compute."""
    if model == "threads":
        return beside_main(threading.Thread, queue.SimpleQueue, work, workers)
    if model == "processes":
        return beside_main(multiprocessing.Process, multiprocessing.SimpleQueue, work, workers)
    if model == "asyncio":
        return asyncio.run(inside_loop(work, workers))
    kind = ThreadPoolExecutor if model == "asyncio_threads" else process_executor
    return asyncio.run(beside_loop(kind(workers), work, workers))


def measure(case: Case) -> Measurement:
    """Return how late the beats are, and each beat as a span that was submitted when it was due."""
    if case["work"] == "sum":
        calibrate(WORK_NS)
    sys.setswitchinterval(float(case["interval_us"]) / 1e6)
    beats = beats_of(str(case["model"]), WORKS[str(case["work"])], int(case["busy_workers"]))
    return Measurement(
        delays(beats),
        [Span(number, due, happened, happened, "main") for number, (due, happened) in enumerate(beats)],
    )


def delays(beats: Sequence[Beat]) -> dict[str, float]:
    """Return the median, the 99th percentile and the worst of the delays."""
    late_s = [(happened - due) / 1e9 for due, happened in beats]
    percentiles = quantiles(late_s, n=100, method="inclusive")
    return {"delay_p50_s": percentiles[49], "delay_p99_s": percentiles[98], "delay_worst_s": max(late_s)}


def keep(params: Mapping[str, Any]) -> bool:
    """Keep the sweep of every model, and one case for each other kind of work and switch interval."""
    model, busy, work = params["model"], params["busy_workers"], params["work"]
    if work != "python" or params["interval_us"] != 5000:
        usual = params["interval_us"] == 5000 or work != "digest"
        return model == "threads" and usual and busy == (4 if work == "digest" else 1)
    return busy > 0 or model in ("threads", "asyncio")  # without workers, there is a main thread or a loop


BESIDE_FOUR = {"model": "threads", "busy_workers": 4}

experiment = Experiment(
    question="A timer fires every 5 ms while workers compute: how late is it?",
    measure=measure,
    grid={
        "model": ["threads", "processes", "asyncio", "asyncio_threads", "asyncio_processes"],
        "busy_workers": [0, 1, 2, 4],
        "work": ["python", "digest", "sum"],
        "interval_us": [5000, 500],
    },
    keep=keep,
    baseline="",
    samples=1,
    warmups=0,
    timeout_s=20,
    figures=[
        lines("busy_workers", "delay_worst_s", work="python", interval_us=5000),
        distribution("latency_s", work="python", interval_us=5000, busy_workers=4).asking(
            "How late are all beats, with four workers?"
        ),
        bars("delay_p50_s").asking(
            "How late is the median beat, for each kind of work and switch interval?"
        ),
    ],
    claims=[
        claim(
            "A thread that computes in pure Python stops the main thread until it has ended",
            value("delay_worst_s", model="threads", work="python", busy_workers=1) > 0.1,
            statement=3,
        ),
        claim(
            "A long call that keeps the GIL stops the main thread until it returns, at either interval",
            value("delay_worst_s", model="threads", work="sum") > 0.1,
        ),
        claim(
            "Threads whose work releases the GIL delay the beat less than half as much as pure Python",
            ratio("digest", to="python", axis="work", metric="delay_p50_s", **BESIDE_FOUR) < 0.5,
        ),
        claim(
            "At a switch interval of 5 ms the median beat beside one thread is a millisecond late or more",
            value("delay_p50_s", model="threads", busy_workers=1, work="python", interval_us=5000) > 0.001,
        ),
        claim(
            "At 0.5 ms it is less than half as late",
            ratio("500", to="5000", axis="interval_us", metric="delay_p50_s", work="python") < 0.5,
        ),
        claim(
            "A task that computes in the loop stops it until it has ended",
            value("delay_worst_s", model="asyncio", busy_workers=1) > 0.1,
        ),
        claim(
            "Four processes delay the beat less than half as much as four threads",
            ratio("processes", to="threads", metric="delay_p50_s", busy_workers=4) < 0.5,
        ),
        claim(
            "So do four workers of an executor that the loop drives",
            ratio("asyncio_processes", to="asyncio_threads", metric="delay_p50_s", busy_workers=4) < 0.5,
        ),
    ],
    besides="While workers compute: how long other work waits.",
)
