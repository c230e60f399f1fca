"""One more task, thread or process: how long until it runs, until it is gone, and what does it hold?

## The question

A unit is what runs beside the rest: a coroutine's task, a thread, a process. Before it does anything it
has to be started, while it lives it holds memory, and in the end it has to be got rid of. What does one
more of them cost, alone or with a thousand others alive?

## What to expect

- Each kind costs some twenty times the one before: a task a few microseconds, a thread some hundred, a
  fork one or two milliseconds, a new interpreter tens of milliseconds. First and last differ by ten
  thousand.
- A fork copies no memory but the tables that say where it is, so it takes longer in a large process. With
  `spawn` Python starts anew and imports again, which is most of its time. A forkserver's child is the fork
  of a small process, and then imports as well: unless it is told what to load beforehand
  (`set_forkserver_preload`), it saves the interpreter's start and no more.
- A pool's worker is a process like others, and the pool pays for it once. For the worker of a pool the
  time is that since the one before it, since a pool starts all its workers by itself.
- With others alive, a task and a thread cost as much as without. Memory says who can have many of them: a
  thousand tasks take two megabytes, a thousand threads some twenty, a thousand interpreters ten thousand.

## What to look at

The distributions: nothing is as fast as its median each time, and processes least. Then the memory of
each: proportional set size, so that pages that forked processes share count once.

## What not to conclude

That processes are too expensive. A pool starts them once; ten milliseconds are nothing beside an hour of
work. And a thread's 8 MiB of stack are addresses, not memory: what it has touched is what it holds.

## In the code

Each unit is started when the one before it runs, says when it does, waits, and is told to end when all of
them have been alive together. The time from being told until it is joined is `until_gone_s`; spans leave
out the time alive, so that their service time is that. With one alive, the CPU time of a task is that of
opening its loop.
"""

import os
import struct
import threading
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.queues import SimpleQueue
from time import perf_counter_ns as now
from time import process_time
from typing import Any

from lab import (
    Case,
    Experiment,
    Measurement,
    Span,
    allow_files,
    claim,
    distribution,
    lacking,
    lines,
    ratio,
    tree_bytes,
    used,
    value,
)

Look = Callable[[], None]
Stamps = tuple[int, int, int]  # when it was asked for, when it ran, how long its end took
FILES_OF_EACH = 2
SPARE = 100
MOST = {
    "task": (1_000, ""),
    "thread": (1_000, ""),
    "fork": (1_000, ""),
    "forkserver": (10, "each imports what it needs: a hundred take seconds to start, and a gigabyte"),
    "spawn": (10, "a hundred interpreters take seconds to start, a thousand take ten gigabytes"),
    "pool_worker": (100, "a pool has about as many workers as there are cores"),
}
WORTH_IT_AT_TEN = ("forkserver", "spawn", "pool_worker")


def tasks(units: int, look: Look) -> list[Stamps]:
    """Start tasks on one event loop."""
    import asyncio  # here: a spawned interpreter imports this file, and should not pay for that

    async def unit(gate: asyncio.Event) -> int:
        ran = now()
        await gate.wait()
        return ran

    async def every() -> list[Stamps]:
        alive = []
        for _ in range(units):
            gate, asked = asyncio.Event(), now()
            alive.append((gate, asked, asyncio.create_task(unit(gate))))
            await asyncio.sleep(0)  # one turn of the loop: the task runs
        look()
        stamps = []
        for gate, asked, task in alive:
            told = now()
            gate.set()
            ran = await task
            stamps.append((asked, ran, now() - told))
        return stamps

    return asyncio.run(every())


def threads(units: int, look: Look) -> list[Stamps]:
    """Start threads."""
    ran: list[int] = []

    def unit(runs: threading.Lock, gate: threading.Lock) -> None:
        ran.append(now())
        runs.release()
        gate.acquire()

    alive = []
    for _ in range(units):
        runs, gate = threading.Lock(), threading.Lock()
        runs.acquire()
        gate.acquire()
        asked, thread = now(), threading.Thread(target=unit, args=(runs, gate))
        thread.start()
        runs.acquire()
        alive.append((gate, asked, thread))
    look()
    stamps = []
    for (gate, asked, thread), started in zip(alive, ran, strict=True):
        told = now()
        gate.release()
        thread.join()
        stamps.append((asked, started, now() - told))
    return stamps


def forks(units: int, look: Look) -> list[Stamps]:
    """Fork, by the bare system call."""
    alive = []
    for _ in range(units):
        (heard, says), (waits, tells) = os.pipe(), os.pipe()
        asked, pid = now(), os.fork()
        if pid == 0:
            os.write(says, struct.pack("q", now()))
            os.read(waits, 1)
            os._exit(0)
        (ran,) = struct.unpack("q", os.read(heard, 8))
        for end in (says, waits, heard):
            os.close(end)
        alive.append((pid, tells, asked, ran))
    look()
    stamps = []
    for pid, tells, asked, ran in alive:
        told = now()
        os.write(tells, b"x")
        os.waitpid(pid, 0)
        stamps.append((asked, ran, now() - told))
        os.close(tells)
    return stamps


