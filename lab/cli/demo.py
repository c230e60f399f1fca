"""`lab demo`: one batch before your eyes."""

import json
import os
import sys
from contextlib import nullcontext
from enum import StrEnum
from typing import Annotated

import typer

from lab.catalog.names import known, model_names
from lab.cli.options import models


class Work(StrEnum):
    """What a task of the demonstration does."""

    FETCH = "fetch"
    SEARCH = "search"
    DIGEST = "digest"
    PAUSE = "pause"


def demo(
    model: Annotated[str, typer.Argument(help="The model.", autocompletion=models)],
    bases: Annotated[list[str] | None, typer.Argument(help="Currencies to fetch, or other items.")] = None,
    work: Annotated[Work, typer.Option(help="What each task does.")] = Work.FETCH,
    workers: Annotated[
        int | None, typer.Option(min=1, help="The most in flight.", show_default="all")
    ] = None,
    wait_ms: Annotated[float, typer.Option(min=0, max=10_000, help="How long the server waits.")] = 200,
) -> None:
    """Run one batch before your eyes: a line as each task starts and ends.

    Example: lab demo threads eur gbp chf --workers 2
    """
    import subprocess

    from lab.runner.reap import adopt_orphans, children, end
    from lab.server.launch import serving
    from lab.server.rates import codes
    from lab.workloads.currency import BASES

    known(model, model_names(), "model")
    for base in bases or ():
        if work is Work.FETCH:
            known(base, codes(), "currency")
    request = {
        "model": model,
        "work": work,
        "items": list(bases or BASES[:5]) if work is Work.FETCH else list(range(len(bases or BASES[:5]))),
        "workers": workers,
        "wait_ms": wait_ms,
    }
    # A process of its own, so that only the model's threads and processes are there to be counted; a
    # session of its own, so that a Ctrl-C reaches this process alone, which then ends all of them.
    command = [sys.executable, "-P", "-m", "lab.trial.demo", json.dumps(request)]
    adopt_orphans()
    with serving() if work is Work.FETCH else nullcontext() as server:
        address = {"LAB_SERVER": server.url, "LAB_TAG": "demo"} if server else {}
        others = children()
        stage = subprocess.Popen(
            command, stdin=subprocess.PIPE, env=os.environ | address, start_new_session=True
        )
        try:
            stage.wait()
        finally:
            exit_code = end(stage, keep=others)
    if exit_code:
        raise typer.Exit(1)
