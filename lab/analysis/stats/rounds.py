"""Rows of samples → one number for each case and round: the median of a trial's samples.

The process is the unit: samples of one trial share its process, so they are not independent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import polars as pl
from polars import selectors

from lab.analysis.stats.intervals import Array
from lab.core.work import AA_SUFFIX
from lab.store.reading import Results

Axes = Mapping[str, str | None]
"""A case as the tables hold it: axis -> value as text; None where the axis means nothing to it."""

KEYS = ("experiment", "round", "trial", "sample", "void")
OF_TRIAL = ("start_up_s", "first_batch_s", "shutdown_s", "peak_memory_bytes")
"""The metrics that a trial has once, and not each of its samples."""


@dataclass(frozen=True, slots=True, eq=False)
class Rounds:
    """What was measured, a number for each case and round.

    cases: in grid order, the baseline's second measurement right after its first.
    values: metric -> array [cases, rounds]; NaN where a case has no number in a round.
    good, bad: the trials of each case that are ok, and those that are not (skipped ones are neither).
    """

    axes: tuple[str, ...]
    cases: tuple[Axes, ...]
    baseline: str
    values: Mapping[str, Array]
    good: tuple[int, ...]
    bad: tuple[int, ...]


@lru_cache(1)
def by_round(results: Results) -> Rounds:
    """Return the median of the samples that count, for each case, round and numeric metric.

    The metrics that a trial has once come after those of its samples. Several callers ask for the same
    result in turn, so the rounds of the last result are cached.
    """
    axes = tuple(results.axes)
    cases = _cases(results, axes)
    index = {tuple(case.values()): number for number, case in enumerate(cases)}
    case = pl.Series([index[row] for row in _rows(results.trials, axes)], dtype=pl.Int64)
    trials = results.trials.with_columns(case=case)
    ok = trials.filter(pl.col("status") == "ok")
    bad = trials.filter(~pl.col("status").is_in(["ok", "skipped"]))
    numbers = results.samples.select(selectors.numeric() | selectors.boolean()).columns
    metrics = [name for name in numbers if name not in (*KEYS, *axes)]
    medians = (
        results.samples.lazy()
        .filter(pl.col("void").fill_null("") == "")
        .join(ok.lazy().select("round", "trial", "case"), on=["round", "trial"])
        .group_by("case", "round")
        .agg(pl.col(metrics).cast(pl.Float64).fill_nan(None).median())
        .collect()
    )
    phases = [name for name in OF_TRIAL if name in ok.columns and ok[name].is_not_null().any()]
    good_bad = (np.bincount(each["case"].to_numpy(), minlength=len(cases)).tolist() for each in (ok, bad))
    baseline = str(results.environment.get("experiment", {}).get("baseline") or "")
    values = _matrices(medians, metrics, len(cases)) | _matrices(ok, phases, len(cases))
    return Rounds(axes, tuple(cases), baseline, values, *map(tuple, good_bad))


def as_text(value: object) -> str | None:
    """Return an axis value as the store writes it and the tables hold it: True is "True"."""
    return None if value is None else str(value)


def _cases(results: Results, axes: tuple[str, ...]) -> list[Axes]:
    """Return the cases that have trials: in grid order, then those that the grid does not name."""
    experiment = results.environment.get("experiment", {})
    baseline = experiment.get("baseline")
    grid: list[Mapping[str, Any]] = []
    for case in experiment.get("cases", ()):
        control = [case | {"model": f"{baseline}{AA_SUFFIX}"}] if case.get("model") == baseline else []
        grid += [case, *control]
    declared = [tuple(as_text(case.get(axis)) for axis in axes) for case in grid]
    tried = dict.fromkeys(_rows(results.trials, axes))
    rows = dict.fromkeys([*(row for row in declared if row in tried), *tried])
    return [dict(zip(axes, row, strict=True)) for row in rows]


def _rows(trials: pl.DataFrame, axes: tuple[str, ...]) -> list[tuple[str | None, ...]]:
    return trials.select(pl.col(axes).cast(pl.String)).rows() if axes else [()] * trials.height


def _matrices(measured: pl.DataFrame, metrics: Sequence[str], cases: int) -> dict[str, Array]:
    """Return metric -> array [cases, rounds]."""
    rounds, column = np.unique(measured["round"].to_numpy(), return_inverse=True)
    values = {metric: np.full((cases, max(len(rounds), 1)), np.nan) for metric in metrics}
    for metric, matrix in values.items():
        matrix[measured["case"].to_numpy(), column] = measured[metric].cast(pl.Float64).to_numpy()
    return values
