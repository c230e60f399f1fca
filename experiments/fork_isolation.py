"""A value changes in a child and in its parent: what does each see, and how can the child answer?

## The question

A module has a variable and a list of process ids. The parent sets the variable and starts a child: by fork,
forkserver or spawn, as a thread, or as a task. Then the parent changes the variable, the child changes it,
and each adds its process id to its list. What does each of them see? And if memory is not shared, in which
ways can the child send something to its parent?

## What to expect

- A *forked* child starts with everything its parent has: it sees the value that was set before. From then
  on the two are independent: neither sees the other's changes. The list has one id in the parent, two in
  the child.
- A *spawned* child imports the module again. It does not even see the earlier value; it sees the value at
  import. The same holds for a child of the *fork server*, which was started before.
- A *thread* and a *task* have no memory of their own: both see everything, at once.
- There are many ways to send something to the parent, and only one of them is a signal: here all signals
  are blocked, and the other ways work. An *exit code* carries one byte, at the end. A *signal* carries its
  own number and nothing else. A *pipe* and a *socket* carry bytes, and wake the reader. *Shared memory*
  holds the bytes in place, but wakes no reader: the reader has to look.

## What to look at

The first matrix: fork is the only row with one "yes" and then two "no". Then the second: how long after the
child's action the parent knows of it, and how much of one MiB arrived. Shared memory is fastest if the
parent looks without a pause and both have a core of their own. The exit code arrives only when the process
has ended.

## What not to conclude

That a fork copies the memory. It copies nothing until one of the two writes (`memory` measures it). And
that the fastest way is the best: some microseconds rarely matter; how much a way can carry does. The
visible changes were the same on CPython 3.11 and 3.13; the default start method is another one from 3.14 on
(`start_method`).

## In the code

Each way is a few lines, in `experiments/_child_to_parent.py`.
"""

import asyncio
import multiprocessing
import os
import signal
import threading
from collections.abc import Awaitable, Callable, Iterator
from statistics import median
from typing import Any

from lab import Case, Experiment, Value, claim, matrix, value

from ._child_to_parent import WAYS

STEPS = 3
TIMES = 15
MESSAGE = b"m" * (1 << 20)

state: dict[str, Any] = {"value": "at import", "pids": []}


def steps() -> Iterator[object]:
    """Yield what the child sees at first, and after the parent's change; then change it all."""
    yield state["value"]
    yield state["value"]
    state["value"] = "by the child"
    state["pids"].append(os.getpid())
    yield len(state["pids"])


async def seen_by_parent(ask: Callable[[], Awaitable[object]]) -> dict[str, Value]:
    """Take the parent's steps, and return who saw what; `ask` lets the child take its next step."""
    earlier = await ask()
    state["value"] = "later"
    later = await ask()
    in_child = await ask()
    return {
        "child_sees_earlier": earlier == "earlier",
        "child_sees_later": later == "later",
        "parent_sees": state["value"] == "by the child",
        "pids_in_parent": len(state["pids"]),
        "pids_in_child": int(str(in_child)),
    }


def child(pipe: Any) -> None:
    """Take the child's steps, each when the parent asks for it."""
    walk = steps()
    for _ in range(STEPS):
        pipe.recv()
        pipe.send(next(walk))


async def across(start: str) -> dict[str, Value]:
    """Start the child as a process or a thread; return who saw what."""
    ours, theirs = multiprocessing.Pipe()
    made: Any = threading if start == "thread" else multiprocessing.get_context(start)
    worker = (made.Thread if start == "thread" else made.Process)(target=child, args=(theirs,))
    worker.start()

    async def ask() -> object:
        ours.send("go on")
        return ours.recv()

    seen = await seen_by_parent(ask)
    worker.join()
    return seen


