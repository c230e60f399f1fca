"""`lab predict`: makespan, CPU and memory of so many tasks under each model, from what was measured."""

from dataclasses import asdict
from math import isfinite, isnan
from typing import TYPE_CHECKING, Annotated, Any

from typer import Option

from lab.cli.options import Json, Out, print_json, print_tables
from lab.core.errors import LabError
from lab.core.words import many
from lab.store.folders import RESULTS

if TYPE_CHECKING:
    from pathlib import Path

    from lab.analysis.predict.forecast import Forecast
    from lab.analysis.predict.measured_costs import Constants
    from lab.analysis.predict.question import Question

MOST, MOST_CORES, MOST_GIB, YEAR_MS = 10**12, 10_000, 10**9, 365 * 86_400_000
"""The most of each that is predicted: more is a mistake in typing."""
USUAL_WORKERS = "all tasks; for a pool, its default size"


def predict(
    tasks: Annotated[int, Option(min=1, max=MOST, help="The number of tasks.")],
    wait_ms: Annotated[float, Option(min=0, max=YEAR_MS, help="How long each task waits.")] = 0.0,
    cpu_ms: Annotated[
        float, Option(min=0, max=YEAR_MS, help="How long each task computes, in pure Python.")
    ] = 0.0,
    workers: Annotated[
        int | None, Option(min=1, max=MOST, help="The most in flight at once.", show_default=USUAL_WORKERS)
    ] = None,
    cores: Annotated[
        int | None,
        Option(min=1, max=MOST_CORES, help="The number of cores.", show_default="as many as here"),
    ] = None,
    memory_gib: Annotated[
        float | None, Option(min=0, max=MOST_GIB, help="The memory.", show_default="as much as here")
    ] = None,
    client: Annotated[
        str | None, Option(help="One of the measured client libraries. Default: the one most people use.")
    ] = None,
    out: Out = RESULTS,
    as_json: Json = False,
) -> None:
    """Predict makespan, CPU and memory for a number of tasks that was not measured, under each model.

    Example: lab predict --tasks 1000000 --wait-ms 50 --cpu-ms 0.2 --cores 64
    """
    from dataclasses import replace

    from lab.analysis.predict.forecast import forecasts
    from lab.analysis.predict.measured_costs import constants
    from lab.analysis.predict.question import GIB, Question, room_here
    from lab.core.machine import cores as cores_here
    from lab.store.folders import reference_beside

    for option, number in {"--wait-ms": wait_ms, "--cpu-ms": cpu_ms, "--memory-gib": memory_gib}.items():
        if number is not None and isnan(number):
            raise LabError(f"{number} is no number to predict with", where=option)
    question = Question(tasks, wait_ms / 1000, cpu_ms / 1000, cores or cores_here(), workers)
    room = room_here() if memory_gib is None else replace(room_here(), memory_bytes=memory_gib * GIB)
    reference = reference_beside(out)
    known = constants(out, reference or out, client)
    predicted = forecasts(question, known, room)
    if not as_json:
        show(question, predicted, notes(question, predicted, known, reference))
        return
    sources = {name: str(folder) for name, folder in known.sources.items()}
    rows = [asdict(each) | {"impossible": bool(each.lacks)} | limits_of(each) for each in predicted]
    print_json(in_json({"forecasts": rows, "client": known.client, "sources": sources}))


def limits_of(forecast: "Forecast") -> dict[str, str]:
    """Return what a model cannot, and what it perhaps cannot, in words; "" for nothing."""
    from lab.present.templates import lines, say

    cannot = "; ".join(lines("cannot", each=forecast))
    return {"model": forecast.model, "cannot": cannot, "remark": say("perhaps_cannot", each=forecast)}


def in_json(value: Any) -> Any:
    """Return a value as JSON can hold it: what is no number is null there."""
    if isinstance(value, dict):
        return {name: in_json(each) for name, each in value.items()}
    if isinstance(value, list):
        return [in_json(each) for each in value]
    return None if isinstance(value, float) and not isfinite(value) else value


def show(question: "Question", forecasts: "list[Forecast]", notes: list[str]) -> None:
    """Print a row for each model, and notes on it and on where the costs were measured."""
    from rich.console import Console

    from lab.cli.predict_cells import table

    console = Console(highlight=False)
    each_task = f"{question.wait_s * 1000:g} ms of wait and {question.cpu_s * 1000:g} ms of computing each"
    tasks = f"{question.tasks:,} task{'s' if question.tasks > 1 else ''}"
    console.print(f"{tasks}, {each_task}, on {many(question.cores, 'core')}:\n")
    print_tables([table(forecasts)])
    console.print()
    for line in notes:
        console.print(line)


def notes(
    question: "Question", forecasts: "list[Forecast]", known: "Constants", reference: "Path | None"
) -> list[str]:
    """Return what to read the table with: what a model cannot do, and where the costs were measured."""
    from lab.present.templates import lines

    far = any(each.in_flight.value > known.up_to for each in forecasts) and question.wait_s
    by_model: dict[str, object] = {"question": question, "known": known}
    by_model["forecasts"] = [limits_of(each) for each in forecasts]
    by_model["minimal"] = known.least_client
    by_model["extrapolated"] = [each.model for each in forecasts if each.extrapolated_from]
    by_model["most_in_flight"] = known.up_to if far else 0
    origin: dict[str, object] = {"reference": reference, "unusable": known.unusable}
    origin["folders"] = list(dict.fromkeys(map(str, known.sources.values())))
    origin["foreign"] = [name for name, folder in known.sources.items() if folder.parent == reference]
    return [*lines("forecast", **by_model), *lines("origin", **origin)]
