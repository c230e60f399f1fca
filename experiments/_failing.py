"""A task that fails, in one of several ways: for `experiments/failures.py`."""

import asyncio
import mmap
import os
import signal
import sys
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, NoReturn

FAILING = 0
"""The item whose task fails."""
TASK_S = 0.005

Name = tuple[str, str]
"""A model, and its form: "naive" or "lab"."""

marks: dict[Name, mmap.mmap] = {}
"""A byte for each task that is done, shared with every process that is forked from here."""


class UnpicklableError(Exception):
    """An exception that does not pickle."""

    def __init__(self) -> None:
        super().__init__(threading.Lock())


def raised(error: BaseException) -> NoReturn:
    """Raise."""
    raise error


FAILURES: dict[str, Callable[[], Any]] = {
    "raises": lambda: raised(ValueError("as asked")),
    "raises_unpicklable": lambda: raised(UnpicklableError()),
    "sys_exit": lambda: sys.exit(3),
    "os_exit": lambda: os._exit(3),
    "killed": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "never_ends": lambda: threading.Event().wait(),
    "returns_unpicklable": threading.Lock,
}

RAISED = {"raises": "ValueError", "raises_unpicklable": "UnpicklableError", "sys_exit": "SystemExit"}
"""Failure -> what the task raises."""


@dataclass(frozen=True)
class Task:
    """The task: item -> item, except for the item that fails."""

    name: Name
    failure: str

    def __call__(self, item: int) -> Any:
        """Fail, or work for a moment; set a mark at the end."""
        time.sleep(0 if item == FAILING else TASK_S)
        return self.done(item)

    async def awaited(self, item: int) -> Any:
        """Do the same as a coroutine."""
        await asyncio.sleep(0 if item == FAILING else TASK_S)
        if item == FAILING and self.failure == "never_ends":
            await asyncio.Event().wait()
        return self.done(item)

    def done(self, item: int) -> Any:
        """Return what the task returns, and set its mark."""
        result = FAILURES[self.failure]() if item == FAILING else item
        marks[self.name][item] = 1
        return result

    @asynccontextmanager
    async def session(self) -> AsyncIterator[Callable[[int], Awaitable[Any]]]:
        """Yield the coroutine function."""
        yield self.awaited
