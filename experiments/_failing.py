"""The ways in which a task goes wrong, for `experiments/failures.py`."""

import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any, NoReturn


class UnpicklableError(Exception):
    """Carries what does not pickle."""

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
