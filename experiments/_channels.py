"""Channels to a partner that sends back every message: for `experiments/pipe.py`.

The partner is a forked process, a thread, or a task. Every channel has two ends, each a `Link`.
"""

import asyncio
import mmap
import multiprocessing
import os
import pickle
import queue
import socket
import struct
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

LENGTH = struct.Struct("Q")
PIECE = b"p" * 4096
SPARE = 4096  # a pickle may be longer than its message by so many bytes
FORK: Any = multiprocessing.get_context("fork" if hasattr(os, "fork") else None)
Trip = Callable[[Any], Awaitable[Any]]
Made = TypeVar("Made")


@dataclass(frozen=True)
class Link:
    """One end of a channel."""

    send: Callable[[Any], object]
    receive: Callable[[], Any]
    close: Callable[[], object] = lambda: None


def echo(link: Link) -> None:
    """Send back every message, until None comes."""
    while (message := link.receive()) is not None:
        link.send(message)


def through_pipe(_: int) -> tuple[Link, Link]:
    """Return both ends of a `multiprocessing.Pipe`."""
    one, other = multiprocessing.Pipe()
    return Link(one.send, one.recv), Link(other.send, other.recv, other.close)


def through_queues(kind: Callable[[], Any]) -> tuple[Link, Link]:
    """Return both ends of two queues, one for each direction."""
    there, back = kind(), kind()
    return Link(there.put, back.get), Link(back.put, there.get)


def through_socket(_: int) -> tuple[Link, Link]:
    """Return both ends of a pair of sockets; each pickle is sent with its length before it."""

    def end(side: socket.socket) -> Link:
        def send(message: object) -> None:
            data = pickle.dumps(message)
            side.sendall(LENGTH.pack(len(data)) + data)

        def receive() -> Any:
            (length,) = LENGTH.unpack(side.recv(LENGTH.size, socket.MSG_WAITALL) or closed())
            return pickle.loads(side.recv(length, socket.MSG_WAITALL))

        return Link(send, receive, side.close)

    one, other = socket.socketpair()
    return end(one), end(other)


def closed() -> bytes:
    """Raise what a `Pipe` raises when the other end is closed."""
    raise EOFError


def through_memory(size: int) -> tuple[Link, Link]:
    """Return both ends of shared memory: a buffer and a semaphore for each direction."""

    def way() -> tuple[Callable[[object], None], Callable[[], Any]]:
        buffer, arrived = mmap.mmap(-1, size + SPARE), FORK.Semaphore(0)

        def put(message: object) -> None:
            data = pickle.dumps(message)
            buffer[: LENGTH.size] = LENGTH.pack(len(data))
            buffer[LENGTH.size : LENGTH.size + len(data)] = data
            arrived.release()

        def get() -> Any:
            arrived.acquire()
            (length,) = LENGTH.unpack(buffer[: LENGTH.size])
            return pickle.loads(memoryview(buffer)[LENGTH.size : LENGTH.size + length])

        return put, get

    (put, get), (put_back, get_back) = way(), way()
    return Link(put, get_back), Link(put_back, get)


CHANNELS: dict[str, Callable[[int], tuple[Link, Link]]] = {
    "pipe": through_pipe,
    "process_queue": lambda _: through_queues(FORK.Queue),
    "socket": through_socket,
    "shared_memory": through_memory,
    "thread_queue": lambda _: through_queues(queue.Queue),
}
IN_THIS_PROCESS = ("thread_queue", "async_queue")


@dataclass(frozen=True)
class Partner:
    """A worker at the other end of a channel that sends back every message."""

    link: Link
    worker: Any

    @classmethod
    def behind(cls, channel: str, size: int) -> "Partner":
        """Start a partner in a process, or in a thread."""
        ours, theirs = CHANNELS[channel](size)
        kind = threading.Thread if channel in IN_THIS_PROCESS else FORK.Process
        worker = kind(target=echo, args=(theirs,), daemon=True)
        worker.start()
        if channel not in IN_THIS_PROCESS:
            theirs.close()  # otherwise that end would stay open here after the partner has ended
        return cls(ours, worker)

    def trip(self, message: object) -> Any:
        """Send a message and return the reply."""
        self.link.send(message)
        return self.link.receive()

    def end(self) -> None:
        """Tell the partner to end, and wait for that."""
        with suppress(OSError):  # it has ended already
            self.link.send(None)
        self.worker.join()


async def with_partner(channel: str, size: int, use: Callable[[Trip], Awaitable[Made]]) -> Made:
    """Return the result of `use`, which gets a function that sends a message and awaits the reply."""
    if channel != "async_queue":
        partner = Partner.behind(channel, size)

        async def trip(message: object) -> Any:
            return partner.trip(message)

        result = await use(trip)
        partner.end()
        return result
    there: asyncio.Queue[Any] = asyncio.Queue()
    back: asyncio.Queue[Any] = asyncio.Queue()

    async def partner_task() -> None:
        while (message := await there.get()) is not None:
            await back.put(message)

    async def task_trip(message: object) -> Any:
        await there.put(message)
        return await back.get()

    async with asyncio.TaskGroup() as group:
        group.create_task(partner_task())
        result = await use(task_trip)
        await there.put(None)
    return result


def capacity(channel: str) -> dict[str, int]:
    """Return how many bytes a channel accepts before a send would wait; nothing if it never does."""
    if channel not in ("pipe", "socket"):
        return {}
    one, other = multiprocessing.Pipe() if channel == "pipe" else socket.socketpair()
    with one, other:
        os.set_blocking(one.fileno(), False)
        taken = 0
        while True:
            try:
                taken += os.write(one.fileno(), PIECE)
            except BlockingIOError:
                return {"blocks_at_bytes": taken}
