"""prediction.csv: what small sizes foretell of large ones, beside what was measured there.

The costs of a task are read off the sizes up to a bound, and what follows from them by the bounds of
`waiting` is held against the sizes beyond. Nothing of those goes into the prediction.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from lab.core import LabError
from lab.predict.estimate import Estimate
from lab.predict.scaling import places_of
from lab.predict.sizes import BEGINS_ALL, Costs, costs_of
from lab.predict.waiting import at_once, makespan_bounds
from lab.stats import Measured
from lab.stats.intervals import median
from lab.stats.rounds import by_round
from lab.stats.words import digits, interval

FILE = "prediction.csv"
NUMBERS = ("predicted", "predicted_low", "predicted_high", "measured")


def table(results: Measured, axis: str, up_to: int, wait_s: float) -> pl.DataFrame:
    """Return a row for each model, larger size and metric: the axes, the prediction, what was measured.

    Raises LabError where nothing beyond `up_to` was measured, or nothing below.
    """
    rounds = by_round(results)
    rows = []
    for model in dict.fromkeys(case["model"] for case in rounds.cases):
        places = places_of(rounds, {"model": model}, axis)
        small = {size: place for size, place in places.items() if size <= up_to and rounds.good[place]}
        large = {size: place for size, place in places.items() if size > up_to and rounds.good[place]}
        if not small or not large:
            continue
        costs = costs_of(rounds, small, wait_s)
        for size, place in large.items():
            for metric, foretold in foretell(costs, str(model), size, wait_s).items():
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


def foretell(costs: Costs, model: str, size: int, wait_s: float) -> dict[str, Estimate]:
    """Return metric -> what is foretold of so many tasks that are all in flight at once."""
    bounds = [
        makespan_bounds(size, size, wait_s, begin, cpu, lag)
        for begin, cpu, lag in zip(costs.begin_s, costs.cpu_s, costs.lag_s, strict=True)
    ]
    least, most = (Estimate.over(np.array(ends)) for ends in zip(*bounds, strict=True))
    there = [
        at_once(size, wait_s, begin, cpu, begins_all=model in BEGINS_ALL)
        for begin, cpu in zip(costs.begin_s, costs.cpu_s, strict=True)
    ]
    fewest, most_there = (
        Estimate.over(costs.base_bytes + costs.unit_bytes * np.array(ends))
        for ends in zip(*there, strict=True)
    )
    return {
        "makespan_s": Estimate.between(least, most),
        "cpu_of_each_s": Estimate.over(costs.cpu_s + costs.start_cpu_s / size),
        "waiting_memory_bytes": Estimate.between(fewest, most_there),
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
