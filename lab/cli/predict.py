"""`lab predict`: what a number of tasks would take under each model, from what was measured."""

from dataclasses import asdict
from math import inf, isfinite
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lab.cli.options import RESULTS, Json, Out, print_json
from lab.core.errors import LabError

if TYPE_CHECKING:
    from pathlib import Path

    from lab.analysis.predict.constants import Constants
    from lab.analysis.predict.forecast import Forecast
    from lab.analysis.predict.question import Question

MOST: dict[str, tuple[float, str]] = {
    "--tasks": (10**12, "10^12"),
    "--wait-ms": (365 * 86_400_000, "a year"),
    "--cpu-ms": (365 * 86_400_000, "a year"),
    "--workers": (10**12, "10^12"),
    "--cores": (10_000, "10,000"),
    "--memory-gib": (10**9, "10^9"),
}
"""The most of each that is predicted, as a number and in words: more is a slip of the hand."""


def predict(
    tasks: Annotated[int, typer.Option(min=1, help="How many tasks there are.")],
    wait_ms: Annotated[float, typer.Option(min=0, help="How long each of them waits.")] = 0.0,
    cpu_ms: Annotated[float, typer.Option(min=0, help="How long each computes, in pure Python.")] = 0.0,
    workers: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="The most in flight; where none is given, all at once, and a pool has its usual number.",
        ),
    ] = None,
    cores: Annotated[int | None, typer.Option(min=1, help="How many cores; as many as here.")] = None,
    memory_gib: Annotated[
        float | None, typer.Option(min=0, help="How much memory; as much as here.")
    ] = None,
    client: Annotated[
        str | None,
        typer.Option(help="The library that fetches, of those that were measured; the usual one."),
    ] = None,
    out: Out = RESULTS,
    as_json: Json = False,
) -> None:
    """Predict makespan, CPU and memory of tasks that nobody has run, under each model.

    Example: lab predict --tasks 1000000 --wait-ms 50 --cpu-ms 0.2 --cores 64
    """
    from dataclasses import replace

    from lab.analysis.predict.constants import constants
    from lab.analysis.predict.forecast import forecasts
    from lab.analysis.predict.question import Question
    from lab.analysis.predict.room import GIB, room_here
    from lab.core.machine import cores as cores_here
    from lab.store.folders import reference_beside

    for option, number in zip(MOST, (tasks, wait_ms, cpu_ms, workers, cores, memory_gib), strict=True):
        check(option, number)
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


def check(option: str, number: float | None) -> None:
    """Raise LabError where an option's number is none, or too large to mean anything."""
    if number is None:
        return
    if number != number or number == inf:
        raise LabError(f"{number} is no number to predict with", where=option)
    most, words = MOST[option]
    if number > most:
        raise LabError(f"{number} is more than can be predicted", where=option, remedy=f"at most {words}")


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
    if any(each.in_flight.value > known.up_to for each in found) and question.wait_s:
        lines.append(
            f"More than {known.up_to:,} in flight are extrapolated: the farther, the wider the interval."
        )
    lines.append(
        '"full from": with so many in flight, what they share is busy all the time; more gain nothing'
        " (--workers)."
    )
    lines.append("Memory is the peak beside the interpreter's own, without what the tasks keep.")
    if question.wait_s:
        less = (
            ""
            if known.client == known.least_client
            else f"; its memory is that of the {known.least_client}: {known.client} adds to it"
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
        lines += [f"Not used, though in the results: {reason}." for reason in known.unusable]
    return lines
