"""`lab trace`: the timeline, for a trace viewer."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from lab.cli.options import Out, Result, result_folder
from lab.core.errors import LabError
from lab.store.folders import RESULTS

To = Annotated[Path | None, typer.Option("--to", help="A file to write instead of stdout.", metavar="FILE")]


def trace(name: Result, to: To = None, out: Out = RESULTS) -> None:
    """Print an experiment's timeline as Trace Event JSON, for ui.perfetto.dev or speedscope.app.

    Example: lab trace fetch --to fetch.json
    """
    from lab.present.trace import trace as trace_of
    from lab.store.reading import read

    text = json.dumps(trace_of(read(result_folder(name, out))))
    if to is None:
        sys.stdout.write(text + "\n")
        return
    try:
        to.write_text(text, encoding="utf-8")
    except OSError as error:
        raise LabError(f"cannot be written: {error.strerror}", where=str(to)) from error
