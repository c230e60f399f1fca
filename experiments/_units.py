"""Starts units of one kind one after another, keeps all alive, and ends them: for `start_cost.py`.

A spawned interpreter imports this file, which therefore imports little.
"""

import os
import queue
import threading
from collections.abc import Callable
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.queues import SimpleQueue
from socket import socketpair
from time import perf_counter_ns as now
from typing import Any

Look = Callable[[], None]
"""Is called when all units are alive."""
Stamps = tuple[int, int, int]
"""When a unit was requested, when it ran, and how long its end took, in nanoseconds."""


def tasks(units: int, look: Look) -> list[Stamps]:
    """Start tasks on one event loop."""
    import asyncio  # here: a spawned interpreter imports this file and does not need it

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
            asked_to_end = now()
            gate.set()
            ran = await task
            stamps.append((asked, ran, now() - asked_to_end))
        return stamps

    return asyncio.run(every())


def threads(units: int, look: Look) -> list[Stamps]:
    """Start threads."""
    ran: queue.SimpleQueue[int] = queue.SimpleQueue()

    def unit(gate: threading.Lock) -> None:
        ran.put(now())
        gate.acquire()

    alive = []
    for _ in range(units):
        gate = threading.Lock()
        gate.acquire()
        asked, thread = now(), threading.Thread(target=unit, args=(gate,))
        thread.start()
        alive.append(((thread, gate), asked, ran.get()))
    look()
    return ended(alive, lambda thread, gate: (gate.release(), thread.join()))


def forks(units: int, look: Look) -> list[Stamps]:
    """Fork, with `os.fork`."""
    alive = []
    for _ in range(units):
        ours, theirs = socketpair()
        asked, pid = now(), os.fork()
        if pid == 0:
            theirs.send(now().to_bytes(8))
            theirs.recv(1)
            os._exit(0)
        theirs.close()
        alive.append(((pid, ours), asked, int.from_bytes(ours.recv(8))))
    look()
    return ended(alive, lambda pid, ours: (ours.send(b"x"), os.waitpid(pid, 0), ours.close()))


def processes(method: str, units: int, look: Look) -> list[Stamps]:
    """Start a `multiprocessing.Process` for each unit, by a start method."""
    context: Any = get_context(method)
    alive = []
    for _ in range(units):
        ours, theirs = context.Pipe()
        asked, process = now(), context.Process(target=send_and_wait, args=(theirs,))
        process.start()
        theirs.close()
        alive.append(((process, ours), asked, ours.recv()))
    look()
    return ended(alive, lambda process, ours: (ours.send(None), process.join(), ours.close()))


def ended(alive: list[tuple[Any, int, int]], end: Callable[..., object]) -> list[Stamps]:
    """End one after another; return the stamps of each, with how long its end took."""
    stamps = []
    for unit, asked, ran in alive:
        asked_to_end = now()
        end(*unit)
        stamps.append((asked, ran, now() - asked_to_end))
    return stamps


def send_and_wait(connection: "Connection[Any, Any]") -> None:
    """Send when this process runs, and wait for the message to end."""
    connection.send(now())
    connection.recv()


def pool_workers(units: int, look: Look) -> list[Stamps]:
    """Open a `multiprocessing.Pool`; its workers end together, so each gets an equal part of that time."""
    context = get_context()
    ran_queue: SimpleQueue[int] = context.SimpleQueue()
    asked = now()
    pool = context.Pool(units, put_time, (ran_queue,))
    ran = sorted(ran_queue.get() for _ in range(units))
    look()
    asked_to_end = now()
    pool.close()
    pool.join()
    gone = (now() - asked_to_end) // units
    return [(before, runs, gone) for before, runs in zip([asked, *ran], ran, strict=False)]


def put_time(ran_queue: "SimpleQueue[int]") -> None:
    """Put the time at which this worker runs on the queue."""
    ran_queue.put(now())


ARMS: dict[str, Callable[[int, Look], list[Stamps]]] = {
    "task": tasks,
    "thread": threads,
    "fork": forks,
    "forkserver": partial(processes, "forkserver"),
    "spawn": partial(processes, "spawn"),
    "pool_worker": pool_workers,
}
