"""One more task, thread or process: how long until it runs, until it has ended, and how much memory?

## The question

A coroutine's task, a thread or a process must be started before it does anything, takes memory while it
lives, and must be removed in the end. What does one more of them cost, alone or beside a thousand others?

## What to expect

- Each kind costs about ten times the one before, or more: a task a few microseconds, a thread about a
  hundred, a fork a millisecond, a new interpreter fifty.
- A fork copies no memory, only the tables that map it. With `spawn` a new Python starts and imports
  everything again, which takes most of its time. A forkserver's child forks from a small process and
  imports as well: without preloading (`set_forkserver_preload`) it saves a third or more.
- A pool starts all its workers by itself: the time of one worker is the time since the one before it. It
  uses this Python's default start method: on Linux fork up to 3.13, forkserver from 3.14 on.
- With others alive, one more costs no more, and less than the first task or thread. Memory limits how many
  there can be: a thousand tasks take 2 MB, a thousand threads 17, a thousand interpreters 10,000.
  Interpreters are measured up to ten, a pool's workers up to a hundred.

## What to look at

The distributions of the time until one runs (queue wait) and until it has ended (service). Then the memory
of each, as proportional set size: what forked processes share counts once.

## What not to conclude

That processes are too expensive: a pool starts them once. And that a thread takes 8 MiB for its stack: most
of that is only reserved addresses.

Each unit is started when the one before runs; `until_gone_s` is from the signal to end until it is joined.
"""

from multiprocessing import get_all_start_methods, get_context
from time import process_time

from lab import (
    Case,
    CostOfStarting,
    Experiment,
    Measurement,
    Outcome,
    Span,
    Workload,
    batch,
    claim,
    distribution,
    lines,
    ratio,
    tree_bytes,
)

from ._limits import allow_files, limit_too_low
from ._units import ARMS

FILES_OF_EACH = 2
SPARE = 100
MAX_ALIVE = {
    "forkserver": (10, "each imports what it needs: a hundred take seconds to start, and a gigabyte"),
    "spawn": (10, "a hundred interpreters take seconds to start, a thousand take ten gigabytes"),
}
MAX_ALIVE["pool_worker"] = MAX_ALIVE.get(
    get_context().get_start_method(), (100, "a pool has about as many workers as there are cores")
)


def measure(case: Case) -> Measurement:
    """Start the units, keep all alive, end them; return the medians, and each unit as a span."""
    start, units = ARMS[str(case["unit"])], int(case["alive"])
    allow_files(FILES_OF_EACH * units + SPARE)
    start(1, lambda: None)  # what is loaded or started only once is not a cost of each unit
    before, looks = tree_bytes(), []

    def run(*_: object) -> list[Outcome]:
        stamps = enumerate(
            start(units, lambda: looks.append((process_time(), tree_bytes(), process_time())))
        )
        return [Outcome(Span(i, asked, ran, ran + gone, f"{i}")) for i, (asked, ran, gone) in stamps]

    started = batch(run, Workload(start), range(units))
    ((began, held, looked),) = looks
    cpu_s, spans = started.cpu_s, started.spans
    return Measurement(
        {
            "until_runs_s": sorted(span.started_ns - span.submitted_ns for span in spans)[units // 2] / 1e9,
            "until_gone_s": sorted(span.finished_ns - span.started_ns for span in spans)[units // 2] / 1e9,
            "cpu_of_each_s": None if cpu_s is None else (cpu_s - (looked - began)) / units,
            "memory_of_each_bytes": None if None in (before, held) else max(held - before, 0) / units,
        },
        spans,
    )


def unavailable(case: Case) -> str:
    """Return why a case is not measured: MAX_ALIVE, or a limit of this login; "" if it is."""
    unit, alive = str(case["unit"]), int(case["alive"])
    most, why = MAX_ALIVE.get(unit, (alive, ""))
    if alive > most:
        return f"cut at {most}: {why}"
    if unit.startswith(("fork", "spawn")) and unit not in get_all_start_methods():
        return f"this platform cannot start a process by {unit}"
    return limit_too_low(
        files=FILES_OF_EACH * alive + SPARE, threads=alive + SPARE if unit != "task" else 0
    )


experiment = Experiment(
    question="What does one more task, thread or process cost?",
    measure=measure,
    grid={"unit": list(ARMS), "alive": [1, 10, 100, 1_000]},
    unavailable=unavailable,
    samples=1,
    warmups=0,
    constants=[CostOfStarting("unit", size="alive", task="task", thread="thread", process="pool_worker")],
    figures=[
        lines("alive", "until_runs_s").asking(
            "How long does one more task, thread or process take until it runs?"
        ),
        lines("alive", "memory_of_each_bytes").asking(
            "How much memory does each task, thread or process take?"
        ),
        distribution("queue_wait_s", alive=(10, 1_000)).asking("How do the times until one runs differ?"),
        distribution("service_s", alive=(10, 1_000)).asking("How do the times until one has ended differ?"),
    ],
    claims=[
        claim(
            "A thread takes more than five times as long to start as a task",
            ratio("thread", to="task", metric="until_runs_s", axis="unit", alive=100) > 5,
        ),
        claim(
            "Each process takes more than ten times the memory of a thread",
            ratio("fork", to="thread", metric="memory_of_each_bytes", axis="unit", alive=100) > 10,
        ),
    ],
)
