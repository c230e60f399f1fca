"""Two hundred fetches, and a pool of 1 to 128 workers: how many workers are enough?

## The question

A list is much too long to start a thread for each item. A pool works through it with a fixed number of
workers, which keep their connections open: `thread_pool` is the standard library's; `queue_pool` is the one
that tutorials build from threads and a `Queue`; `asyncio` has no workers, but a semaphore. The server waits
2 ms before each answer. How large should the pool be, and how many threads are there before, during and
after?

All three send the same bytes through the smallest possible client (the minimal codec of `clients`), so that
the difference between the lines is the model and not a library. `queue_pool` has the same threads with
another queue; it is measured from 4 workers on, because with fewer the queue hardly matters.

## What to expect

- The limit is `ceil(200 / workers)` waits: it halves with every doubling of the workers.
- The measured line first follows it, and then is flat. A fetch is not only a wait: it also takes the client
  some CPU time, which only one thread at a time can use (the GIL). Two hundred fetches cannot take less
  than the sum of that, `cpu_s` in the table, however many workers there are. The limit falls below that sum
  at about `1 + wait / CPU time of a fetch` workers. The ring marks the size from which a doubling gains
  less than a tenth. It comes one or two doublings later, or later still if a line is nearly flat.
- So this point, the knee, does not depend on the list or on the number of cores. With a longer wait or a
  cheaper fetch it comes at more workers. Here a fetch costs threads about a quarter of a millisecond of
  CPU, and tasks half of that or less, if several are in flight: the operating system has to wake up a
  thread, and handing over the GIL costs more than that. So asyncio still gains where threads have levelled
  off, and ends below.
- Beyond the knee more workers gain nothing, and cost: each worker of a pool is a thread, with its stack and
  its connection, and they take the GIL from each other. Jobs reach them through the executor or through a
  queue: to the makespan that makes no difference, at least none that is the same in every round. The
  executor makes a `Future` for each job, and mostly takes a tenth more CPU.
- With a pool of `w` workers there are `w` threads and the main one while the pool is open, and one thread
  before and after. Under asyncio there is always one thread, however many fetches are in flight.

## What to look at

The lines against the dashed limit, and the ring where each levels off: its knee. The position of a pool's
knee differs between rounds, and its interval is wide: all sizes within it are equally good. Then the
threads: a straight line for the pools, one thread for asyncio. In the table, `cpu_s` beside `makespan_s`:
the nearer the two, the more the client is the bottleneck, and only a cheaper client or a second process
would help. The difference between them is waiting. At the flat end of asyncio the server, one process, gets
several thousand requests a second, and part of the waiting is in its queue.

## What not to conclude

That sixteen is the right size of a pool. Measure with your own wait and your own client: with 300 ms
instead of 2 the same threads would keep many hundreds of workers busy, and a library that takes a
millisecond of CPU for each fetch levels off after a few. A size that is fast for you may also be wrong for
the server: see `rate_limit`. And that asyncio needs no limit: its tasks are cheap, but the connections that
they keep open at the server are not.
"""

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from lab import (
    Case,
    Experiment,
    Measurement,
    Workload,
    batch,
    claim,
    lines,
    load_model,
    ratio,
    value,
    work,
)
from lab.workloads import document

FETCHES = 200
WAIT_MS = 2
EVERY = [1, 2, 4, 8, 16, 32, 64, 128]
SIZES = {"thread_pool": EVERY, "queue_pool": EVERY[2:], "asyncio": EVERY}


class Counted:
    """A workload whose calls first count the threads that are alive."""

    def __init__(self, workload: Workload) -> None:
        self.workload = workload
        self.threads: list[int] = []

    def counting(self) -> Workload:
        """Return the workload that counts."""
        return replace(self.workload, blocking=self.blocking, awaitable=self.awaitable)

    def blocking(self, item: str) -> object:
        """Count, and fetch."""
        self.threads.append(threading.active_count())
        return self.workload.blocking(item)

    @asynccontextmanager
    async def awaitable(self) -> AsyncIterator[object]:
        """Open the workload's session; count, and fetch."""
        async with self.workload.awaitable() as fetch:

            async def counted(item: str) -> object:
                self.threads.append(threading.active_count())
                return await fetch(item)

            yield counted


def measure(case: Case) -> Measurement:
    """Fetch through a pool of this size; return how long it took, and how many threads there were."""
    workers, model = int(case["workers"]), load_model(str(case["model"]))
    counted = Counted(document.fetch(wait_ms=WAIT_MS, connections="kept"))
    workload = counted.counting()
    workload.prepare()  # loads the client: otherwise all would wait while the first fetch does that
    before = threading.active_count()
    with model.open(workers) as run:
        fetched = batch(run, workload, workload.items(FETCHES), workers=workers)
    return Measurement(
        {
            "served": len(fetched.outcomes),
            "makespan_s": fetched.makespan_s,
            "limit_s": workload.limit_s(FETCHES, workers),
            "cpu_s": fetched.cpu_s,
            "peak_in_flight": fetched.peak_in_flight,
            "threads_before": before,
            "threads_during": max(counted.threads),
            "threads_after": threading.active_count(),
        },
        fetched.spans,
    )


experiment = Experiment(
    question="Two hundred fetches and a pool: how many workers are enough?",
    measure=measure,
    grid={
        "model": ["thread_pool", "queue_pool", "asyncio"],
        "workers": EVERY,
    },
    keep=lambda at: at["workers"] in SIZES[str(at["model"])],
    aa_control=lambda at: at["workers"] == 32,
    uses_server=True,
    samples=1,
    warmups=0,
    figures=[
        lines("workers", "makespan_s", knee=True),
        lines("workers", "threads_during").asking("How many threads are there with a pool of each size?"),
    ],
    claims=[
        claim(
            "A very long list needs no more than a small pool: 128 workers are not twice as fast as 16",
            ratio("128", to="16", axis="workers", model="thread_pool") > 0.5,
            statement=5,
        ),
        claim(
            "A pool of 128 workers has 128 threads, besides the main one",
            value("threads_during", model="thread_pool", workers=128) > 128.5,
        ),
        claim(
            "asyncio has one thread, however many are in flight",
            value("threads_during", model="asyncio") < 1.5,
        ),
        claim("No thread of a pool outlives it", value("threads_after") < 1.5),
    ],
    advice=[work("200 URLs, answered after 2 ms, 32 at once", rank=20, workers=32)],
)
