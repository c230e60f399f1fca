"""Five currencies, or fourteen, from one server: which model is fastest at waiting?

## The question

A task asks a server for the rates of one currency and waits 50 ms for the answer. The task itself does
almost nothing, so it is slow for no good reason to run one after another: 14 tasks take 14 waits. In every
other model the waits overlap. How much of the wait is left, and does the choice of model matter?

## What to expect

- The limit is `ceil(tasks / workers)` waits: 50 ms for all at once, 100 ms for five tasks on 4 workers, 200
  ms for fourteen. No model can be faster; what it takes longer is its own cost.
- Threads and asyncio both come near the limit. Waiting takes no CPU and holds no GIL, so any number of
  waits can overlap. The remaining difference comes from the client: `requests` takes more CPU for a fetch
  than `aiohttp`, and with all fourteen in flight this CPU time is spent one fetch after another.
- A process for each task waits just as well, but its start takes time. A pool of processes has started
  before the batch begins: see `start_up_s` in `trials.csv`.
- The loop does not make `asyncio_threads` slower: it is the thread pool with another interface.

`daemon_threads` is left out: the flag matters only at exit.

## What to look at

Compare the panels, not only the bars. With 4 workers the tasks run in waves of four, and most models take
about the same time; with a worker for each task only the model's own cost differs. In the timeline you can
count the waves: a thin line is a task that waits for a free worker, a bar is a task that runs.

## What not to conclude

That asyncio beats threads, or the other way round. The two differ in their client library too, and fourteen
tasks are few. Equal conditions here mean: the same server and wait, the same limit on tasks in flight, and
a new connection for each fetch in every model.
"""

from lab import Experiment, bars, claim, ratio, timeline, work
from lab.workloads import currency

experiment = Experiment(
    question="Which model fetches the rates of five or fourteen currencies first?",
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
