"""`lab trace`: the timeline, for a trace viewer."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from lab.cli.options import RESULTS, Out
from lab.cli.show import Name
from lab.core.errors import LabError


def trace(
    name: Name,
    to: Annotated[
        Path | None, typer.Option("--to", help="A file instead of stdout.", metavar="FILE")
    ] = None,
    out: Out = RESULTS,
) -> None:
    """Print an experiment's timeline as Trace Event JSON, for ui.perfetto.dev or speedscope.app.

    Example: lab trace fetch --to fetch.json
    """
    from lab.present.trace import trace as traced
    from lab.store.folders import Places
    from lab.store.reading import read

    found = traced(read(Places(out).newest(Path(name).stem if name.endswith(".py") else name)))
    if to is None:
        json.dump(found, sys.stdout)
        print()
    else:
        try:
            to.write_text(json.dumps(found), encoding="utf-8")
        except OSError as error:
            raise LabError(f"cannot be written: {error.strerror}", where=str(to)) from error
