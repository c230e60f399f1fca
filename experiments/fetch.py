"""Five currencies, or fourteen, from one server: which model waits best?

## The question

A task asks a server for the rates of one currency and waits 50 ms for the answer. It does almost nothing
itself, so running one after another is slow for no good reason: 14 tasks take 14 waits. Every other model
lets the waits overlap. How much of the wait is left, and does the choice of model matter?

## What to expect

- The limit is `ceil(tasks / workers)` waits: 50 ms for all at once, 100 ms for five tasks on 4 workers, 200
  ms for fourteen. Nothing can beat it; what a model adds to it is its own cost.
- Threads and asyncio both come near the limit. Waiting takes no CPU and holds no GIL, so any number of
  waits can overlap. What is left of the difference is the client: `requests` takes more CPU for a fetch
  than `aiohttp`, and with all fourteen in flight that CPU time is spent one fetch after another.
- A process for each task waits just as well, and pays for its start. A pool of processes has paid before
  the batch begins: see `start_up_s` in `trials.csv`.
- The loop does not make `asyncio_threads` slower: it is the thread pool behind another interface.

`daemon_threads` is left out: the flag matters at exit, and not before.

## What to look at

Compare the panels, not only the bars. With 4 workers the waves of four take the time, and most models are
alike; with a worker for each task only the model's own cost differs. In the timeline the waves can be
counted: a thin line is a task that waits for a free worker, a bar is a task that runs.

## What not to conclude

That asyncio beats threads, or the other way round. The two arms differ in their client library too, and
fourteen tasks are few. Equal conditions here mean: the same server and wait, the same cap in flight, and a
new connection for each fetch in every arm.
"""

from lab import Experiment, bars, claim, ratio, timeline, work
from lab.workloads import currency

experiment = Experiment(
    question="Which model fetches the rates of five or fourteen currencies soonest?",
    workload=currency.fetch(wait_ms=50),
    grid={
        "model": [
            "sequential",
            "threads",
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
        "tasks": [5, 14],
        "workers": [4, "all"],
    },
    samples=1,
    figures=[bars("makespan_s"), timeline(tasks=14, workers=4).asking("Which fetch is under way when?")],
    claims=[
        claim("Threads make waiting work faster", ratio("threads", to="sequential") < 1, statement=1),
        claim(
            "Multiprocessing needs no pools: a process for each task is as fast as a pool of them",
            ratio("processes", to="process_pool", tasks=14, workers="all") < 1.1,
            statement=11,
        ),
        claim("asyncio is always faster than threads", ratio("threads", to="asyncio") > 1, statement=14),
    ],
    advice=[work("14 URLs, answered after 50 ms, all at once", rank=10, tasks=14, workers="all")],
)
