"""Fourteen fetches of 20 ms each under asyncio, and the same again: what work that waits can resolve.

Both names of a pair are the same work, so the machine alone makes them differ.
"""

from lab import Experiment
from lab.workloads import currency

experiment = Experiment(
    question="Does waiting work differ from itself?",
    workload=currency.fetch(wait_ms=20),
    grid={"model": ["asyncio"], "tasks": [14]},
)
