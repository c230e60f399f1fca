"""Results with numbers of one's own, for tests of what is computed from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from lab.analysis.stats import summarise

Numbers = Sequence[float | Sequence[float] | str]
"""A case's rounds: the number of one sample, those of several, or the status of a trial that failed."""


@dataclass(frozen=True, eq=False)
class Made:
    """What the statistics need of results."""

    environment: dict[str, Any]
    axes: tuple[str, ...]
    samples: pl.DataFrame
    trials: pl.DataFrame

    def shuffled(self, seed: int) -> Made:
        samples = self.samples.sample(fraction=1, shuffle=True, seed=seed)
        return replace(
            self, samples=samples, trials=self.trials.sample(fraction=1, shuffle=True, seed=seed)
        )

    def with_samples(self, **columns: pl.Expr | pl.Series) -> Made:
        return replace(self, samples=self.samples.with_columns(**columns))


def made(
    cases: Mapping[str, Numbers],
    axes: Sequence[str] = ("model",),
    metric: str = "makespan_s",
    baseline: str = "asyncio",
    **environment: Any,
) -> Made:
    """Return results of cases written as "threads 14 4": the axes' values in order, - for none."""
    trials: list[dict[str, Any]] = []
    samples: list[dict[str, Any]] = []
    for name, numbers in cases.items():
        case = {axis: None if text == "-" else text for axis, text in zip(axes, name.split(), strict=True)}
        case = {axis: text and text.replace("_aa", " (A/A)") for axis, text in case.items()}
        for number, measured in enumerate(numbers, start=1):
            key = {"experiment": "made", "round": number, "trial": len(trials) + 1} | case
            trials.append(key | {"status": measured if isinstance(measured, str) else "ok"})
            if not isinstance(measured, str):
                each = measured if isinstance(measured, Sequence) else [measured]
                samples += [
                    key | {"sample": n, metric: value, "void": ""} for n, value in enumerate(each, 1)
                ]
    grid = [{axis: row[axis] for axis in axes if row[axis]} for row in trials if row["round"] == 1]
    experiment = {
        "baseline": baseline,
        "cases": [case for case in grid if "A/A" not in case.get("model", "")],
    }
    schema = dict.fromkeys(axes, pl.String)
    return Made(
        environment={"experiment": experiment, "machine": {"cores": 2}, "plan": {}} | environment,
        axes=tuple(axes),
        samples=pl.DataFrame(samples, schema_overrides=schema | {metric: pl.Float64}),
        trials=pl.DataFrame(trials, schema_overrides=schema),
    )


def row(results: Made, *, metric: str = "makespan_s", **axes: str | None) -> dict[str, object]:
    summary = summarise(results)
    matches = [pl.col(axis).eq_missing(pl.lit(value, pl.String)) for axis, value in axes.items()]
    return summary.filter(pl.col("metric") == metric, *matches).row(0, named=True)
