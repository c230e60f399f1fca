"""The numbers of one metric for each case of a figure, and why a case may have none."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import polars as pl

from lab.analysis.stats.rounds import by_round
from lab.core.figures import Picked
from lab.core.words import many
from lab.present.figures import selection, style
from lab.present.units import Unit, unit_of
from lab.store.reading import Results

NUMBERS = ("median", "low", "high", "limit")


class Row(NamedTuple):
    """One case: its name and look, and its numbers in one unit; None for an unknown number."""

    name: str
    look: style.Look
    case: selection.Case
    rounds: Sequence[float]  # the number of each round that has one
    median: float | None
    low: float | None
    high: float | None
    limit: float | None
    control: tuple[float, float] | None  # the interval of the baseline's second measurement over its first
    remark: str  # the verdict, and how many trials are void
    absence: str  # why there is no median; empty if there is one

    @property
    def numbers(self) -> list[float]:
        """Return all numbers that the row draws."""
        return [*self.rounds, *(n for name in NUMBERS if (n := getattr(self, name)) is not None)]


def rows_of(
    results: Results, summary: pl.DataFrame, metric: str, where: Mapping[str, Picked] | None = None
) -> tuple[list[Row], Unit]:
    """Return a row for each case that the summary has for a metric, in grid order, and their unit.

    where: the values that pick the cases; None keeps all, the baseline's second measurement too. Raises
    LabError, naming what there is, for an unknown metric, axis or value.
    """
    cases: Sequence[Mapping[str, Any]] = summary.filter(pl.col("metric") == metric).to_dicts()
    if not cases:
        raise selection.unknown(
            results, "metric", metric, list(summary["metric"].unique(maintain_order=True))
        )
    if where is not None:
        cases = selection.kept(results, cases, where)
    values = selection.round_values(by_round(results), metric)
    rounds = [
        list(filter(math.isfinite, values.get(selection.key(case, results.axes), ()))) for case in cases
    ]
    numbers: list[float] = [number for each in rounds for number in each]
    known = [case for case in cases if case["median"] is not None]
    numbers += [float(case[name] or 0.0) for case in known for name in NUMBERS]
    unit = unit_of(metric, numbers)
    skipped = set(results.trials.filter(pl.col("status") == "skipped").select(results.axes).rows())
    return [_row(results, *each, unit, skipped) for each in zip(cases, rounds, strict=True)], unit


def _row(
    results: Results, case: Mapping[str, Any], rounds: Sequence[float], unit: Unit, skipped: set[Any]
) -> Row:
    axis, known, void = selection.row_axis(results.axes), case["median"] is not None, case["void"] or 0
    name = str(case[axis]) if axis else results.name
    missing = "skipped" if selection.key(case, results.axes) in skipped else "not measured"
    remark = ", ".join(part for part in (case["verdict"], f"{void} void" if void else "") if part)
    return Row(
        name=name,
        look=style.look(name) if axis == "model" else style.NEUTRAL,
        case={axis: case[axis] for axis in results.axes},
        rounds=[number * unit.factor for number in rounds],
        **{n: case[n] * unit.factor if known and case[n] is not None else None for n in NUMBERS},
        control=None if case["ratio_low"] is None else (case["ratio_low"], case["ratio_high"]),
        remark=remark if known else "",
        absence="" if known else f"void: {many(void, 'trial')}" if void else missing,
    )
