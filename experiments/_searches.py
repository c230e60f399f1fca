"""Searches of four sizes, handed over one or many at a time: for `experiments/cpu_scaling.py`.

The right answers are stored beside this file, in _searches.json.
"""

import json
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from lab import LabError, Workload
from lab.workloads.arbitrage import CURRENCIES, Loop, Search, market

STEPS_PER_MS = 27_000
SIZES = {0.1: (1, 52), 1: (3, 95), 10: (12, CURRENCIES), 100: (120, CURRENCIES)}
"""Milliseconds of a task (about) -> legs and currencies; STEPS_PER_MS steps for each millisecond."""
SOURCES = 2
"""The tasks of a size alternate between so many sources."""

Chunk = tuple[int, ...]


@dataclass(frozen=True)
class Searches:
    """Search one after another for every source of a chunk, which is handed over at once."""

    search: Search

    def __call__(self, sources: Chunk) -> tuple[Loop, ...]:
        """Return the loops, in the sources' order."""
        return tuple(self.search(source) for source in sources)


@cache
def answers_of(task_ms: float) -> list[Loop]:
    """Return the stored answers of a size, which is one of SIZES, one for each source."""
    stored = json.loads(Path(__file__).with_name("_searches.json").read_text("utf-8"))
    return [(gain, tuple(loop)) for gain, loop in stored[f"{task_ms:g}"]]


def chunked(task_ms: float, chunk: int) -> Workload:
    """Return a workload of searches of about `task_ms`, one of SIZES, handed over `chunk` at a time.

    The tasks become ceil(tasks / chunk) items. Their sources alternate between the two whose answers are
    stored.
    """
    if task_ms not in SIZES:
        sizes = ", ".join(map(str, SIZES))
        raise LabError(f"no search of {task_ms} ms; there are {sizes}", where="chunked")
    legs, currencies = SIZES[task_ms]

    def items(tasks: int) -> list[Chunk]:
        return [
            tuple(source % SOURCES for source in range(first, min(first + chunk, tasks)))
            for first in range(0, tasks, chunk)
        ]

    def expect(sources: Chunk) -> tuple[Loop, ...]:
        return tuple(answers_of(task_ms)[source] for source in sources)

    searches = Searches(Search(legs, currencies))
    return Workload(searches, expect=expect, items=items, prepare=partial(market, currencies))
