"""Constants that are known exactly, and results they can be read from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from lab.analysis.predict.estimate import Estimate, exactly
from lab.analysis.predict.forecast import Forecast, forecasts
from lab.analysis.predict.measured_costs import Constants, UnitCost
from lab.analysis.predict.question import Question, Room
from lab.analysis.predict.scaling import AMDAHL, USL, Fit
from lab.analysis.predict.waiting_costs import CPU, MAKESPAN, PEAK, WAITING, Costs
from lab.cli.predict import limits_of
from lab.core.work import Case
from lab.store.environment_file import write_environment
from lab.store.records import Sample, Trial
from lab.store.writing import Writer

MANY = Room(1e15)
MODELS = ("sequential", "threads", "thread_pool", "process_executor", "asyncio", "asyncio_processes")


def precisely(number: float) -> Estimate:
    return Estimate.of(exactly(number))


def costs(begin_s: float, cpu_s: float, unit: float, peak: float | None = None, **other: Any) -> Costs:
    """Return costs of each task that are the same in five rounds; a batch has none of its own."""
    each = {MAKESPAN: begin_s, CPU: cpu_s, WAITING: unit, PEAK: unit if peak is None else peak}
    nothing = dict.fromkeys(each, np.zeros(5))
    own = nothing | {metric: np.full(5, cost) for metric, cost in other.pop("own", {}).items()}
    return Costs(own, {metric: np.full(5, cost) for metric, cost in each.items()}, **other)


def law(which: Any, **values: float) -> Fit:
    return Fit(which, values, dict(values), dict(values), 5)


def known(serial: float = 1.0, contention: float = 0.0, coherency: float = 0.0, **other: Any) -> Constants:
    fits = {
        "Amdahl": law(AMDAHL, serial=serial),
        "USL": law(USL, contention=contention, coherency=coherency),
    }
    exact = {
        "waiting": {"threads": costs(4e-4, 5e-4, 28_000), "asyncio": costs(2e-4, 2e-4, 10_000, 16_000)},
        "cores": 128,
        "blocking_s": exactly(3e-4),
        "task": UnitCost(exactly(1e-5), bytes=exactly(2_000)),
        "thread": UnitCost(exactly(2e-4), bytes=exactly(16_000)),
        "process": UnitCost(until_runs_s=exactly(1e-3), bytes=exactly(2e6)),
        "laws": dict.fromkeys(("thread_pool", "process_executor", "asyncio_processes"), fits),
        "handing_s": {"process_executor": exactly(1e-4), "asyncio_processes": exactly(3e-4)},
    }
    return Constants(**exact | other)


def of(model: str, question: Question, constants: Constants | None = None, room: Room = MANY) -> Forecast:
    (predicted,) = [each for each in forecasts(question, constants or known(), room) if each.model == model]
    return predicted


def cannot(forecast: Forecast) -> str:
    return limits_of(forecast)["cannot"]


def remark(forecast: Forecast) -> str:
    return limits_of(forecast)["remark"]


def write(folder: Path, axes: tuple[str, ...], rows: list[tuple[dict[str, Any], dict[str, float]]]) -> None:
    """Write results of five equal rounds: a case and its numbers in each row."""
    folder.mkdir(parents=True)
    experiment = {"name": folder.name, "question": "?", "baseline": "asyncio", "axes": list(axes)}
    write_environment(
        folder,
        {
            "experiment": experiment | {"cases": [case for case, _ in rows]},
            "plan": {"samples": 1, "warmups": 0},
            "machine": {"cores": 2},
        },
    )
    writer, number = Writer(folder), 0
    for round_number in range(1, 6):
        for params, numbers in rows:
            number += 1
            case = Case(folder.name, params)
            sample = Sample(round_number, number, 1, case, numbers)
            writer.add(Trial(round_number, number, case, "ok", 1), [sample], [])


def write_all(out: Path) -> None:
    sizes = [
        (
            {"model": model, "in_flight": size},
            {
                "makespan_s": 1 + begin * size,
                "limit_s": 1.0,
                "cpu_of_each_s": cpu,
                "waiting_memory_bytes": unit * size,
                "peak_memory_bytes": 2 * unit * size,
            },
        )
        for model, begin, cpu, unit in (("threads", 4e-4, 5e-4, 28e3), ("asyncio", 2e-4, 2e-4, 1e4))
        for size in (10, 100, 1_000, 5_000)
    ]
    write(out / "in_flight", ("model", "in_flight"), sizes)
    units = [
        (
            {"unit": unit, "alive": alive},
            {"until_runs_s": 0.001, "memory_of_each_bytes": held, "cpu_of_each_s": cpu},
        )
        for unit, alive, held, cpu in (
            ("pool_worker", 1, 9e6, 5e-3),
            ("pool_worker", 100, 2e6, 3e-3),
            ("thread", 100, 16e3, 2e-4),
            ("task", 100, 2e3, 1e-5),
        )
    ]
    write(out / "start_cost", ("unit", "alive"), units)
    computing = [
        (
            {"model": model, "task_ms": size, "tasks": tasks, "chunk": 1}
            | ({"workers": workers} if workers else {}),
            {"makespan_s": seconds},
        )
        for model, size, tasks, workers, seconds in (
            ("sequential", 10, 20, None, 0.2),
            ("thread_pool", 10, 20, 1, 0.2),
            ("thread_pool", 10, 20, 2, 0.2),
            ("process_executor", 10, 20, 1, 0.2),
            ("process_executor", 10, 20, 2, 0.1),
            ("process_executor", 10, 20, 4, 0.1),
            ("process_executor", 0.1, 2_000, 2, 0.2),
            ("asyncio_processes", 10, 20, 1, 0.2),
            ("asyncio_processes", 10, 20, 2, 0.1),
            ("asyncio_processes", 10, 20, 4, 0.1),
            ("asyncio_processes", 0.1, 2_000, 2, 0.6),
        )
    ]
    write(out / "cpu_scaling", ("model", "task_ms", "tasks", "workers", "chunk"), computing)
    fetching = [
        ({"model": model, "client": client, "connections": "new"}, {"cpu_of_each_s": cpu})
        for model, client, cpu in (
            ("thread_pool", "minimal codec", 3e-4),
            ("thread_pool", "requests/aiohttp", 8e-4),
            ("asyncio", "minimal codec", 2e-4),
            ("asyncio", "requests/aiohttp", 3e-4),
        )
    ]
    write(out / "clients", ("model", "client", "connections"), fetching)
