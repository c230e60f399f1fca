"""Eight searches in pure Python: which model computes best?"""

from lab import Experiment, bars, claim, ratio, timeline
from lab.workloads import arbitrage

experiment = Experiment(
    question="Who finishes eight searches in pure Python soonest?",
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
    samples=2,
    figures=[bars("makespan_s"), timeline(workers=2)],
    claims=[
        claim("Threads are not for CPU-intensive work", ratio("threads", to="sequential") > 0.9),
    ],
)
