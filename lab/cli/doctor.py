"""`lab doctor`: what this machine is, and what can be measured on it."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lab.cli.options import Json, print_json, print_tables

if TYPE_CHECKING:
    from lab.present.events import Event
    from lab.present.findings import Findings
    from lab.runner.jobs import Job


def doctor(
    rounds: Annotated[int, typer.Option(min=1, help="How often each pair is measured.")] = 5,
    pairs: Annotated[int, typer.Option(min=1, help="Pairs of identical cases for each kind of work.")] = 3,
    as_json: Json = False,
) -> None:
    """Measure pairs of identical cases; they show the smallest difference that this machine can find.

    Example: lab doctor --rounds 10
    """
    report = examine(rounds, pairs)
    if as_json:
        print_json(report)
        return
    from lab.doctor.page import tables
    from lab.present.templates import lines

    print_tables(tables(report))
    careful = [*report["remedies"], *lines("doctor_pyperf")]
    print("\nCareful", *(f"- {each}" for each in careful), sep="\n")  # so that a command can be copied


def examine(rounds: int, pairs: int) -> dict[str, Any]:
    """Collect the facts and measure, with progress on stderr; return all of it, as JSON can hold it."""
    import secrets
    from contextlib import closing

    from lab.catalog.models import load_model, missing
    from lab.catalog.names import model_names
    from lab.cli.terminal import Terminal
    from lab.doctor import ceiling
    from lab.doctor.page import remedies
    from lab.doctor.pairs import WORKS, judge, plan
    from lab.environment import describe

    facts = describe()  # before anything is measured: the load is that of others
    models = {name: load_model(name) for name in model_names()}
    facts["models"] = {name: model.unavailable or missing(model.needs) for name, model in models.items()}
    seed = secrets.randbits(32)
    with closing(Terminal()) as terminal:
        measured = measure([plan(work, pairs, rounds, seed) for work in WORKS], terminal.progress)
    return {
        "facts": facts,
        "seed": seed,
        "pairs": {work: judge(each, each.summary) for work, each in zip(WORKS, measured, strict=True)},
        "server": ceiling.measure(),
        "remedies": remedies(facts),
    }


def measure(jobs: "Sequence[Job]", show: "Callable[[Event], None]") -> "list[Findings]":
    """Run jobs to their end, in a folder that does not outlive this call; return what follows from each."""
    from pathlib import Path
    from tempfile import TemporaryDirectory

    from lab import pipeline
    from lab.present.events import ExperimentEnded, Interrupted
    from lab.store.folders import ResultsFolder

    results = []
    with TemporaryDirectory() as folder:
        for event in pipeline.run(jobs, ResultsFolder(Path(folder)), page=False):
            show(event)
            if isinstance(event, Interrupted):
                raise KeyboardInterrupt
            if isinstance(event, ExperimentEnded):
                results.append(event.findings)
    return results
