"""Start five workers, keep on ticking, then join them: what does the main thread notice?

## The question

A program starts five workers that wait for different lengths of time, and goes on with work of its own:
here it notes the time every 5 ms; that is called a tick. When all five have ended, it joins them.

## What to expect

- Both make progress. A worker that waits does not block the main thread, which goes on ticking. The longest
  gap between two ticks shows how well: a little more than 5 ms is perfect.
- The workers end in the order of their durations, not in the order of their starts, and a join waits for
  the slowest. So the makespan is the *longest* duration (the limit in the figure); one after another it
  would be the *sum* of them. `of_longest` and `of_sum` are the makespan divided by these two.
- The models differ in the cost of starting a worker. The main thread starts a process far more slowly than
  a thread, and cannot tick meanwhile: the makespan of processes is some per cent longer. If they are
  forked, the longest gap hardly shows it: all five starts together take little longer than one tick, and a
  tick may be as late for other reasons. So with few rounds the claim may stay undecided.
- A task costs almost nothing to start, but runs only when the main coroutine awaits something: a coroutine
  that computed for a second without `await` would stop the ticking for a second.

## What to look at

The bars of the makespan, all near the limit; then the bars of the longest gap. In the timeline each worker
has a row: they start immediately after one another, processes with some milliseconds between the first and
the last, and each ends at its own time.

## In the code

The three functions are what a tutorial would show: `Thread` and `join`, `Process` and `join`, `TaskGroup`,
which joins by itself when its block ends.
"""

import asyncio
import multiprocessing
import random
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from time import perf_counter_ns as now

from lab import Case, Experiment, Measurement, Outcome, Workload, bars, batch, claim, ratio, timeline
from lab.core import clock

DRAW = random.Random(2022)
DURATIONS_S = [DRAW.uniform(0.02, 0.12) for _ in range(5)]
TICK_S = 0.005

Ticks = list[int]


def wait(seconds: float) -> float:
    """Wait, and return for how long: what each worker does."""
    time.sleep(seconds)
    return seconds


async def wait_awaiting(seconds: float) -> float:
    """The same as a coroutine."""
    await asyncio.sleep(seconds)
    return seconds


def threads(ticks: Ticks, _: Workload, durations_s: Sequence[float]) -> list[Outcome]:
    """Start five threads, tick while any is alive, join them."""
    outcomes: dict[int, Outcome] = {}

    def work(ticket: clock.Ticket) -> None:
        outcomes[ticket.index] = clock.call(wait, ticket)

    workers = [threading.Thread(target=work, args=(ticket,)) for ticket in clock.submit(durations_s)]
    for worker in workers:
        worker.start()
    tick_while(lambda: any(worker.is_alive() for worker in workers), ticks)
    for worker in workers:
        worker.join()
    return [outcomes[index] for index in sorted(outcomes)]


def processes(ticks: Ticks, _: Workload, durations_s: Sequence[float]) -> list[Outcome]:
    """Start five processes, tick while any is alive, join them."""
    answers: multiprocessing.SimpleQueue[Outcome] = multiprocessing.SimpleQueue()
    tickets = clock.submit(durations_s)
    workers = [
        multiprocessing.Process(target=wait_and_answer, args=(ticket, answers)) for ticket in tickets
    ]
    for worker in workers:
        worker.start()
    tick_while(lambda: any(worker.is_alive() for worker in workers), ticks)
    for worker in workers:
        worker.join()
    outcomes = [answers.get() for _ in workers]
    answers.close()
    return sorted(outcomes, key=lambda outcome: outcome.span.index)


def wait_and_answer(ticket: clock.Ticket, answers: "multiprocessing.SimpleQueue[Outcome]") -> None:
    """In the child process: wait, and send the outcome to the parent."""
    answers.put(clock.call(wait, ticket))


def tick_while(alive: Callable[[], bool], ticks: Ticks) -> None:
    """Note the time every 5 ms as long as `alive` returns true."""
    ticks.append(now())
    while alive():
        time.sleep(TICK_S)
        ticks.append(now())


async def tasks(ticks: Ticks, durations_s: Sequence[float]) -> list[Outcome]:
    """Start five tasks, tick while any is not done; the group joins them."""
    async with asyncio.TaskGroup() as group:
        calls = [clock.call_async(wait_awaiting, ticket) for ticket in clock.submit(durations_s)]
        workers = [group.create_task(call) for call in calls]
        ticks.append(now())
        while not all(worker.done() for worker in workers):
            await asyncio.sleep(TICK_S)
            ticks.append(now())
    return [worker.result() for worker in workers]


ARMS = {
    "threads": threads,
    "processes": processes,
    "asyncio": lambda ticks, _, durations_s: asyncio.run(tasks(ticks, durations_s)),
}


def measure(case: Case) -> Measurement:
    """Run one model; return the ticks, and the makespan, also as a share of longest and total duration."""
    ticks: Ticks = []
    waited = batch(partial(ARMS[str(case["model"])], ticks), Workload(wait, expect=float), DURATIONS_S)
    began = min(span.submitted_ns for span in waited.spans)
    gaps = [later - earlier for earlier, later in pairwise([began, *ticks])]
    return Measurement(
        {
            "makespan_s": waited.makespan_s,
            "longest_gap_s": max(gaps) / 1e9,
            "ticks": len(ticks),
            "of_longest": waited.makespan_s / max(DURATIONS_S),
            "of_sum": waited.makespan_s / sum(DURATIONS_S),
            "limit_s": max(DURATIONS_S),
        },
        waited.spans,
    )


experiment = Experiment(
    question="Five workers start and are joined: how long does it take, and does the main thread wait?",
    measure=measure,
    grid={"model": ["threads", "processes", "asyncio"]},
    samples=1,
    figures=[
        bars("makespan_s"),
        bars("longest_gap_s").asking(
            "How long does starting the workers keep the main thread from its own work?"
        ),
        timeline().asking("When does each worker run?"),
    ],
    claims=[
        claim(
            "Starting processes stops the main thread longer than starting tasks",
            ratio("processes", to="asyncio", metric="longest_gap_s") > 1,
        ),
    ],
)