async def across_tasks() -> dict[str, Value]:
    """Start the child as a task; return who saw what."""
    asked: asyncio.Queue[str] = asyncio.Queue()
    answers: asyncio.Queue[object] = asyncio.Queue()

    async def task() -> None:
        walk = steps()
        for _ in range(STEPS):
            await asked.get()
            await answers.put(next(walk))

    async def ask() -> object:
        await asked.put("go on")
        return await answers.get()

    async with asyncio.TaskGroup() as group:
        group.create_task(task())
        return await seen_by_parent(ask)


def way_back(way: str) -> dict[str, Value]:
    """Use a way some times; return how long after the child's action the parent knew, and what it carries.

    All signals are blocked in both processes, so nothing arrives by a signal, except in that case.
    """
    use, how = WAYS[way]
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    latency_ns = median(took_ns for _, took_ns in (use(MESSAGE[:1]) for _ in range(TIMES)))
    carried, _ = use(MESSAGE)
    size = "1 MiB" if carried == len(MESSAGE) else f"{carried} B"
    return {"latency_s": latency_ns / 1e9, "carried_bytes": carried, "carries": f"{size}, {how}"}


def measure(case: Case) -> dict[str, Value]:
    """Find out who sees what after a start, or use a way to send something to the parent."""
    if case["way"] != "memory":
        return way_back(str(case["way"]))
    state["value"] = "earlier"
    state["pids"].append(os.getpid())
    start = str(case["start"])
    return asyncio.run(across_tasks() if start == "task" else across(start))


def unavailable(case: Case) -> str:
    """Return why a case cannot run here."""
    known = {"thread", "task", *multiprocessing.get_all_start_methods()}
    start = str(case["start"])
    return "" if start in known else f"this platform cannot start a process by {start}"


FACTS = ("child_sees_earlier", "child_sees_later", "parent_sees", "pids_in_parent", "pids_in_child")

experiment = Experiment(
    question="A variable changes in child and parent: who sees it, and what can the child send back?",
    measure=measure,
    grid={
        "start": ["fork", "forkserver", "spawn", "thread", "task"],
        "way": ["memory", *WAYS],
    },
    keep=lambda params: params["way"] == "memory" or params["start"] == "fork",
    unavailable=unavailable,
    samples=1,
    warmups=0,
    figures=[
        matrix(rows="start", columns=FACTS, way="memory"),
        matrix(rows="way", columns=("latency_s", "carries"), start="fork", way=tuple(WAYS)).asking(
            "How can a child send something to its parent, and how much gets through?"
        ),
    ],
    claims=[
        claim(
            "A parent does not see what its forked child changes",
            value("parent_sees", start="fork", way="memory") < 0.5,
            statement=12,
        ),
        claim(
            "A forked child does not see what its parent changes later",
            value("child_sees_later", start="fork", way="memory") < 0.5,
            statement=12,
        ),
        claim(
            "A forked child begins with what its parent had",
            value("child_sees_earlier", start="fork", way="memory") > 0.5,
        ),
        claim(
            "A forked child has two pids in its list, its parent's and its own",
            value("pids_in_child", start="fork", way="memory") > 1.5,
            statement=12,
        ),
        claim(
            "Its parent's list has one",
            value("pids_in_parent", start="fork", way="memory") < 1.5,
            statement=12,
        ),
        claim(
            "A spawned child does not begin with what its parent had",
            value("child_sees_earlier", start="spawn", way="memory") < 0.5,
        ),
        claim(
            "Nor does a fork server's: its copy is of the server, which was started before",
            value("child_sees_earlier", start="forkserver", way="memory") < 0.5,
        ),
        claim(
            "A fork server's child has one pid in its list, its own",
            value("pids_in_child", start="forkserver", way="memory") < 1.5,
        ),
        claim(
            "Processes need signals to communicate: nothing comes through a pipe when all are blocked",
            value("carried_bytes", way="pipe") < 1,
            statement=13,
        ),
        claim("A signal carries no data", value("carried_bytes", way="signal") < 1),
        claim(
            "A parent sees what its thread changes",
            value("parent_sees", start="thread", way="memory") > 0.5,
        ),
    ],
)
