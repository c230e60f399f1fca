"""`lab report`: the page over all results, from the CSV."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from lab.cli.guard import complain
from lab.cli.options import RESULTS, Out
from lab.core.errors import LabError


def report(
    out: Out = RESULTS,
    show: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
) -> None:
    """Write the page over all results, index.html, from the CSV; draw what figures are missing.

    Example: lab report --open
    """
    from lab.report import write_report

    path = write_report(Path(out), complain)
    say(path)
    if show:
        import webbrowser

        if not webbrowser.open(path.resolve().as_uri()):
            raise LabError("no browser could be started", where=str(path), remedy="open the file yourself")


def write_at_the_end(out: Path) -> None:
    """Write the page after a run; what goes wrong then is told, and loses nothing that was measured."""
    from lab.report import write_report

    try:
        say(write_report(out))
    except LabError as error:
        complain(f"the report was not written: {error}")
    except Exception as error:
        complain(f"the report was not written: {type(error).__name__}: {error}; lab report tries again")


def say(path: Path) -> None:
    """Say on stderr where the page is."""
    print(f"Report: {path}", file=sys.stderr)
