"""`lab report`: the page over all results, from the CSV."""

import sys
from typing import Annotated

import typer

from lab.cli.guard import complain
from lab.cli.options import Out
from lab.core.errors import LabError
from lab.store.folders import RESULTS


def report(
    out: Out = RESULTS,
    show: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
) -> None:
    """Write the page over all results, index.html, from the CSV; draw the figures that are missing.

    Example: lab report --open
    """
    from lab.report import write_report

    path = write_report(out, complain)
    print(f"Report: {path}", file=sys.stderr)
    if show:
        import webbrowser

        if not webbrowser.open(path.resolve().as_uri()):
            raise LabError("no browser could be started", where=str(path), remedy="open the file yourself")
