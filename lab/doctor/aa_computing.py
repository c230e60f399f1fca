"""Two searches in pure Python under asyncio, and the same again: what work that computes can resolve.

Both names of a pair are the same work, so the machine alone makes them differ.
"""

from lab import Experiment
from lab.workloads import arbitrage

experiment = Experiment(
    question="Does computing work differ from itself?",
    workload=arbitrage.search(),
    grid={"model": ["asyncio"], "tasks": [2]},
)
