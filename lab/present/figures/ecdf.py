"""The times that a distribution shows: the tasks of each case, in order of time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
import polars as pl

from lab.analysis.stats.intervals import Array
from lab.analysis.stats.rounds import by_round
from lab.core.errors import LabError
from lab.core.figures import Picked
from lab.present.figures import cells, selection, style
from lab.present.figures.curves import line_axis, looks_in
from lab.store.reading import Results

METRICS = {
    "latency_s": ("submitted_s", "finished_s"),
    "queue_wait_s": ("submitted_s", "started_s"),
    "service_s": ("started_s", "finished_s"),
}
MOST = 400  # steps of a line: more could not be seen


@dataclass(frozen=True, slots=True)
class Steps:
    """One case's tasks: its name and look, their times in order, and how many failed and are left out."""

    name: str
    look: style.Look
    times: Sequence[float] | Array
    failed: int

    def quantile(self, share: float) -> float:
        """Return the shortest time that at least this share of the tasks did not exceed."""
        return float(self.times[max(0, ceil(share * len(self.times) - 1e-9) - 1)])

    def drawn(self) -> tuple[Array, Array]:
        """Return the times to draw and the share of the tasks up to each: evenly many of more than MOST."""
        count = len(self.times)
        ranks = np.unique(np.linspace(0, count - 1, min(count, MOST)).round().astype(np.int64))
        return np.asarray(self.times)[ranks], (ranks + 1) / count


def steps_of(
    results: Results, metric: str, where: Mapping[str, Picked]
) -> list[tuple[cells.Case, list[Steps]]]:
    """Return the cases' times for each combination of the axes that do not name the lines.

    Raises LabError if there is no such time, axis or value, or no tasks were recorded.
    """
    if metric not in METRICS:
        raise selection.unknown(results.name, "metric", metric, list(METRICS))
    if results.spans.is_empty():
        raise LabError("no tasks to draw", where=results.name, remedy="run the experiment first")
    recorded = set(results.spans.select(results.axes).unique().rows())
    every = [case for case in by_round(results).cases if cells.key(case, results.axes) in recorded]
    cases = selection.kept(results.name, every, results.axes, where)
    named = line_axis(results.axes, None, cases)
    looks = looks_in(cells.values_of(cases, named) if named else [""], named, every)
    panels = []
    for fixed, inside in cells.grouped(cases, [a for a in results.axes if a != named], lambda case: case):
        names = [(case[named] if named else "") or "" for case in inside]
        tasks = [_times(cells.rows_for(results.spans, case), metric) for case in inside]
        steps = [Steps(n, looks.get(n, style.NEUTRAL), *t) for n, t in zip(names, tasks, strict=True)]
        panels.append((fixed, [each for each in steps if len(each.times)]))
    if not any(steps for _, steps in panels):
        raise LabError("no tasks to draw: all failed", where=results.name, remedy="see trials.csv")
    return panels


def _times(spans: pl.DataFrame, metric: str) -> tuple[Array, int]:
    """Return the times of the tasks that did not fail, in order, and how many failed."""
    start, end = METRICS[metric]
    finished = spans.filter(pl.col("error").cast(pl.String).fill_null("") == "")
    times = (finished[end] - finished[start]).clip(lower_bound=0.0).sort().to_numpy()
    return times, spans.height - finished.height
