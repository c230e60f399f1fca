"""prediction.csv: what small sizes foretell of large ones, beside what was measured there.

The costs of a task are read off the sizes up to a bound, and what `lab predict` makes of them is held
against the sizes beyond. Nothing of those goes into the prediction.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from lab.analysis.predict.constants import Constants
from lab.analysis.predict.estimate import Estimate
from lab.analysis.predict.forecast import forecast
from lab.analysis.predict.question import Question
from lab.analysis.predict.room import Room
from lab.analysis.predict.scaling import places_of
from lab.analysis.predict.sizes import costs_of_models
from lab.analysis.stats import Measured
from lab.analysis.stats.intervals import median
from lab.analysis.stats.rounds import by_round
from lab.core.errors import LabError
from lab.core.words import digits, interval

FILE = "prediction.csv"
NUMBERS = ("predicted", "predicted_low", "predicted_high", "measured")
FITTED = ("threads", "asyncio")
"""Models whose forecast rests on nothing but their own smaller sizes."""


def table(results: Measured, axis: str, up_to: int, wait_s: float) -> pl.DataFrame:
    """Return a row for each model, larger size and metric: the axes, the prediction, what was measured.

    Raises LabError where nothing beyond `up_to` was measured, or nothing below.
    """
    rounds = by_round(results)
    models = list(dict.fromkeys(case["model"] for case in rounds.cases))
    rows = []
    for model, costs in costs_of_models(rounds, axis, up_to, wait_s, models).items():
        known = Constants({model: costs})
        places = places_of(rounds, {"model": model}, axis)
        large = {size: place for size, place in places.items() if size > up_to and rounds.good[place]}
        for size, place in large.items() if model in FITTED else ():
            for metric, foretold in foretell(known, model, size, wait_s).items():
                measured = (
                    float(median(rounds.values[metric][place])) if metric in rounds.values else np.nan
                )
                if np.isfinite([foretold.value, measured]).all():
                    numbers = (foretold.value, foretold.low, foretold.high, measured)
                    rows.append(
                        {"model": model, axis: str(size), "metric": metric}
                        | dict(zip(NUMBERS, numbers, strict=True))
                    )
    if not rows:
        raise LabError(f"nothing was measured both up to {axis}={up_to} and beyond", where=FILE)
    return pl.DataFrame(rows).select(*results.axes, "metric", *NUMBERS)


def foretell(known: Constants, model: str, size: int, wait_s: float) -> dict[str, Estimate]:
    """Return metric -> what is foretold of so many tasks that are all in flight at once."""
    found = forecast(model, Question(size, wait_s, 0.0, known.cores), known, Room(np.inf))
    return {
        "makespan_s": found.makespan_s,
        "cpu_of_each_s": found.cpu_s.to(lambda seconds: seconds / size),
        "waiting_memory_bytes": found.waiting_bytes,
        "peak_memory_bytes": found.memory_bytes,
    }


def sentences(rows: pl.DataFrame) -> list[str]:
    """Return what the table says: a line for each row."""
    said = []
    for row in rows.iter_rows(named=True):
        factor, unit = (1e-6, "MB") if row["metric"].endswith("_bytes") else (1.0, "s")
        foretold, low, high, measured = (row[name] * factor for name in NUMBERS)
        case = " ".join(f"{axis}={row[axis]}" for axis in rows.columns[: rows.columns.index("metric")])
        name = row["metric"].rpartition("_")[0].replace("_", " ")
        off = f"{foretold / measured - 1:+.0%}".replace("%", " %")
        said.append(
            f"{case}: {name} foretold {interval(foretold, low, high)} {unit},"
            f" measured {digits(measured)} {unit}, {off}."
        )
    return said