def processes(method: str, units: int, look: Look) -> list[Stamps]:
    """Start a `multiprocessing.Process` each, by a start method."""
    context: Any = get_context(method)
    alive = []
    for _ in range(units):
        ours, theirs = context.Pipe()
        asked, process = now(), context.Process(target=say_and_wait, args=(theirs,))
        process.start()
        theirs.close()
        alive.append((process, ours, asked, ours.recv()))
    look()
    stamps = []
    for process, ours, asked, ran in alive:
        told = now()
        ours.send(None)
        process.join()
        stamps.append((asked, ran, now() - told))
        process.close()
        ours.close()
    return stamps


def say_and_wait(connection: "Connection[Any, Any]") -> None:
    """Say when this process runs, and wait to be told to end."""
    connection.send(now())
    connection.recv()


def pool_workers(units: int, look: Look) -> list[Stamps]:
    """Open a `multiprocessing.Pool`; its workers end together, and share that time alike."""
    context = get_context()
    ran_queue: SimpleQueue[int] = context.SimpleQueue()
    asked = now()
    pool = context.Pool(units, say, (ran_queue,))
    ran = sorted(ran_queue.get() for _ in range(units))
    look()
    told = now()
    pool.close()
    pool.join()
    gone_each = (now() - told) // units
    ran_queue.close()
    return [(before, runs, gone_each) for before, runs in zip([asked, *ran], ran, strict=False)]


def say(ran_queue: "SimpleQueue[int]") -> None:
    """Say when this worker runs."""
    ran_queue.put(now())


ARMS: dict[str, Callable[[int, Look], list[Stamps]]] = {
    "task": tasks,
    "thread": threads,
    "fork": forks,
    "forkserver": lambda units, look: processes("forkserver", units, look),
    "spawn": lambda units, look: processes("spawn", units, look),
    "pool_worker": pool_workers,
}


def measure(case: Case) -> Measurement:
    """Start so many units, have them alive together, end them; return the medians, and each as a span."""
    from statistics import median

    start, units = ARMS[str(case["unit"])], int(case["alive"])
    allow_files(FILES_OF_EACH * units + SPARE)
    start(1, lambda: None)  # what is loaded once, and the helpers of a start method, are not a unit's cost
    before, held, looking_s = tree_bytes(), None, 0.0

    def look() -> None:
        nonlocal held, looking_s
        began = process_time()
        held = tree_bytes()
        looking_s = process_time() - began

    with used() as cpu:
        stamps = start(units, look)
    numbers = {
        "until_runs_s": median(ran - asked for asked, ran, _ in stamps) / 1e9,
        "until_gone_s": median(gone for _, _, gone in stamps) / 1e9,
    }
    if cpu.seconds is not None:
        numbers["cpu_of_each_s"] = (cpu.seconds - looking_s) / units
    if before is not None and held is not None:
        numbers["memory_of_each_bytes"] = max(held - before, 0) / units
    spans = [
        Span(index, asked, ran, ran + gone, f"{case['unit']} {index}")
        for index, (asked, ran, gone) in enumerate(stamps)
    ]
    return Measurement(numbers, spans)


def worth_it(params: Any) -> bool:
    """Return whether a number alive says something new of its unit."""
    return params["alive"] != 10 or params["unit"] in WORTH_IT_AT_TEN


def unavailable(case: Case) -> str:
    """Return why so many are not tried: the unit's cap, or a limit of this login."""
    unit, alive = str(case["unit"]), int(case["alive"])
    most, why = MOST[unit]
    if alive > most:
        return f"cut at {most}: {why}"
    if unit == "fork" and not hasattr(os, "fork"):
        return "this platform cannot fork"
    return lacking(files=FILES_OF_EACH * alive + SPARE, threads=alive + SPARE if unit != "task" else 0)


experiment = Experiment(
    question="What does one more task, thread or process cost?",
    measure=measure,
    grid={"unit": list(ARMS), "alive": [1, 10, 100, 1_000]},
    keep=worth_it,
    unavailable=unavailable,
    samples=1,
    warmups=0,
    figures=[
        lines("alive", "until_runs_s"),
        lines("alive", "memory_of_each_bytes"),
        distribution("queue_wait_s", alive=10),
    ],
    claims=[
        claim(
            "A thread takes more than ten times as long to start as a task",
            ratio("thread", to="task", metric="until_runs_s", axis="unit", alive=100) > 10,
        ),
        claim(
            "Each process holds more than ten times what a thread does",
            ratio("fork", to="thread", metric="memory_of_each_bytes", axis="unit", alive=100) > 10,
        ),
        claim(
            "A spawned interpreter runs a thousand times later than a task",
            ratio("spawn", to="task", metric="until_runs_s", axis="unit", alive=1) > 1000,
        ),
        claim(
            "A thread holds less than 100 kB, whatever is reserved for its stack",
            value("memory_of_each_bytes", unit="thread", alive=1_000) < 100e3,
        ),
    ],
)
