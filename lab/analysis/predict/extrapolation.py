"""prediction.csv: what small sizes predict for large ones, beside what was measured there.

The costs of a task are read off the sizes up to a bound, and what `lab predict` makes of them is compared
with the sizes beyond. Nothing of those goes into the prediction.
"""

import numpy as np
import polars as pl

from lab.analysis.predict.estimate import Estimate
from lab.analysis.predict.forecast import forecast
from lab.analysis.predict.measured_costs import Constants
from lab.analysis.predict.models import Law, law_of
from lab.analysis.predict.question import Question, Room
from lab.analysis.predict.waiting_costs import CPU, MAKESPAN, PEAK, WAITING, costs_of_models
from lab.analysis.stats.counterparts import by_size
from lab.analysis.stats.intervals import median
from lab.analysis.stats.rounds import by_round
from lab.core.errors import LabError
from lab.store.reading import Results

FILE = "prediction.csv"
NUMBERS = ("predicted", "predicted_low", "predicted_high", "measured")
FITTED = (Law.THREAD_EACH, Law.EVENT_LOOP)
"""The laws whose predictions rest on nothing but a model's own smaller sizes."""


def table(results: Results, axis: str, up_to: int, wait_s: float) -> pl.DataFrame:
    """Return what was predicted and measured by model, larger size and metric; LabError for nothing."""
    rounds = by_round(results)
    costs = costs_of_models(rounds, axis, up_to, wait_s)
    rows = []
    for model in [model for model in costs if law_of(model) in FITTED]:
        sizes = by_size(rounds.cases, {"model": model}, axis)
        for size in [size for size, index in sizes.items() if size > up_to and rounds.good[index]]:
            predicted = predict(Constants({model: costs[model]}), model, size, wait_s)
            for metric in [metric for metric in predicted if metric in rounds.values]:
                each = predicted[metric]
                measured = float(median(rounds.values[metric][sizes[size]]))
                if np.isfinite([each.value, measured]).all():
                    rows.append((model, str(size), metric, each.value, each.low, each.high, measured))
    if not rows:
        raise LabError(f"nothing was measured both up to {axis}={up_to} and beyond", where=FILE)
    table = pl.DataFrame(rows, schema=["model", axis, "metric", *NUMBERS], orient="row")
    return table.select(*results.axes, "metric", *NUMBERS)


def predict(known: Constants, model: str, size: int, wait_s: float) -> dict[str, Estimate]:
    """Return metric -> its prediction for so many tasks that are all in flight at once."""
    each = forecast(model, Question(size, wait_s, 0.0, known.cores), known, Room(np.inf))
    cpu_s = Estimate(*(end / size for end in (each.cpu_s.value, each.cpu_s.low, each.cpu_s.high)))
    return {MAKESPAN: each.makespan_s, CPU: cpu_s, WAITING: each.waiting_bytes, PEAK: each.memory_bytes}
