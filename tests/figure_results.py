"""Results as the store returns them, made up: waits of 50 ms under each model, and noise."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from random import Random
from statistics import median
from typing import Any

import polars as pl
import pytest

from lab.analysis.stats.rounds import by_round
from lab.present.figures.selection import round_values

MODELS = (
    "sequential",
    "threads",
    "daemon_threads",
    "queue_pool",
    "thread_pool",
    "fork",
    "processes",
    "process_pool",
    "process_executor",
    "asyncio",
    "asyncio_threads",
    "asyncio_processes",
)
AA_SUFFIX = "asyncio (A/A)"
WAIT = 0.05


@dataclass(frozen=True, eq=False)
class FakeResults:
    """The same shape as what the store returns."""

    name: str
    environment: dict[str, Any]
    axes: tuple[str, ...]
    samples: pl.DataFrame
    trials: pl.DataFrame
    spans: pl.DataFrame


def grid(
    models: tuple[str, ...] = MODELS,
    tasks: tuple[int, ...] = (5, 14),
    workers: tuple[Any, ...] = (4, "all"),
):
    return [
        {"model": model, "tasks": str(n), "workers": None if model == "sequential" else str(w)}
        for model in models
        for n in tasks
        for w in (workers[:1] if model == "sequential" else workers)
    ]


def limit_s(case: dict[str, Any]) -> float:
    n = int(case.get("tasks") or 14)
    workers = case.get("workers") or "all"
    return WAIT * math.ceil(
        n / (1 if case.get("model") == "sequential" else n if workers == "all" else int(workers))
    )


def fake(cases, rounds: int = 5, void=(), skipped=(), seed: int = 1, limits: bool = True, warnings=()):
    """Return results and their summary, for cases given as axis -> text; void, skipped: models."""
    random, axes = Random(seed), tuple(cases[0])
    rows = [
        row
        for case in cases
        for row in ([case, {**case, "model": AA_SUFFIX}] if case.get("model") == "asyncio" else [case])
    ]
    samples, trials, summary = [], [], []
    typical = {id(row): 0.002 + random.random() * 0.03 for row in rows}
    for number in range(1, rounds + 1):
        for trial, row in enumerate(rows, (number - 1) * len(rows) + 1):
            status = (
                "timeout"
                if row.get("model") in void
                else "skipped"
                if row.get("model") in skipped
                else "ok"
            )
            trials.append({"round": number, "trial": trial, **row, "status": status, "samples": 3})
            for sample in range(1, 4) if status == "ok" else ():
                value = limit_s(row) * (1 + typical[id(row)] + random.gauss(0, 0.008)) + abs(
                    random.gauss(0.002, 0.001)
                )
                samples.append(
                    {
                        "round": number,
                        "trial": trial,
                        "sample": sample,
                        **row,
                        "makespan_s": value,
                        "void": "",
                    }
                )
    results = FakeResults(
        "fetch",
        environment(cases, axes, rounds, warnings),
        axes,
        pl.DataFrame(samples or no_samples(axes)),
        pl.DataFrame(trials),
        spans_of(cases),
    )
    values = round_values(by_round(results), "makespan_s") if samples else {}
    for row in rows:
        mine = sorted(value for value in values.get(tuple(row.values()), []) if value == value)
        enough = len(mine) >= 5
        again = row.get("model") == AA_SUFFIX
        summary.append(
            {
                **row,
                "metric": "makespan_s",
                "median": median(mine) if mine else None,
                "low": mine[0] if enough else None,
                "high": mine[-1] if enough else None,
                "ratio_low": 0.98 if again and enough else None,
                "ratio_high": 1.03 if again and enough else None,
                "verdict": ""
                if not mine
                else "baseline"
                if row.get("model") == "asyncio"
                else random.choice(["slower", "tie", "undecided"])
                if "model" in row
                else "",
                "rounds": len(mine),
                "void": rounds if row.get("model") in void else 0,
                "limit": limit_s(row) if limits else None,
            }
        )
    return results, pl.DataFrame(summary, infer_schema_length=None)


def no_samples(axes) -> pl.DataFrame:
    """Return samples.csv without a row, as the store reads it."""
    numbers = dict.fromkeys(("round", "trial", "sample"), pl.Int64)
    return pl.DataFrame(schema={**numbers, **dict.fromkeys((*axes, "void"), pl.String)})


def environment(cases, axes, rounds: int, warnings) -> dict[str, Any]:
    known = [{axis: value for axis, value in case.items() if value is not None} for case in cases]
    return {
        "experiment": {
            "question": "Which model fetches fourteen currencies fastest?",
            "axes": list(axes),
            "cases": known,
            "baseline": "asyncio",
        },
        "plan": {"rounds": rounds, "samples": 3, "quick": False, "live": False},
        "machine": {"cores": 2, "cpu": "Intel Xeon", "system": "Linux 6.1 x86_64"},
        "python": {"version": "3.11.7", "implementation": "CPython"},
        "warnings": list(warnings),
        "started": "2026-11-23T00:41:00Z",
    }


def spans_of(cases) -> pl.DataFrame:
    """Return the tasks of one sample per case: the first free worker takes the next task."""
    random, rows = Random(2), []
    for trial, case in enumerate(cases, 1):
        n, workers = (
            int(case.get("tasks") or 14),
            case.get("workers") or ("1" if case.get("model") == "sequential" else "all"),
        )
        free = [0.0004 * lane for lane in range(n if workers == "all" else int(workers))]
        for index in range(n):
            lane = free.index(min(free))
            started, free[lane] = free[lane], free[lane] + WAIT + random.random() * 0.004
            rows.append(
                {
                    **case,
                    "trial": trial,
                    "index": index,
                    "submitted_s": index * 1e-5,
                    "started_s": max(started, index * 1e-5),
                    "finished_s": free[lane],
                    "worker": f"77/worker-{lane}",
                    "error": None,
                }
            )
    return pl.DataFrame(rows, infer_schema_length=None)


def labelled(drawn, label: str) -> list[Any]:
    """Return the artists of a figure that say what they are, panel by panel."""
    return [artist for axes in drawn.axes for artist in axes.get_children() if artist.get_label() == label]


def words_in(drawn) -> list[str]:
    """Return the lines of all texts: those of the panels, then those of the page."""
    texts = [text for axes in drawn.axes for text in axes.texts] + list(drawn.texts)
    return [line for text in texts for line in text.get_text().splitlines()]


def in_ms(*values: float) -> list[float]:
    return [pytest.approx(1000 * value) for value in values]


WAITING = MODELS[1:]  # all but one after another


def spread_wide():
    """Return results whose medians lie a factor of a hundred apart."""
    results, summary = fake(grid(("threads", "fork", "asyncio"), (14,), (4,)), limits=False)
    factor = pl.col("model").replace_strict({"threads": 0.01, "fork": 0.1, "asyncio": 1.0, AA_SUFFIX: 1.0})
    samples = results.samples.with_columns(pl.col("makespan_s") * factor)
    columns = [pl.col(name) * factor for name in ("median", "low", "high")]
    return replace(results, samples=samples), summary.with_columns(columns)
