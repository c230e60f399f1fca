"""laws.csv: how each model's makespan falls with its workers, as the parameters of two laws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from lab.analysis.predict.laws import AMDAHL, USL, Fit, fit
from lab.analysis.stats import Measured
from lab.analysis.stats.counterparts import agrees
from lab.analysis.stats.intervals import Array
from lab.analysis.stats.rounds import Rounds, as_text, by_round
from lab.core.errors import LabError
from lab.core.words import digits, interval
from lab.core.work import Value

FILE = "laws.csv"
SCHEMA = {
    "model": pl.String,
    "law": pl.String,
    "parameter": pl.String,
    "value": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "rounds": pl.Int64,
}


def table(results: Measured, axis: str = "workers", **where: Value) -> pl.DataFrame:
    """Return a row for each model, law and parameter: its value with its 95 % interval over the rounds.

    Raises LabError where no model has one worker and more.
    """
    rows = [
        (model, each.law.name, name, each.values[name], each.low[name], each.high[name], each.rounds)
        for model, fits in fits(results, axis, **where).items()
        for each in fits
        for name in each.values
    ]
    if not rows:
        raise LabError(f"no model was measured with one and more of {axis}", where=FILE)
    return pl.DataFrame(rows, schema=SCHEMA, orient="row").fill_nan(None)


def fits(results: Measured, axis: str = "workers", **where: Value) -> dict[str, list[Fit]]:
    """Return model -> Amdahl's law and the USL fitted to its speedups over one worker of its own."""
    cores = int(results.environment["machine"]["cores"])
    return {
        model: [
            found
            for law in (AMDAHL, USL)
            if (found := fit(law, sweep.workers, sweep.speedups, cores)) is not None
        ]
        for model, sweep in sweeps(results, axis, **where).items()
    }


@dataclass(frozen=True, slots=True)
class Sweep:
    """A model's numbers of workers, and its speedups over one worker of its own, [rounds, workers]."""

    workers: Array
    speedups: Array


def sweeps(results: Measured, axis: str = "workers", **where: Value) -> dict[str, Sweep]:
    """Return model -> its sweep, for the models that were measured with one worker and more."""
    rounds = by_round(results)
    makespans = rounds.values["makespan_s"]
    found: dict[str, Sweep] = {}
    for model in dict.fromkeys(case["model"] for case in rounds.cases):
        places = places_of(rounds, {"model": model, **where}, axis)
        if model is not None and 1 in places and len(places) > 1:
            speedups = np.array([makespans[places[1]] / makespans[place] for place in places.values()]).T
            found[model] = Sweep(np.array(list(places), dtype=np.float64), speedups)
    return found


def sentences(rows: pl.DataFrame) -> list[str]:
    """Return what the table says: a line for each model and law."""
    said = []
    for (model, law), group in rows.group_by("model", "law", maintain_order=True):
        words = [
            f"{row['parameter']} {percent(row['value'], row['low'], row['high'])}"
            for row in group.iter_rows(named=True)
        ]
        said.append(f"{model}, {law}: {', '.join(words)}.")
    return said


def percent(value: float, low: float | None, high: float | None) -> str:
    """Return a share in per cent, with its interval where there is one."""
    if low is None or high is None:
        return f"{digits(100 * value)} %"
    return f"{interval(100 * value, 100 * low, 100 * high)} %"


def places_of(rounds: Rounds, where: Mapping[str, Value | None], axis: str) -> dict[int, int]:
    """Return size -> the place of its case, of the cases that have these values."""
    asked = {name: as_text(value) if value is not None else None for name, value in where.items()}
    return {
        int(case[axis] or 0): place
        for place, case in enumerate(rounds.cases)
        if (case.get(axis) or "").isdigit() and agrees(case, asked)
    }
