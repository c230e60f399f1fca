"""`lab predict`: makespan, CPU and memory of so many tasks under each model, from what was measured."""

from dataclasses import asdict
from math import inf, isfinite
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lab.cli.options import RESULTS, Json, Out, print_json
from lab.core.errors import LabError
from lab.core.words import many

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
"""The most of each that is predicted, as a number and in words: more is a mistake in typing."""
MINIMAL = "minimal codec"
USUAL = "requests/aiohttp"  # as `fetch` does; lab.analysis.predict.clients, without its imports


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
        str, typer.Option(help="The library that fetches: a client of the experiment `clients`.")
    ] = USUAL,
    out: Out = RESULTS,
    as_json: Json = False,
) -> None:
    """Predict makespan, CPU and memory of a number of tasks, also of one never measured, under each model.

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
    predicted = forecasts(question, known, room)
    if as_json:
        sources = {name: str(folder) for name, folder in known.sources.items()}
        rows = [asdict(each) for each in predicted]
        print_json(in_json({"forecasts": rows, "client": known.client, "sources": sources}))
    else:
        show(question, predicted, known, reference)


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
    question: "Question", forecasts: "list[Forecast]", known: "Constants", reference: "Path | None"
) -> None:
    """Print a row for each model, and notes on it and on where the costs were measured."""
    from rich.console import Console

    from lab.cli.predict_cells import table
    from lab.present.tables.terminal import drawn

    console = Console(highlight=False)
    each_task = f"{question.wait_s * 1000:g} ms of wait and {question.cpu_s * 1000:g} ms of computing each"
    tasks = f"{question.tasks:,} task{'s' if question.tasks > 1 else ''}"
    console.print(f"{tasks}, {each_task}, on {many(question.cores, 'core')}:\n")
    for part in drawn(table(forecasts), console.width):
        console.print(part)
    console.print()
    for line in [*notes(question, forecasts, known), *origin(known, reference)]:
        console.print(line)


def notes(question: "Question", forecasts: "list[Forecast]", known: "Constants") -> list[str]:
    """Return what to read the table with: what a model cannot do, and what the numbers rest on."""
    from lab.analysis.predict.constants import UP_TO
    from lab.present.sentences.say import lines

    far = any(each.in_flight.value > UP_TO for each in forecasts) and question.wait_s
    return lines(
        "forecast",
        forecasts=forecasts,
        question=question,
        known=known,
        extrapolated=[each.model for each in forecasts if each.extrapolated_from],
        most_in_flight=UP_TO if far else 0,
        minimal=MINIMAL,
    )


def origin(known: "Constants", reference: "Path | None") -> list[str]:
    """Return where the costs were measured, and which of them were not measured here."""
    from lab.present.sentences.say import lines

    folders = dict.fromkeys(str(folder) for folder in known.sources.values())
    foreign = [name for name, folder in known.sources.items() if folder.parent == reference]
    return lines("origin", folders=list(folders), reference=reference, foreign=foreign)
