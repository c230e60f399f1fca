"""laws.csv: how each model's makespan falls with its workers, as the parameters of two laws."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl

from lab.analysis.predict.laws import AMDAHL, USL, Fit, fit
from lab.analysis.stats import Measured
from lab.analysis.stats.counterparts import by_size
from lab.analysis.stats.intervals import Array
from lab.analysis.stats.rounds import by_round
from lab.core.errors import LabError
from lab.core.words import digits, interval
from lab.core.work import Value

FILE = "laws.csv"
SCHEMA = {
    **dict.fromkeys(("model", "law", "parameter"), pl.String),
    **dict.fromkeys(("value", "low", "high"), pl.Float64),
    "rounds": pl.Int64,
}


def table(results: Measured, axis: str = "workers", **where: Value) -> pl.DataFrame:
    """Return a row for each model, law and parameter: its value with its 95 % interval over the rounds.

    Raises LabError where no model has one worker and more.
    """
    rows = [
        (model, each.law.name, name, each.values[name], each.low[name], each.high[name], each.rounds)
        for model, fits_of_model in fits(results, axis, **where).items()
        for each in fits_of_model
        for name in each.values
    ]
    if not rows:
        raise LabError(f"no model was measured with one and more of {axis}", where=FILE)
    return pl.DataFrame(rows, schema=SCHEMA, orient="row").fill_nan(None)


def fits(results: Measured, axis: str = "workers", **where: Value) -> dict[str, list[Fit]]:
    """Return model -> Amdahl's law and the USL fitted to its speedups over one worker of its own."""
    cores = int(results.environment["machine"]["cores"])
    return {
        model: [each for law in (AMDAHL, USL) if (each := fit(law, *swept, cores)) is not None]
        for model, swept in sweeps(results, axis, **where).items()
    }


class Sweep(NamedTuple):
    """A model's numbers of workers, and its speedups over one worker of its own, [rounds, workers]."""

    workers: Array
    speedups: Array


def sweeps(results: Measured, axis: str = "workers", **where: Value) -> dict[str, Sweep]:
    """Return model -> its sweep, for the models that were measured with one worker and more."""
    rounds, found = by_round(results), {}
    makespans = rounds.values.get("makespan_s", np.empty(0))
    for model in dict.fromkeys(case["model"] for case in rounds.cases):
        indices = by_size(rounds.cases, {"model": model, **where}, axis)
        if model is not None and len(makespans) and 1 in indices and len(indices) > 1:
            speedups = np.array([makespans[indices[1]] / makespans[index] for index in indices.values()])
            found[model] = Sweep(np.array(list(indices), dtype=np.float64), speedups.T)
    return found


def sentences(rows: pl.DataFrame) -> list[str]:
    """Return what the table says: a line for each model and law."""
    lines = []
    for (model, law), group in rows.group_by("model", "law", maintain_order=True):
        words = [
            f"{row['parameter']} {percent(row['value'], row['low'], row['high'])}"
            for row in group.iter_rows(named=True)
        ]
        lines.append(f"{model}, {law}: {', '.join(words)}.")
    return lines


def percent(value: float, low: float | None, high: float | None) -> str:
    """Return a share in per cent, with its interval where there is one."""
    if low is None or high is None:
        return f"{digits(100 * value)} %"
    return f"{interval(100 * value, 100 * low, 100 * high)} %"
