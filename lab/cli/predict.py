"""`lab predict`: what a number of tasks would take under each model, from what was measured."""

from dataclasses import asdict
from math import isfinite, isnan
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lab.cli.options import Json, Out, print_json
from lab.core.errors import LabError
from lab.store.folders import RESULTS

if TYPE_CHECKING:
    from pathlib import Path

    from lab.analysis.predict.constants import Constants
    from lab.analysis.predict.forecast import Forecast
    from lab.analysis.predict.question import Question

MOST, MOST_CORES, MOST_GIB, YEAR_MS = 10**12, 10_000, 10**9, 365 * 86_400_000
"""The most of each that is predicted: more is a mistake in typing."""
MINIMAL = "minimal codec"
USUAL = "requests/aiohttp"  # as `fetch` does; lab.analysis.predict.clients, without its imports


def predict(
    tasks: Annotated[int, typer.Option(min=1, max=MOST, help="The number of tasks.")],
    wait_ms: Annotated[float, typer.Option(min=0, max=YEAR_MS, help="How long each task waits.")] = 0.0,
    cpu_ms: Annotated[
        float, typer.Option(min=0, max=YEAR_MS, help="How long each task computes, in pure Python.")
    ] = 0.0,
    workers: Annotated[
        int | None,
        typer.Option(
            min=1, max=MOST, help="The most in flight at once (default: all; of a pool, its usual number)."
        ),
    ] = None,
    cores: Annotated[
        int | None,
        typer.Option(min=1, max=MOST_CORES, help="The number of cores (default: as many as here)."),
    ] = None,
    memory_gib: Annotated[
        float | None, typer.Option(min=0, max=MOST_GIB, help="The memory (default: as much as is here).")
    ] = None,
    client: Annotated[
        str, typer.Option(help="The library that fetches: a client of the experiment `clients`.")
    ] = USUAL,
    out: Out = RESULTS,
    as_json: Json = False,
) -> None:
    """Predict makespan, CPU and memory for a number of tasks that was not measured, under each model.

    Example: lab predict --tasks 1000000 --wait-ms 50 --cpu-ms 0.2 --cores 64
    """
    from dataclasses import replace

    from lab.analysis.predict.constants import constants
    from lab.analysis.predict.forecast import forecasts
    from lab.analysis.predict.question import Question
    from lab.analysis.predict.room import GIB, room_here
    from lab.core.machine import cores as cores_here
    from lab.store.folders import reference_beside

    for option, number in {"--wait-ms": wait_ms, "--cpu-ms": cpu_ms, "--memory-gib": memory_gib}.items():
        if number is not None and isnan(number):
            raise LabError(f"{number} is no number to predict with", where=option)
    question = Question(tasks, wait_ms / 1000, cpu_ms / 1000, cores or cores_here(), workers)
    room = room_here()
    if memory_gib is not None:
        room = replace(room, memory_bytes=memory_gib * GIB)
    reference = reference_beside(out)
    known = constants(out, reference or out, client)
    found = forecasts(question, known, room)
    if as_json:
        sources = {name: str(folder) for name, folder in known.sources.items()}
        told = [asdict(each) for each in found]
        print_json(in_json({"forecasts": told, "client": known.client, "sources": sources}))
    else:
        show(question, found, known, reference)


def in_json(value: Any) -> Any:
    """Return a value as JSON can hold it: what is no number is null there."""
    if isinstance(value, dict):
        return {name: in_json(each) for name, each in value.items()}
    if isinstance(value, list):
        return [in_json(each) for each in value]
    return None if isinstance(value, float) and not isfinite(value) else value


def show(
    question: "Question", found: "list[Forecast]", known: "Constants", reference: "Path | None"
) -> None:
    """Print a line for each model, what it cannot, and where the constants come from."""
    from rich.console import Console
    from rich.table import Table

    from lab.cli.predict_cells import HEADINGS, cells, fitted

    console = Console(highlight=False)
    table = Table(box=None, pad_edge=False, collapse_padding=True)
    for name in HEADINGS:
        table.add_column(name, justify="left" if name == "model" else "right", no_wrap=True)
    for row in fitted([cells(each) for each in found], console.width):
        table.add_row(*row)
    each_task = f"{question.wait_s * 1000:g} ms of wait and {question.cpu_s * 1000:g} ms of computing each"
    tasks = f"{question.tasks:,} task{'s' if question.tasks > 1 else ''}"
    cores = f"{question.cores} core{'s' if question.cores > 1 else ''}"
    console.print(f"{tasks}, {each_task}, on {cores}:\n")
    console.print(table)
    console.print()
    for line in notes(question, found, known, reference):
        console.print(line)


def notes(
    question: "Question", found: "list[Forecast]", known: "Constants", reference: "Path | None"
) -> list[str]:
    """Return what has to be said beside the table: what cannot be, and what the numbers rest on."""
    from lab.analysis.predict.constants import UP_TO

    lines = [f"{each.model} {each.cannot}." for each in found if each.cannot]
    lines += [f"{each.model} {each.remark}." for each in found if each.remark]
    if question.at_once == 1 and question.cores > 1:
        lines.append(f"One task at a time cannot use more than one of {question.cores} cores.")
    lines.append("Under each number: the 95 % interval of one more run.")
    if extrapolated := [each.model for each in found if each.extrapolated_from]:
        lines.append(
            f"Computing under {' and '.join(extrapolated)} is extrapolated from {known.cores} measured"
            f" core{'s' if known.cores > 1 else ''} to {question.cores}: the interval reaches from the"
            " speedup there to that of a core for each process."
        )
    if any(each.in_flight.value > UP_TO for each in found) and question.wait_s:
        lines.append(
            f"More than {UP_TO:,} in flight are extrapolated: the farther, the wider the interval."
        )
    lines.append(
        '"full from": with so many in flight, what they share is busy all the time; more gain nothing'
        " (--workers)."
    )
    lines.append("Memory is the peak beside the interpreter's own, without what the tasks keep.")
    if question.wait_s:
        less = (
            ""
            if known.client == MINIMAL
            else f"; its memory is that of the {MINIMAL}: {known.client} adds to it"
        )
        lines.append(f"Each waits for an answer fetched through {known.client}{less}.")
        lines.append("Each fetch opens a connection of its own.")
    return lines + origin(known, reference)


def origin(known: "Constants", reference: "Path | None") -> list[str]:
    """Return where the costs were measured, and which of them were not measured here."""
    folders = ", ".join(dict.fromkeys(str(folder) for folder in known.sources.values()))
    lines = [f"Costs are those measured in {folders}."]
    foreign = [name for name, folder in known.sources.items() if folder.parent == reference]
    if foreign:
        lines.append(
            f"What is in {reference} came with the lab and need not be of this machine;"
            f" measure here: lab run {' '.join(foreign)}"
        )
    return lines
