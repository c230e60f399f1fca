"""Turns whatever ends a command into one line and an exit code.

0 all measured; 1 some trial failed; 2 wrong usage; 3 a fault of the lab; 4 damaged data;
130 interrupted.
"""

import errno
import functools
import sys
import traceback
from collections.abc import Callable
from typing import ParamSpec

import typer

from lab.core import LabError

FAULT = 3
INTERRUPTED = 130
Parameters = ParamSpec("Parameters")


def guarded(command: Callable[Parameters, None]) -> Callable[Parameters, None]:
    """Return the command with every way to end made an exit code."""

    @functools.wraps(command)
    def guard(*args: Parameters.args, **kwargs: Parameters.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except LabError as error:
            complain(error)
            raise typer.Exit(error.exit_code) from None
        except KeyboardInterrupt:
            raise typer.Exit(INTERRUPTED) from None
        except Exception as error:
            if isinstance(error, (typer.Exit, typer.Abort)) or getattr(error, "errno", 0) == errno.EPIPE:
                raise
            traceback.print_exc()
            complain("this is a fault of the lab, not of yours; please report it with the lines above")
            raise typer.Exit(FAULT) from None

    return guard


def complain(about: object) -> None:
    """Print one line on stderr."""
    print(f"lab: {about}", file=sys.stderr)
