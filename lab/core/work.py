"""A task and what runs it: workloads, models, cases, spans.

Frozen data, no input or output. Times are integer nanoseconds of one machine-wide monotonic clock
(`lab.core.clock.now`) until they are written to CSV: in seconds, as the column's name says.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from dataclasses import dataclass
from itertools import accumulate
from math import ceil
from typing import Any, NamedTuple

Value = str | int | float | bool
Item = Any
Result = Any
Call = Callable[[Item], Result]
AsyncCall = Callable[[Item], Awaitable[Result]]
OpenSession = Callable[[], AbstractAsyncContextManager[AsyncCall]]
Prepare = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Span:
    """When one task was submitted, started and finished (ns), by which worker, and how it failed.

    `worker` is unique within a trial; `error` is None for a task that returned.
    """

    index: int
    submitted_ns: int
    started_ns: int
    finished_ns: int
    worker: str
    error: str | None = None


class Outcome(NamedTuple):
    """The outcome of one task: its span, and its result where it has one."""

    span: Span
    result: Result = None


@dataclass(frozen=True, slots=True)
class Workload:
    """What a task does, for models that block and, if it can, for models that await.

    blocking: item -> result; a module-level function or a frozen dataclass with `__call__`,
        so that it pickles.
    awaitable: () -> async context manager that yields an async item -> result. None means that
        the work cannot be awaited; the asyncio model then runs `blocking` on its loop.
    expect: item -> the right result; a sample whose results differ is void.
    items: number of tasks -> the items.
    prepare: what a process does once before its first task, outside every batch. It has to pickle
        where workers do not inherit it by fork; where it was not called, `blocking` does it by itself.
    needs, awaitable_needs: the packages that `blocking` and `awaitable` import.
    wait_s: seconds that each task waits for something outside this process, where that is known.
    uses_server: whether the embedded exchange-rate server has to be up.
    connections: "new" where each task opens one to the server, "kept" where they are kept. Then each
        task has to be one request under the trial's tag, and the server's counts have to say so too.
    """

    blocking: Call
    awaitable: OpenSession | None = None
    expect: Call | None = None
    items: Callable[[int], Sequence[Item]] = range
    prepare: Prepare | None = None
    needs: tuple[str, ...] = ()
    awaitable_needs: tuple[str, ...] = ()
    wait_s: float | None = None
    uses_server: bool = False
    connections: str = ""

    def limit_s(self, tasks: int, workers: int) -> float | None:
        """Return the shortest time in which so many workers can wait for so many tasks; None if unknown."""
        return None if self.wait_s is None else ceil(tasks / workers) * self.wait_s


AA_SUFFIX = " (A/A)"
"""What the baseline's second name ends in: it is measured twice in every round, as a control."""
SEQUENTIAL = "sequential"
"""The model that speedups and lower bounds are taken from: one task after another."""
Run = Callable[[Workload, Sequence[Item]], list[Outcome]]


@dataclass(frozen=True, slots=True)
class Model:
    """How tasks share time, and all that the lab has to know about it: a model is one file.

    open: (workers, **axes) -> context manager that yields `run(workload, items)`, which gives an
        outcome for each item, in the items' order.
    axes: the axes of a grid that mean something to this model; the others are dropped from its
        cases, so that no case is measured twice under two names.
    needs: the packages it imports beyond the standard library.
    starts_in_batch: whether it starts a worker for each task, so that their start is part of the makespan.
    prepares: whether `open` also takes `prepare`, a function that pickles. Each worker that shares
        no memory with this process calls it before the model is open, as part of its start-up.
    unavailable: why this platform cannot run it; empty where it can.
    flavour: whose awaitables it runs where a workload has one ("asyncio"); empty for a model that calls
        the blocking function.
    workers_in: where its workers live: "caller", "loop", "thread" or "process".
    pickles: whether a task's function and item are pickled on their way to a worker.
    law: the law that the cost of its tasks follows, one of `lab.analysis.predict.models.Law`; empty
        where none is known, and then nothing is predicted.
    colour, marker: its colour ("#074d78") and its marker of matplotlib in every figure; where they are
        empty, they follow from its name.
    textbook: (a task, the same as a coroutine function, items) -> results: the model as textbooks write it,
        with what goes wrong in it, and two workers where there is a pool. It raises what a task does. None
        for a model that no textbook has. An experiment may compare it with `open`.
    """

    open: Callable[..., AbstractContextManager[Run]]
    axes: tuple[str, ...] = ("workers",)
    needs: tuple[str, ...] = ()
    starts_in_batch: bool = False
    prepares: bool = False
    unavailable: str = ""
    flavour: str = ""
    workers_in: str = "caller"
    pickles: bool = False
    law: str = ""
    colour: str = ""
    marker: str = ""
    textbook: Callable[[Call, AsyncCall, Sequence[Item]], list[Result]] | None = None

    @property
    def awaits(self) -> bool:
        """Return whether it runs a workload's awaitable where there is one."""
        return bool(self.flavour)

    def packages(self, workload: Workload) -> tuple[str, ...]:
        """Return the packages that it and the kind of the workload that it runs import."""
        awaited = self.awaits and workload.awaitable is not None
        return (*self.needs, *(workload.awaitable_needs if awaited else workload.needs))


@dataclass(frozen=True, slots=True)
class Case:
    """One cell of an experiment's grid: axis name -> value."""

    experiment: str
    params: Mapping[str, Value]

    @property
    def tasks(self) -> int:
        """Return how many tasks a batch has; 1 where the grid has no such axis."""
        return int(self.params.get("tasks", 1))

    @property
    def workers(self) -> int:
        """Return how many workers the case asks for; "all", the default, is one for each task."""
        workers = self.params.get("workers", "all")
        return self.tasks if workers == "all" else int(workers)

    @property
    def is_aa_control(self) -> bool:
        """Return whether it is the baseline's second measurement, which no grid names."""
        return str(self.params.get("model", "")).endswith(AA_SUFFIX)

    def __getitem__(self, axis: str) -> Value:
        return self.params[axis]

    def __hash__(self) -> int:
        return hash((self.experiment, frozenset(self.params.items())))

    def __str__(self) -> str:
        return " ".join(f"{axis}={value}" for axis, value in self.params.items())


def makespan_s(spans: Sequence[Span]) -> float:
    """Return the seconds from the first submission to the last finish; 0 without spans."""
    first = min((span.submitted_ns for span in spans), default=0)
    return (max((span.finished_ns for span in spans), default=0) - first) / 1e9


def peak_in_flight(spans: Iterable[Span]) -> int:
    """Return the most tasks that were ever in flight, started and not finished, at once."""
    starts_and_ends = [(span.started_ns, 1) for span in spans]
    starts_and_ends += [(span.finished_ns, -1) for span in spans]
    # At equal times ends sort before starts: tasks that only touch do not overlap.
    return max(accumulate(change for _, change in sorted(starts_and_ends)), default=0)
