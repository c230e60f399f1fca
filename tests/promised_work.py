"""What the tasks do that hold a model to its promises.

Apart from what looks at them: every spawned worker imports this file, so it imports little.
"""

import os
import signal
import socket
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from lab.core.work import AsyncCall, Item


def square(item: int) -> int:
    return item * item


def fail_on_two(item: int) -> int:
    if item == 2:
        raise ValueError("two")
    return item


def leave_on_two(item: int) -> int:
    if item == 2:
        sys.exit("leaving")
    return item


class Strange(BaseException):
    """Not an Exception: what many a careless `except` lets pass."""


def strange_on_two(item: int) -> int:
    if item == 2:
        raise Strange("two")
    return item


def unpicklable_on_two(item: int) -> object:
    return (lambda: item) if item == 2 else item


def die_on_two(item: int) -> int:
    if item == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return item


def vanish_on_two(item: int) -> int:
    if item == 2:
        os._exit(3)
    return item


@dataclass(frozen=True)
class Meet:
    """Connect to the meeting point, and wait until it answers: when WORKERS tasks are there."""

    port: int

    def __call__(self, item: Item) -> Item:
        with socket.create_connection(("127.0.0.1", self.port)) as connection:
            assert connection.recv(1) == b"!"
        return item


@dataclass(frozen=True)
class MeetAwaited:
    port: int

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[AsyncCall]:
        import asyncio

        async def meet(item: Item) -> Item:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            assert await reader.readexactly(1) == b"!"
            writer.close()
            await writer.wait_closed()
            return item

        yield meet


ready: list[int] = []


def get_ready() -> None:
    ready.append(os.getpid())


def refuse() -> None:
    raise ValueError("not ready")


def vanish() -> None:
    os._exit(3)


class MeetReady(Meet):
    """Say how often the process that it runs in, or the one that forked it, was made ready."""

    def __call__(self, item: Item) -> int:
        super().__call__(item)
        return len(ready)


def where(_: Item) -> list[object]:
    """Return in which process and in which thread this runs."""
    return [os.getpid(), threading.current_thread() is threading.main_thread()]


@dataclass(frozen=True)
class AwaitedWhere:
    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[AsyncCall]:
        async def call(item: Item) -> list[object]:
            return [*where(item), "awaited"]

        yield call
