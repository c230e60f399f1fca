"""Turns whatever ends a command into one line and an exit code.

0 all measured; 1 some trial failed; 2 wrong usage; 3 a fault of the lab; 4 damaged data;
130 interrupted.
"""

import errno
import functools
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, NoReturn, ParamSpec

import typer

from lab.errors import LabError

USAGE = 2
FAULT = 3
INTERRUPTED = 130
NOT_WRITTEN = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
Parameters = ParamSpec("Parameters")


def guarded(command: Callable[Parameters, None]) -> Callable[Parameters, None]:
    """Return the command with every way to end made an exit code."""

    @functools.wraps(command)
    def guard(*args: Parameters.args, **kwargs: Parameters.kwargs) -> None:
        try:
            listen_once()
            command(*args, **kwargs)
        except LabError as error:
            complain(error)
            raise typer.Exit(error.exit_code) from None
        except KeyboardInterrupt:
            raise typer.Exit(INTERRUPTED) from None
        except Exception as error:
            if isinstance(error, (typer.Exit, typer.Abort)) or getattr(error, "errno", 0) == errno.EPIPE:
                raise
            raise typer.Exit(confess(error)) from None

    return guard


def listen_once() -> None:
    """Let the first Ctrl-C interrupt and those after it do nothing: ending every process takes a moment."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # else somebody wants it otherwise
        signal.signal(signal.SIGINT, _interrupt)


@contextmanager
def listening_again() -> Iterator[None]:
    """Let one more Ctrl-C interrupt what is done within, after a first one: it need not end."""
    deaf = signal.getsignal(signal.SIGINT) is _heed_not
    try:
        if deaf:
            signal.signal(signal.SIGINT, _interrupt)
        yield
    finally:
        if deaf:
            signal.signal(signal.SIGINT, _heed_not)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    signal.signal(signal.SIGINT, _heed_not)
    raise KeyboardInterrupt


def _heed_not(_number: int, _frame: FrameType | None) -> None:
    """Do nothing; not SIG_IGN, which every child would inherit."""


def confess(error: Exception) -> int:
    """Complain of what nobody expected, and return its exit code."""
    if isinstance(error, OSError) and error.errno in NOT_WRITTEN:
        complain(LabError(f"cannot be written: {error.strerror}", where=str(error.filename or "")))
        return USAGE
    if isinstance(error, ModuleNotFoundError) and not str(error.name).startswith("lab"):
        from lab.environment.pythons import SERVED, THIS

        complain(
            LabError(
                "is not installed",
                where=str(error.name),
                remedy=f"this is {THIS}; the lab runs on {SERVED}",
            )
        )
        return USAGE
    import traceback

    traceback.print_exception(error)
    complain("this is a fault of the lab, not of yours; please report it with the lines above")
    return FAULT


def run(app: Callable[..., Any]) -> int:
    """Run a typer app and return the exit code; say in one line what was wrong with its arguments."""
    try:
        return app(prog_name="lab", standalone_mode=False) or 0
    except Exception as error:
        # Typer's own errors, wherever the version at hand keeps their class, can format themselves.
        if not hasattr(error, "format_message"):
            raise
        words = wrong_usage(error)
        if words:
            complain(words)
        return USAGE


def leave(exit_code: int) -> NoReturn:
    """End this process."""
    if exit_code == INTERRUPTED:
        # At once: Python, on its way out, forgets `interrupt`, and the next Ctrl-C would be fatal.
        sys.stdout.flush()
        os._exit(exit_code)
    sys.exit(exit_code)


def wrong_usage(error: Any) -> str:
    """Return in one line what was wrong with the arguments, with the nearest name of an option."""
    context = getattr(error, "ctx", None)
    words = " ".join(error.format_message().split()).rstrip(".")
    if not context or not words:
        return words
    where = context.command_path.removeprefix("lab").strip()
    if hasattr(error, "possibilities") and hasattr(error, "option_name"):
        from lab.registry import known

        options = [name for parameter in context.command.params for name in parameter.opts]
        try:
            known(error.option_name, options, "option", where=where)
        except LabError as unknown:
            return str(unknown)
    return str(LabError(words, where=where, remedy=f"see {context.command_path} --help"))


def complain(about: object) -> None:
    """Print one line on stderr."""
    print(f"lab: {about}", file=sys.stderr)
