"""The nouns of the lab: frozen data, no input or output.

Times are integer nanoseconds of one machine-wide monotonic clock (`lab.clock.now`) until they are
written to CSV, where they become seconds and the column's name says so.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from lab.errors import LabError as LabError

Value = str | int | float | bool
Item = Any
Result = Any
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
    """What became of one task: its span, and its result where it has one."""

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

    blocking: Callable[[Item], Result]
    awaitable: OpenSession | None = None
    expect: Callable[[Item], Result] | None = None
    items: Callable[[int], Sequence[Item]] = range
    prepare: Prepare | None = None
    needs: tuple[str, ...] = ()
    awaitable_needs: tuple[str, ...] = ()
    wait_s: float | None = None
    uses_server: bool = False
    connections: str = ""


AGAIN = " (again)"
"""What the baseline's second name ends in: it is measured twice in every round, as a control."""

Run = Callable[[Workload, Sequence[Item]], list[Outcome]]


@dataclass(frozen=True, slots=True)
class Model:
    """How tasks share time.

    open: (workers, **axes) -> context manager that yields `run(workload, items)`, which gives an
        outcome for each item, in the items' order.
    axes: the axes of a grid that mean something to this model; the others are dropped from its
        cases, so that no case is measured twice under two names.
    awaits: whether it runs a workload's awaitable where there is one.
    needs: the packages it imports beyond the standard library.
    starts_in_batch: whether it starts a worker for each task, so that their start is part of the
        makespan.
    prepares: whether `open` also takes `prepare`, a function that pickles. Each worker that shares
        no memory with this process calls it before the model is open, as part of its start-up.
    unavailable: why this platform cannot run it; empty where it can.
    """

    open: Callable[..., AbstractContextManager[Run]]
    axes: tuple[str, ...] = ("workers",)
    awaits: bool = False
    needs: tuple[str, ...] = ()
    starts_in_batch: bool = False
    prepares: bool = False
    unavailable: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """One cell of an experiment's grid: axis name -> value."""

    experiment: str
    params: Mapping[str, Value]

    def __getitem__(self, axis: str) -> Value:
        return self.params[axis]

    def __hash__(self) -> int:
        return hash((self.experiment, *self.params.items()))

    def __str__(self) -> str:
        return " ".join(f"{axis}={value}" for axis, value in self.params.items())


class Measurement(NamedTuple):
    """What a `measure` function returns when it has spans to show beside its named numbers."""

    numbers: Mapping[str, Value]
    spans: Sequence[Span] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as plain data: its kind is a module of `lab.figures`, its options that kind's own.

    question: its title; "" for the experiment's question.
    """

    kind: str
    options: Mapping[str, Value | tuple[Value, ...]] = field(default_factory=dict)
    question: str = ""

    def asking(self, question: str) -> Figure:
        """Return the same figure with a question of its own: where it answers another one."""
        return Figure(self.kind, self.options, question)


@dataclass(frozen=True, slots=True)
class Derived:
    """A table that follows from the rows, as plain data: its kind is a module of `lab.predict`."""

    kind: str
    options: Mapping[str, Value | tuple[str, ...]] = field(default_factory=dict)


class Condition(NamedTuple):
    """`metric` of `model` over that of `to`, two values of `axis`, lies `above` or below `bound`."""

    metric: str
    model: str
    to: str
    where: Mapping[str, Value]
    above: bool
    bound: float
    axis: str = "model"


class Level(NamedTuple):
    """`metric` itself lies `above` or below `bound` in every case; where `sought`, once is enough."""

    metric: str
    where: Mapping[str, Value]
    above: bool
    bound: float
    sought: bool = False


class Gap(NamedTuple):
    """Two models compared with `of` on `axis`, and with `control` there, which is alike in both."""

    model: str
    to: str
    axis: str
    of: str
    control: str


class Part(NamedTuple):
    """A factor of a gap in `metric`, the model's or else the axis's, lies `above` or below `bound`."""

    metric: str
    gap: Gap
    of_model: bool
    where: Mapping[str, Value]
    above: bool
    bound: float


class Claim(NamedTuple):
    """A sentence, and the condition on what was measured under which it holds.

    statement: the number of the statement of `lab.statements` that it is a verdict on; 0 for none.
    """

    sentence: str
    condition: Condition | Level | Part
    statement: int = 0


@dataclass(frozen=True, slots=True)
class Experiment:
    """A question, the grid of cases that answers it, and what each case runs.

    Either `workload` (a workload, or a function case -> workload) or `measure` (a function
    case -> named numbers, run in the trial) says what a sample is. `samples` and `warmups` are
    batches a trial; `timeout_s` is a trial's deadline.

    derived: tables besides summary.csv, made from the rows whenever that is.
    keep: params -> whether a cell of the grid earns its time; None keeps all.
    unavailable: case -> why it cannot run here, and the remedy ("" where it can); such a case is
        skipped with that reason. `lab.missing("package")` has the words for a package.
    again: params -> whether the baseline's second measurement, which shows what this machine can
        resolve, is taken of this case too; None takes it of every case of the baseline.
    uses_server: whether `measure` needs the embedded server; `LAB_SERVER` in the environment is
        then its URL, and `LAB_TAG` a tag of the trial's own.
    """

    question: str
    grid: Mapping[str, Sequence[Value]]
    workload: Workload | Callable[[Case], Workload] | None = None
    measure: Callable[[Case], Mapping[str, Value] | Measurement] | None = None
    figures: Sequence[Figure] = ()
    claims: Sequence[Claim] = ()
    derived: Sequence[Derived] = ()
    baseline: str = "asyncio"
    samples: int = 3
    warmups: int = 1
    timeout_s: float = 60.0
    keep: Callable[[Mapping[str, Value]], bool] | None = None
    unavailable: Callable[[Case], str] | None = None
    again: Callable[[Mapping[str, Value]], bool] | None = None
    uses_server: bool = False

    def workload_of(self, case: Case) -> Workload | None:
        """Return the workload that a case runs; None for an experiment that has `measure`."""
        if self.workload is None or isinstance(self.workload, Workload):
            return self.workload
        return self.workload(case)


def peak_in_flight(spans: Iterable[Span]) -> int:
    """Return the most tasks that were ever in flight, started and not finished, at once."""
    starts_and_ends = [(span.started_ns, 1) for span in spans]
    starts_and_ends += [(span.finished_ns, -1) for span in spans]
    peak = now = 0
    # At equal times ends sort before starts: tasks that only touch do not overlap.
    for _, change in sorted(starts_and_ends):
        now += change
        peak = max(peak, now)
    return peak
