"""Eight digests of a large buffer: the same eight tasks, but this work releases the GIL."""

from lab import Experiment, bars, claim, ratio, timeline
from lab.workloads import digest

experiment = Experiment(
    question="Who finishes eight digests, which release the GIL, soonest?",
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
        "workers": [1, 2, "cores"],
    },
    samples=2,
    figures=[bars("makespan_s"), timeline(workers=2)],
    claims=[
        claim(
            "Threads compute in parallel where the GIL is released",
            ratio("threads", to="sequential", workers=2) < 0.8,
        ),
    ],
)
