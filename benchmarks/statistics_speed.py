"""How long the lab takes to summarise and judge a million samples, and how much memory (Linux).

    python benchmarks/statistics_speed.py

Promised: under 5 s and 1 GiB. Two shapes: few trials of many samples, and many trials of few.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from lab.analysis.claims import judge
from lab.analysis.stats import summarise
from lab.analysis.stats.ratios import resolution_of
from lab.analysis.stats.rounds import by_round
from lab.core.claims import claim, ratio
from lab.core.work import AA_SUFFIX

MODELS = ("sequential", "asyncio", "asyncio (A/A)", *(f"model_{number}" for number in range(10)))
TASKS = ("5", "14", "50", "100")
SHAPES = {"few trials": (10, 1_000_000 // (10 * 52)), "many trials": (2_000, 10)}


@dataclass(frozen=True, eq=False)
class Results:
    """What the statistics need of results."""

    environment: dict[str, Any]
    axes: tuple[str, ...]
    samples: pl.DataFrame
    trials: pl.DataFrame


def results(rounds: int, each: int) -> Results:
    """Return results of 52 cases in so many rounds, with so many samples in each trial."""
    cases = [(model, tasks) for tasks in TASKS for model in MODELS]
    trials = rounds * len(cases)
    index = np.tile(np.arange(len(cases)), rounds)
    columns: dict[str, Any] = {
        "experiment": pl.repeat("speed", trials, eager=True),
        "round": np.repeat(np.arange(rounds), len(cases)),
        "trial": np.arange(trials),
        "model": np.array([model for model, _ in cases])[index],
        "tasks": np.array([tasks for _, tasks in cases])[index],
        "status": pl.repeat("ok", trials, eager=True),
    }
    frame = pl.DataFrame(columns)
    rng = np.random.default_rng(1)
    rows = frame.drop("status")[np.repeat(np.arange(trials), each)]
    times = {
        name: np.exp(rng.normal(0, 0.02, rows.height))
        for name in ("makespan_s", "queue_wait_s", "service_s")
    }
    others = {"peak_in_flight": pl.repeat(4.0, rows.height), "limit_s": pl.repeat(0.9, rows.height)}
    rows = rows.with_columns(void=pl.lit(""), **others, **times)
    grid = [{"model": model, "tasks": tasks} for model, tasks in cases if AA_SUFFIX not in model]
    environment = {"experiment": {"baseline": "asyncio", "cases": grid}, "machine": {"cores": 2}}
    return Results(environment, ("model", "tasks"), rows, frame)


def peak_mib() -> int:
    """Return the most memory this process ever held."""
    found = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
    return int(found[1]) // 1024 if found else 0


def main() -> None:
    claims = [claim("It takes less", ratio(model, to="asyncio") < 1) for model in MODELS[3:]]
    for name, (rounds, each) in SHAPES.items():
        measured = results(rounds, each)
        before, start = peak_mib(), time.perf_counter()
        summarise(measured)
        resolution_of(by_round(measured), "makespan_s")
        summarised = time.perf_counter()
        judge(claims, measured)
        judged = time.perf_counter()
        print(
            f"{name}: {measured.samples.height:,} samples of {measured.trials.height:,} trials: "
            f"summary {summarised - start:.2f} s, claims {judged - summarised:.2f} s, "
            f"peak {peak_mib()} MiB ({before} MiB before)"
        )


if __name__ == "__main__":
    main()
