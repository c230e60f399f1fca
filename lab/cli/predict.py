"""`lab predict`: what a number of tasks would take under each model, from what was measured."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lab.cli.options import RESULTS, Json, Out, print_json

if TYPE_CHECKING:
    from lab.predict.constants import Constants
    from lab.predict.forecast import Forecast, Question

REFERENCE = Path(__file__).parents[2] / "results" / "reference"


def predict(
    tasks: Annotated[int, typer.Option(min=1, help="How many tasks there are.")],
    wait_ms: Annotated[float, typer.Option(min=0, help="How long each of them waits.")] = 0.0,
    cpu_ms: Annotated[float, typer.Option(min=0, help="How long each computes, in pure Python.")] = 0.0,
    workers: Annotated[
        int | None,
        typer.Option(min=1, help="The most in flight; all where none is given, and a process a core."),
    ] = None,
    cores: Annotated[int | None, typer.Option(min=1, help="How many cores; as many as here.")] = None,
    memory_gib: Annotated[
        float | None, typer.Option(min=0, help="How much memory; as much as here.")
    ] = None,
    out: Out = RESULTS,
    as_json: Json = False,
) -> None:
    """Predict makespan, CPU and memory of tasks that nobody has run, under each model.

    Example: lab predict --tasks 1000000 --wait-ms 50 --cpu-ms 0.2 --cores 64
    """
    from dataclasses import replace

    from lab.plan import cores as cores_here
    from lab.predict.constants import constants
    from lab.predict.forecast import Question, forecasts
    from lab.predict.room import GIB, room_here

    question = Question(tasks, wait_ms / 1000, cpu_ms / 1000, cores or cores_here(), workers)
    room = room_here()
    if memory_gib is not None:
        room = replace(room, memory_bytes=memory_gib * GIB)
    known = constants(out, REFERENCE)
    found = forecasts(question, known, room)
    if as_json:
        sources = {name: str(folder) for name, folder in known.sources.items()}
        print_json({"forecasts": [asdict(each) for each in found], "sources": sources})
    else:
        show(question, found, known)


def show(question: "Question", found: "list[Forecast]", known: "Constants") -> None:
    """Print a line for each model, what it cannot, and where the constants come from."""
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    table = Table(box=None, pad_edge=False, collapse_padding=True)
    table.add_column("model", no_wrap=True)
    for name in ("makespan", "95 %", "cores", "memory", "start-up", "in flight", "full from"):
        table.add_column(name, justify="right", no_wrap=name != "full from")
    for each in found:
        table.add_row(*cells(each))
    each_task = f"{question.wait_s * 1000:g} ms of wait and {question.cpu_s * 1000:g} ms of computing each"
    console.print(f"{question.tasks:,} tasks, {each_task}, on {question.cores} cores:\n")
    console.print(table)
    console.print()
    for each in found:
        if each.cannot:
            console.print(f"{each.model} {each.cannot}.")
    console.print(
        '"full from": with so many in flight, what they share is busy all the time; more gain nothing'
        " (--workers)."
    )
    folders = ", ".join(dict.fromkeys(str(folder) for folder in known.sources.values()))
    console.print(f"Costs are those measured in {folders}.")


def cells(each: "Forecast") -> list[str]:
    """Return a forecast's cells."""
    from lab.figures.units import unit_of

    time = unit_of("makespan_s", [each.makespan_s.value])
    memory = unit_of("memory_bytes", [each.memory_bytes.value])
    start = unit_of("start_up_s", [each.start_up_s])
    low, high = (time.show(end * time.factor) for end in (each.makespan_s.low, each.makespan_s.high))
    return [
        each.model,
        time.show(each.makespan_s.value * time.factor),
        f"{low}-{high}".replace(f" {time.name}", ""),
        f"{each.cores:.2f}",
        memory.show(each.memory_bytes.value * memory.factor),
        start.show(each.start_up_s * start.factor) if each.start_up_s else "",
        f"{each.in_flight:,.0f}",
        f"{each.full_from:,.0f}",
    ]
