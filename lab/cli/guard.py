"""Turns every way in which a command can end into one line and an exit code.

0 all measured; 1 some trial failed; 2 wrong usage; 3 a fault of the lab; 4 damaged data;
130 interrupted.
"""

import errno
import functools
import os
import signal
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any, NoReturn, ParamSpec

import typer

from lab.core.errors import INTERRUPTED, UNEXPECTED, USAGE, LabError
from lab.core.pythons import IS_SERVED, unserved

NOT_WRITTEN = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
JSON_EVENTS = "--json-events"
Parameters = ParamSpec("Parameters")


def guarded(command: Callable[Parameters, None]) -> Callable[Parameters, None]:
    """Return the command with every way to end made an exit code."""

    @functools.wraps(command)
    def guard(*args: Parameters.args, **kwargs: Parameters.kwargs) -> None:
        try:
            if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # else it is set on purpose
                interrupt_once()
            command(*args, **kwargs)
        except LabError as error:
            complain(error)
            raise typer.Exit(error.exit_code) from None
        except KeyboardInterrupt:
            raise typer.Exit(INTERRUPTED) from None
        except Exception as error:
            if isinstance(error, (typer.Exit, typer.Abort)) or getattr(error, "errno", 0) == errno.EPIPE:
                raise
            raise typer.Exit(report_bug(error)) from None

    return guard


def interrupt_once() -> None:
    """Let the next Ctrl-C interrupt and those after it do nothing: ending every process takes a moment."""
    signal.signal(signal.SIGINT, _interrupt)


def interrupt_again(once_more: bool) -> None:
    """Let one more Ctrl-C interrupt, after a first one; or none, where only the exit code is left."""
    if signal.getsignal(signal.SIGINT) in (_interrupt, _ignore):  # else it is set on purpose
        signal.signal(signal.SIGINT, _interrupt if once_more else _ignore)


def _interrupt(_number: int, frame: FrameType | None) -> None:
    signal.signal(signal.SIGINT, _ignore)  # first of all: another may follow at once
    while frame and frame.f_code.co_name != "__del__":
        frame = frame.f_back
    if frame is None:
        raise KeyboardInterrupt
    interrupt_once()  # Python drops what a destructor raises: the next Ctrl-C counts instead


def _ignore(_number: int, _frame: FrameType | None) -> None:
    """Do nothing; not SIG_IGN, which every child would inherit."""


def report_bug(error: Exception) -> int:
    """Complain of an error that nobody expected, and return its exit code."""
    if isinstance(error, OSError) and error.errno in NOT_WRITTEN:
        complain(LabError(f"cannot be written: {error.strerror}", where=str(error.filename or "")))
        return USAGE
    if isinstance(error, ModuleNotFoundError) and not str(error.name).startswith("lab"):
        complain(LabError("is not installed", where=str(error.name), remedy=unserved()))
        return USAGE
    import traceback

    traceback.print_exception(error)
    complain("this is a fault of the lab, not of yours; please report it with the lines above")
    return UNEXPECTED


def run(app: Callable[..., Any]) -> int:
    """Run a typer app and return the exit code; say in one line what was wrong with its arguments.

    Under an interpreter that the lab does not run on, say so first: what follows is not to be trusted.
    """
    if not IS_SERVED:
        complain(unserved())
    try:
        return app(prog_name="lab", standalone_mode=False) or 0
    except Exception as error:
        # Typer's own errors, wherever the version at hand keeps their class, can format themselves.
        if not hasattr(error, "format_message"):
            raise
        if text := wrong_usage(error):
            complain(text)
        return USAGE


def wrong_usage(error: Any) -> str:
    """Return in one line what was wrong with the arguments, with the nearest name of an option."""
    text, context = " ".join(error.format_message().split()).rstrip("."), getattr(error, "ctx", None)
    if not context or not text:
        return text
    where = context.command_path.removeprefix("lab").strip()
    if hasattr(error, "option_name") and hasattr(error, "possibilities"):
        from lab.catalog.names import known

        options = [name for parameter in context.command.params for name in parameter.opts]
        try:
            known(error.option_name, options, "option", where=where)
        except LabError as unknown:
            return str(unknown)
    return str(LabError(text, where=where, remedy=f"see {context.command_path} --help"))


def leave(exit_code: int) -> NoReturn:
    """End this process."""
    if exit_code == INTERRUPTED:
        # At once: Python, on its way out, forgets `_ignore`, and the next Ctrl-C would be fatal.
        sys.stdout.flush()
        os._exit(exit_code)
    sys.exit(exit_code)


def complain(text: object) -> None:
    """Print one line on stderr; as an event on stdout, where those are wanted."""
    if JSON_EVENTS in sys.argv:
        from lab.cli.terminal import print_event
        from lab.present.events import Warned

        print_event(Warned(str(text)))
    else:
        print(f"lab: {text}", file=sys.stderr)
