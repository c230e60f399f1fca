"""`lab predict`: what a number of tasks would take under each model, from what was measured."""

from dataclasses import asdict
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lab.cli.options import RESULTS, Json, Out, print_json
from lab.errors import LabError

if TYPE_CHECKING:
    from lab.predict.constants import Constants
    from lab.predict.estimate import Estimate
    from lab.predict.forecast import Forecast, Question

ENDLESS = 1e8  # from here on a number is written with its power of ten
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

    for option, number in {"--wait-ms": wait_ms, "--cpu-ms": cpu_ms, "--memory-gib": memory_gib}.items():
        if number is not None and not isfinite(number):
            raise LabError(f"{number} is no number to predict with", where=option)
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
    for name in ("makespan", "cores", "memory", "start-up", "in flight", "full from"):
        table.add_column(name, justify="right", overflow="fold")
    for each in found:
        table.add_row(*cells(each))
    each_task = f"{question.wait_s * 1000:g} ms of wait and {question.cpu_s * 1000:g} ms of computing each"
    tasks = f"{question.tasks:,} task{'s' if question.tasks > 1 else ''}"
    cores = f"{question.cores} core{'s' if question.cores > 1 else ''}"
    console.print(f"{tasks}, {each_task}, on {cores}:\n")
    console.print(table)
    console.print()
    for each in found:
        if each.cannot:
            console.print(f"{each.model} {each.cannot}.")
    console.print("Under each number: its 95 % interval.")
    console.print(
        '"full from": with so many in flight, what they share is busy all the time; more gain nothing'
        " (--workers)."
    )
    folders = ", ".join(dict.fromkeys(str(folder) for folder in known.sources.values()))
    console.print(f"Costs are those measured in {folders}.")


def cells(each: "Forecast") -> list[str]:
    """Return a forecast's cells: each number above its interval."""
    return [
        each.model,
        cell("makespan_s", each.makespan_s),
        cell("", each.cores, "{:.2f}"),
        cell("memory_bytes", each.memory_bytes),
        cell("start_up_s", each.start_up_s) if each.start_up_s.high else "",
        cell("", each.in_flight, "{:,.0f}"),
        cell("", each.full_from, "{:,.0f}"),
    ]


def cell(metric: str, number: "Estimate", form: str = "") -> str:
    """Return a number and, in the same unit, the interval below it, where it has one."""
    from lab.figures.units import unit_of

    unit = unit_of(metric, [number.value])

    def shown(each: float) -> str:
        scaled = each * unit.factor
        if scaled >= ENDLESS:
            return f"{scaled:.1e} {unit.name}".rstrip()
        return form.format(scaled) if form else unit.show(scaled)

    value, low, high = (shown(each) for each in (number.value, number.low, number.high))
    ends = f"{low}-{high}".replace(f" {unit.name}", "") if unit.name else f"{low}-{high}"
    return value if low == high else f"{value}\n{ends}"
