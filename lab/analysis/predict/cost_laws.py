"""The laws that the cost of tasks follows: what tasks need under all models with a law."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lab.analysis.predict import loads
from lab.analysis.predict.constants import Constants
from lab.analysis.predict.loads import Load
from lab.analysis.predict.models import Law
from lab.analysis.predict.question import Question


@dataclass(frozen=True, slots=True)
class CostLaw:
    """What tasks need under all models of a law, and what the models cannot.

    load: question, constants -> what the tasks need; bound_by: why no more cores can be used.
    waits_in: where a task waits: "thread", "process", "loop", or "caller" for one at a time.
    begins_all: whether all tasks are begun before any of them can end.
    in_processes: whether the tasks compute in processes, as fast as the USL says.
    """

    load: Callable[[Question, Constants], Load]
    bound_by: str
    waits_in: str
    begins_all: bool = False
    in_processes: bool = False


GIL = "one thread at a time holds the GIL"
POOL, LOOP = "one process hands out all tasks", "one event loop hands out all tasks"
LAWS: dict[str, CostLaw] = {
    Law.SEQUENTIAL: CostLaw(loads.of_sequential, "one task at a time", "caller"),
    Law.THREAD_EACH: CostLaw(loads.of_threads, GIL, "thread"),
    Law.THREAD_POOL: CostLaw(loads.of_thread_pool, GIL, "thread"),
    Law.PROCESS_POOL: CostLaw(loads.of_process_pool, POOL, "process", in_processes=True),
    Law.EVENT_LOOP: CostLaw(loads.of_loop, "one event loop is one thread", "loop", begins_all=True),
    Law.LOOP_AND_POOL: CostLaw(loads.of_loop_and_pool, LOOP, "loop", begins_all=True, in_processes=True),
}
"""In the order in which predictions are shown."""
