"""`lab demo`: one batch, printed step by step."""

import json
import os
from contextlib import nullcontext
from typing import Annotated, Literal

import typer
from typer import Argument, Option

from lab.catalog.names import known, model_names

Work = Literal["fetch", "search", "digest", "pause"]
BASES_HELP = "The currencies to fetch. Other work has one task for each."


def demo(
    model: Annotated[str, Argument(help="The model.", autocompletion=model_names)],
    bases: Annotated[list[str] | None, Argument(help=BASES_HELP, show_default="5 of them")] = None,
    work: Annotated[Work, Option(help="What each task does.")] = "fetch",
    workers: Annotated[
        int | None, Option(min=1, help="The most tasks in flight at once.", show_default="all")
    ] = None,
    wait_ms: Annotated[
        float, Option(min=0, max=10_000, help="How long the server waits, or a pause lasts.")
    ] = 200,
) -> None:
    """Run one batch and print it step by step: a line when a task starts, and one when it ends.

    Example: lab demo threads eur gbp chf --workers 2
    """
    from lab.core.child import start
    from lab.runner.reap import adopt_orphans, children, end
    from lab.server.launch import serving
    from lab.server.rates import codes
    from lab.workloads.currency import BASES

    known(model, model_names(), "model")
    fetches = work == "fetch"
    for base in bases or () if fetches else ():
        known(base, codes(), "currency")
    names = bases or BASES[:5]
    items = list(names) if fetches else list(range(len(names)))
    request = {"model": model, "work": work, "items": items, "workers": workers, "wait_ms": wait_ms}
    # A process of its own, so that only the model's threads and processes are there to be counted.
    adopt_orphans()
    with serving() if fetches else nullcontext() as server:
        address = {"LAB_SERVER": server.url, "LAB_TAG": "demo"} if server else {}
        others = children()
        child = start("lab.present.narration", json.dumps(request), environment=os.environ | address)
        try:
            child.wait()
        finally:
            exit_code = end(child, keep=others)
    if exit_code:
        raise typer.Exit(1)
