"""laws.csv: how each model's makespan falls with its workers, as the parameters of two laws."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from lab.core import LabError, Value
from lab.predict.laws import AMDAHL, USL, Fit, fit
from lab.stats import Measured
from lab.stats.counterparts import agrees
from lab.stats.rounds import Rounds, as_text, by_round

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
    rounds = by_round(results)
    cores = int(results.environment["machine"]["cores"])
    found: dict[str, list[Fit]] = {}
    for model in dict.fromkeys(case["model"] for case in rounds.cases):
        places = places_of(rounds, {"model": model, **where}, axis)
        if model is None or 1 not in places or len(places) < 2:
            continue
        makespans = rounds.values["makespan_s"]
        speedups = np.array([makespans[places[1]] / makespans[place] for place in places.values()]).T
        workers = np.array(list(places), dtype=np.float64)
        fitted = [fit(law, workers, speedups, cores) for law in (AMDAHL, USL)]
        found[model] = [each for each in fitted if each is not None]
    return found


def places_of(rounds: Rounds, where: Mapping[str, Value | None], axis: str) -> dict[int, int]:
    """Return size -> the place of its case, of the cases that have these values."""
    asked = {name: as_text(value) if value is not None else None for name, value in where.items()}
    return {
        int(case[axis] or 0): place
        for place, case in enumerate(rounds.cases)
        if (case.get(axis) or "").isdigit() and agrees(case, asked)
    }
