"""Eight searches in pure Python: which model computes fastest?

## The question

A task searches for the best loop of currency conversions: some 20 ms of pure Python, without any waiting.
The interpreter's lock, the GIL, lets one thread run Python at a time. So what do threads gain here, and
what do processes?

## What to expect

- Threads gain nothing. Eight tasks take as long as one after another, and a little longer if the threads
  take the lock from each other. It does not matter how the threads are made: one for each task, a pool, a
  queue, a daemon flag, or asyncio's `to_thread`.
- asyncio gains nothing either, and has a second problem: a task that computes blocks the loop, and with it
  everything else that the program has to do meanwhile. The makespan does not show that; the timeline does,
  as one task strictly after another.
- Each process has a lock of its own. On two cores, two workers take about half the time, which is the
  limit: the work divided by `min(workers, cores)`. With one worker, a pool of processes takes as long as
  any other model.
- A process for each task (`fork`, `processes`) costs eight starts inside the batch, a pool none. And a new
  process takes a third longer for the same search (`service_s`); one that has searched before does not.

## What to look at

The panels. With one worker the bars are alike, except for `fork` and `processes`, which start a process for
each task: no model makes computing cheaper. With two workers, the bars of the models that use processes get
shorter: a pool comes close to the limit, a process for each task comes half of the way. The other bars stay
as they are.

## What not to conclude

That threads are useless for computing. Work that releases the GIL is different (`gil_release`), and so is a
free-threaded build of Python. And that processes are always worth it: the tasks here take some 20 ms and
pass almost no data; short tasks, or large arguments, cost more to hand over than they gain.
"""

from lab import Experiment, bars, claim, ratio, timeline, work
from lab.workloads import arbitrage

experiment = Experiment(
    question="Which model finishes eight searches in pure Python first?",
    workload=arbitrage.search(),
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
        "workers": [1, 2, "cores"],
    },
    samples=1,
    figures=[bars("makespan_s"), timeline(workers=2).asking("Which search runs where, and when?")],
    claims=[
        claim(
            "Threads gain nothing from pure Python", ratio("threads", to="sequential") > 0.9, statement=2
        ),
        claim(
            "Multiprocessing runs CPU-intensive work truly in parallel",
            ratio("process_pool", to="sequential", workers=2) < 0.8,
            statement=9,
        ),
    ],
    advice=[work("Computing in pure Python", rank=50)],
)
