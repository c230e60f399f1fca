"""A question for a prediction: the tasks, and the machine."""

from __future__ import annotations

from dataclasses import dataclass

USUAL_THREADS = 32
"""`ThreadPoolExecutor` has four threads more than cores by default, and at most so many."""


@dataclass(frozen=True, slots=True)
class Question:
    """So many tasks that each wait, then compute in pure Python, on a machine of so many cores.

    `in_flight` is the most at once; None for all of them, or as many workers as a pool has by itself.
    """

    tasks: int
    wait_s: float
    cpu_s: float
    cores: int
    in_flight: int | None = None

    @property
    def at_once(self) -> int:
        """Return how many are in flight where each has a thread or a task of its own."""
        return min(self.in_flight or self.tasks, self.tasks)

    @property
    def processes(self) -> int:
        """Return how many processes a pool has."""
        return min(self.in_flight or self.cores, self.tasks)

    @property
    def threads(self) -> int:
        """Return how many threads a pool has."""
        return min(self.in_flight or min(USUAL_THREADS, self.cores + 4), self.tasks)
