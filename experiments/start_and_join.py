"""Start five workers, keep on ticking, then join them: what does the main thread notice?

## The question

A program starts five workers that wait for different lengths of time, and goes on with work of its own:
here it ticks every 5 ms, and notes when. When all five have ended, it joins them.

## What to expect

- Both make progress. A worker that waits does not block the main thread, which ticks on. The longest gap
  between two ticks shows how well it did: 5 ms and a little is perfect.
- The workers end in the order of their durations, not in the order of their starts, and a join waits for
  the slowest. So the makespan is the *longest* duration (the limit in the figure), where one after another
  it would be the *sum* of them. `of_longest` and `of_sum` are the makespan over these two.
- The arms differ in the cost of starting a worker. The main thread starts a process far more slowly than a
  thread, and cannot tick meanwhile: the makespan of processes is some per cent longer. The longest gap
  hardly shows it where they are forked. All five starts together take little longer than one tick, and a
  tick may be late by as much for other reasons: so few rounds may leave it undecided.
- A task costs almost nothing to start, but runs only when the main coroutine awaits something: a coroutine
  that computed for a second without `await` would stop the ticking for a second.

## What to look at

The bars of the makespan, all near the limit; then the bars of the longest gap. In the timeline each worker
has a row: they start one right after another, processes with some milliseconds between the first and the
last, and each ends on its own.

## In the code

The three arms are what a tutorial would show: `Thread` and `join`, `Process` and `join`, `TaskGroup`, which
joins by itself when its block ends.
"""

import asyncio
import multiprocessing
import os
import random
import threading
import time
from collections.abc import Callable
from itertools import pairwise
from time import perf_counter_ns as now

from lab import Case, Experiment, Measurement, Span, bars, claim, ratio, timeline

DRAW = random.Random(2022)
DURATIONS_S = [DRAW.uniform(0.02, 0.12) for _ in range(5)]
TICK_S = 0.005

Stamps = tuple[int, int, int, str]  # index, started, finished, worker
Ticks = list[int]


def threads() -> tuple[list[Stamps], Ticks]:
    """Start five threads, tick while any is alive, join them."""
    stamps: list[Stamps] = []

    def wait(index: int, seconds: float) -> None:
        started = now()
        time.sleep(seconds)
        stamps.append((index, started, now(), threading.current_thread().name))

    workers = [threading.Thread(target=wait, args=each) for each in enumerate(DURATIONS_S)]
    for worker in workers:
        worker.start()
    ticks = tick_while(lambda: any(worker.is_alive() for worker in workers))
    for worker in workers:
        worker.join()
    return stamps, ticks


def processes() -> tuple[list[Stamps], Ticks]:
    """Start five processes, tick while any is alive, join them."""
    answers: multiprocessing.SimpleQueue[Stamps] = multiprocessing.SimpleQueue()
    workers = [
        multiprocessing.Process(target=wait_and_answer, args=(index, seconds, answers))
        for index, seconds in enumerate(DURATIONS_S)
    ]
    for worker in workers:
        worker.start()
    ticks = tick_while(lambda: any(worker.is_alive() for worker in workers))
    for worker in workers:
        worker.join()
    stamps = [answers.get() for _ in workers]
    answers.close()
    return stamps, ticks


def wait_and_answer(index: int, seconds: float, answers: "multiprocessing.SimpleQueue[Stamps]") -> None:
    """Wait, in a process of its own, and send back when."""
    started = now()
    time.sleep(seconds)
    answers.put((index, started, now(), str(os.getpid())))


def tick_while(alive: Callable[[], bool]) -> Ticks:
    """Note the time every 5 ms for as long as `alive` says so."""
    ticks = [now()]
    while alive():
        time.sleep(TICK_S)
        ticks.append(now())
    return ticks


async def tasks() -> tuple[list[Stamps], Ticks]:
    """Start five tasks, tick while any is not done; the group joins them."""

    async def wait(index: int, seconds: float) -> Stamps:
        started = now()
        await asyncio.sleep(seconds)
        return index, started, now(), f"task {index}"

    async with asyncio.TaskGroup() as group:
        workers = [group.create_task(wait(*each)) for each in enumerate(DURATIONS_S)]
        ticks = [now()]
        while not all(worker.done() for worker in workers):
            await asyncio.sleep(TICK_S)
            ticks.append(now())
    return [worker.result() for worker in workers], ticks


def measure(case: Case) -> Measurement:
    """Run one arm; return its makespan, also over the longest duration and their sum, and its ticks."""
    arms = {"threads": threads, "processes": processes, "asyncio": lambda: asyncio.run(tasks())}
    began = now()
    stamps, ticks = arms[str(case["model"])]()
    ticks = [began, *ticks]
    spans = [Span(index, began, started, finished, worker) for index, started, finished, worker in stamps]
    makespan_s = (max(span.finished_ns for span in spans) - began) / 1e9
    gaps = [later - earlier for earlier, later in pairwise(ticks)]
    return Measurement(
        {
            "makespan_s": makespan_s,
            "longest_gap_s": max(gaps) / 1e9,
            "ticks": len(ticks) - 1,
            "of_longest": makespan_s / max(DURATIONS_S),
            "of_sum": makespan_s / sum(DURATIONS_S),
            "limit_s": max(DURATIONS_S),
        },
        sorted(spans, key=lambda span: span.index),
    )


experiment = Experiment(
    question="Five workers start and are joined: how long does it take, and what has to wait?",
    measure=measure,
    grid={"model": ["threads", "processes", "asyncio"]},
    samples=1,
    figures=[
        bars("makespan_s"),
        bars("longest_gap_s").asking(
            "For how long does starting them keep the main thread from its own work?"
        ),
        timeline().asking("When does each worker run?"),
    ],
    claims=[
        claim(
            "Starting processes holds the main thread up longer than starting tasks",
            ratio("processes", to="asyncio", metric="longest_gap_s") > 1,
        ),
    ],
)
