"""Fourteen currencies, one server: which model waits best?

Each task asks the embedded server for one currency's rates, and the server lets it wait 50 ms.
"""

from lab import Experiment, bars, claim, ratio, timeline
from lab.workloads import currency

experiment = Experiment(
    question="Who fetches five, or fourteen, currencies' rates soonest?",
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
    samples=2,
    figures=[bars("makespan_s"), timeline(tasks=14, workers=4)],
    claims=[
        claim("Threads make waiting work faster", ratio("threads", to="sequential") < 1),
        claim("asyncio is always faster than threads", ratio("threads", to="asyncio") > 1),
    ],
)
