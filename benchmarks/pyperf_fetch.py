"""The work of the lab's waiting pairs as a pyperf script: fourteen fetches of 20 ms under asyncio.

`benchmarks/aa_pairs.py` runs it; it needs LAB_SERVER and LAB_TAG in its environment.
"""

from time import perf_counter

import pyperf

from lab.doctor.aa_waiting import experiment
from lab.models.asyncio import model

TASKS = 14


def main() -> None:
    workload = experiment.workload
    items = workload.items(TASKS)
    with model.open(TASKS) as run:

        def batches(loops: int) -> float:
            began = perf_counter()
            for _ in range(loops):
                run(workload, items)
            return perf_counter() - began

        pyperf.Runner().bench_time_func("fetch", batches)


if __name__ == "__main__":
    main()
