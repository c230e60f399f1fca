"""The numbers of one metric for each case of a figure, and why a case may have none."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from lab.core.figures import Picked
from lab.core.words import many
from lab.present.figures import cells, selection, style
from lab.present.units import Unit, unit_of
from lab.store.reading import Results

NUMBERS = ("median", "low", "high", "limit")


@dataclass(frozen=True, slots=True)
class Row:
    """One case: its name and look, and its numbers in one unit; None for an unknown number.

    by_round: NaN in a round without a number; control: the interval of the baseline's second measurement
    as a ratio to its first; remark: the verdict, and how many trials are void; absence: why there is no
    median, empty if there is one.
    """

    name: str
    look: style.Look
    case: cells.Case
    by_round: Sequence[float]
    median: float | None
    low: float | None
    high: float | None
    limit: float | None
    control: tuple[float, float] | None
    remark: str
    absence: str

    @property
    def rounds(self) -> list[float]:
        """Return the number of each round that has one."""
        return [number for number in self.by_round if math.isfinite(number)]

    @property
    def numbers(self) -> list[float]:
        """Return all numbers that the row draws."""
        drawn = [getattr(self, name) for name in NUMBERS]
        return [*self.rounds, *(number for number in drawn if number is not None)]


def rows_of(
    results: Results, summary: pl.DataFrame, metric: str, where: Mapping[str, Picked] | None = None
) -> tuple[list[Row], Unit]:
    """Return a row for each case that the summary has for a metric, in grid order, and their unit.

    where: the values that pick the cases; None keeps all, the baseline's second measurement too. Raises
    LabError, naming what there is, for an unknown metric, axis or value.
    """
    summarised = summary.filter(pl.col("metric") == metric)
    if summarised.is_empty():
        known = summary["metric"].unique(maintain_order=True).to_list()
        raise selection.unknown(results.name, "metric", metric, known)
    cases: Sequence[Mapping[str, Any]] = summarised.to_dicts()
    if where is not None:
        cases = selection.kept(results.name, cases, results.axes, where)
    by_round = cells.round_values(results, metric)
    skipped = set(results.trials.filter(pl.col("status") == "skipped").select(results.axes).rows())
    keys = [cells.key(case, results.axes) for case in cases]
    numbers = [case[name] for case in cases for name in NUMBERS if case["median"] is not None]
    numbers += [number for key in keys for number in by_round.get(key, ()) if math.isfinite(number)]
    unit = unit_of(metric, [number for number in numbers if number is not None])
    rows = [
        _row(
            case, results, [number * unit.factor for number in by_round.get(key, ())], unit, key in skipped
        )
        for case, key in zip(cases, keys, strict=True)
    ]
    return rows, unit


def _row(
    case: Mapping[str, Any], results: Results, by_round: Sequence[float], unit: Unit, skipped: bool
) -> Row:
    axis = cells.row_axis(results.axes)
    name, void = str(case[axis]) if axis else results.name, case["void"] or 0
    known = case["median"] is not None
    missing = f"void: {many(void, 'trial')}" if void else "skipped" if skipped else "not measured"
    remark = ", ".join(part for part in (case["verdict"], f"{void} void" if void else "") if part)
    return Row(
        name=name,
        look=style.look(name) if axis == "model" else style.NEUTRAL,
        case={axis: case[axis] for axis in results.axes},
        by_round=by_round,
        **{n: case[n] * unit.factor if known and case[n] is not None else None for n in NUMBERS},
        control=None if case["ratio_low"] is None else (case["ratio_low"], case["ratio_high"]),
        remark=remark if known else "",
        absence="" if known else missing,
    )
