"""Results whose every number is known, for the tests of what the report says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from builders import environment

from lab.core.work import Case
from lab.report.contents import page_of
from lab.report.load import ExperimentView, load_views
from lab.store.environment_file import write_environment
from lab.store.records import Sample, Trial
from lab.store.writing import Writer

WAITS = {"sequential": 0.2, "threads": 0.11, "asyncio": 0.1, "asyncio (A/A)": 0.1}
MAKESPANS = [0.0, 0.001, 0.002, 0.003, 0.004]  # what each of five rounds adds


def result(
    folder: Path, cases: list[dict[str, Any]], rows: Any, *, rounds: int = 5, spans: Any = (), **more: Any
) -> None:
    """Write a result: `rows` is a function case, round -> metrics, or a reason why there are none;
    one that begins with "cut" is that of a case which is skipped.
    """
    axes = tuple(cases[0])
    described = environment(axes, **more)
    described["experiment"] |= {"name": folder.name, "question": "Which?", "cases": cases}
    described["plan"] |= {"rounds": rounds, "seed": 7}
    folder.mkdir(parents=True)
    write_environment(folder, described)
    writer, number = Writer(folder), 0
    for turn in range(rounds):
        for params in cases:
            number += 1
            case, numbers = Case(folder.name, params), rows(params, turn)
            if isinstance(numbers, str):
                status = "skipped" if numbers.startswith("cut") else "raised"
                trial = Trial(turn + 1, number, case, status, 0, reason=numbers, stderr="<" * 5000)
                writer.add(trial, [], [])
            else:
                samples = [Sample(turn + 1, number, 1, case, numbers)]
                writer.add(Trial(turn + 1, number, case, "ok", 1, start_up_s=0.002), samples, list(spans))


def waiting(folder: Path, factor: float = 1.0, **more: Any) -> None:
    cases = [{"model": model, "tasks": tasks} for model in WAITS for tasks in (5, 14)]

    def row(params: dict[str, Any], turn: int) -> dict[str, float]:
        makespan = factor * (WAITS[params["model"]] * params["tasks"] + MAKESPANS[turn])
        return {"makespan_s": makespan, "service_s": 0.05, "limit_s": 0.05}

    result(folder, cases, row, **more)


def known_of(out: Path) -> ExperimentView:
    (view,), _ = load_views(out)
    return view


def first_page(out: Path) -> dict[str, Any]:
    """Return what the page shows."""
    return page_of(out)


def column(table: Any, heading: str) -> list[str]:
    place = [each.heading for each in table.columns].index(heading)
    return [row[place].text or row[place].verdict for row in table.rows]
