"""Eight digests of much data: the same shape as `cpu`, but this work releases the GIL.

## The question

A task computes the SHA-256 of 40 MiB, some 22 ms. That is CPU-bound as well, but the C code releases the
interpreter's lock while it computes, as `hashlib`, `zlib`, most of NumPy and many others do. Do threads
gain now?

## What to expect

- Threads gain as much as processes: two workers take little more than half the time of one after another.
  Whether threads are good for CPU-intensive work depends on the lock, not on computing as such.
- asyncio by itself still gains nothing: the loop has one thread, and the computing call runs in it. With
  `asyncio_threads` it gains what threads gain, which is the purpose of `to_thread`.
- Processes gain too, but two things cost them time that threads get free: their start, and sending the
  results. Here the data are small and each process makes its own; larger data would have to be copied to a
  spawned worker (`payload` and `memory` measure that).

One worker is left out: no model is faster with it, as `cpu` shows.

## What to look at

Compare the figure with that of `cpu`: the thread models are now among the fast ones, and only the function
that the tasks call has changed.

## What not to conclude

That a library releases the GIL because it is written in C. It has to do so explicitly, and does so only if
a call is long enough: `hashlib` for more than 2047 bytes at a time. And that two cores are twice as fast as
one if the work waits for memory: the tasks here read one MiB over and over, which each core keeps in its
own cache (`lab/workloads/digest.py` describes what happens otherwise).
"""

from lab import Experiment, bars, claim, ratio, work
from lab.workloads import digest

experiment = Experiment(
    question="Which model finishes eight digests first, when hashing releases the GIL?",
    workload=digest.sha256(),
    grid={
        "model": [
            "sequential",
            "threads",
            "daemon_threads",
            "queue_pool",
            "thread_pool",
            "fork",
            "processes",
            "process_pool",
            "process_executor",
            "asyncio",
            "asyncio_threads",
            "asyncio_processes",
        ],
        "tasks": [8],
        "workers": [2, "cores"],
    },
    samples=1,
    figures=[bars("makespan_s")],
    claims=[
        claim(
            "Threads compute in parallel when the GIL is released",
            ratio("threads", to="sequential", workers=2) < 0.8,
        ),
        claim(
            "Threads gain nothing from CPU-intensive work that releases the GIL",
            ratio("threads", to="sequential", workers=2) > 0.9,
            statement=2,
        ),
    ],
    advice=[work("Computing that releases the GIL: hashing", rank=60)],
)
