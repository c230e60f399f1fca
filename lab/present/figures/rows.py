"""What each row of a bar figure shows: its case's numbers, its rounds' values, and why it may have none."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import polars as pl

from lab.core.words import many
from lab.present.figures import cells, style
from lab.present.figures.selection import unknown

if TYPE_CHECKING:
    from lab.store.reading import Results

NUMBERS = ("median", "low", "high", "limit")


@dataclass(frozen=True, slots=True)
class Row:
    """One case: its name and look, its numbers in one unit, None where unknown, and its trials' fates."""

    name: str
    look: style.Look
    case: cells.Case
    median: float | None
    low: float | None
    high: float | None
    limit: float | None
    ratio_low: float | None
    ratio_high: float | None
    verdict: str
    void: int
    by_round: Sequence[float]  # NaN in a round without a number
    statuses: Sequence[str]
    cut: float = 0.0  # what the bar lacks of its length, and so does every number

    @property
    def rounds(self) -> list[float]:
        """Return the number of each round that has one."""
        return [number for number in self.by_round if math.isfinite(number)]

    @property
    def numbers(self) -> list[float]:
        """Return all numbers that the row draws."""
        drawn = [getattr(self, name) for name in NUMBERS]
        return [*self.rounds, *(number for number in drawn if number is not None)]

    def times(self, factor: float) -> Row:
        """Return the row in another unit."""
        return self._with(lambda number: number * factor)

    def less(self, cut: float) -> Row:
        """Return the row with every number less what is cut out of its bar."""
        return replace(self._with(lambda number: number - cut), cut=cut)

    def _with(self, change: Callable[[float], float]) -> Row:
        numbers: dict[str, Any] = {"by_round": [change(number) for number in self.by_round]}
        for name in NUMBERS:
            number = getattr(self, name)
            numbers[name] = None if number is None else change(number)
        return replace(self, **numbers)

    @property
    def absence(self) -> str:
        """Return in words why there is no median; empty where there is one."""
        if self.median is not None:
            return ""
        if self.void:
            return f"void: {many(self.void, 'trial')}"
        return "skipped" if "skipped" in self.statuses else "not measured"

    @property
    def remark(self) -> str:
        """Return the verdict, and how many trials are void where some are and others count."""
        if self.absence:
            return ""
        return ", ".join(part for part in (self.verdict, f"{self.void} void" if self.void else "") if part)


def rows_of(results: Results, summary: pl.DataFrame, metric: str) -> list[Row]:
    """Return a row for each case that the summary has for a metric, in the summary's order and unit.

    Raises LabError, naming the metrics there are, where the summary has no such metric.
    """
    found = summary.filter(pl.col("metric") == metric)
    if found.is_empty():
        raise unknown(
            results.name, "metric", metric, summary["metric"].unique(maintain_order=True).to_list()
        )
    rounds, statuses = cells.round_values(results, metric), cells.statuses(results)
    rows = []
    for row in found.iter_rows(named=True):
        key = cells.key(row, results.axes)
        rows.append(_row(row, results, rounds.get(key, []), statuses.get(key, [])))
    return rows


def _row(row: Mapping[str, Any], results: Results, rounds: list[float], statuses: list[str]) -> Row:
    axis = cells.row_axis(results.axes)
    name = str(row[axis]) if axis else results.name
    return Row(
        name=name,
        look=style.look(name) if axis == "model" else style.NEUTRAL,
        case={axis: row[axis] for axis in results.axes},
        **{column: row[column] for column in ("median", "low", "high", "ratio_low", "ratio_high")},
        limit=None if row["median"] is None else row["limit"],
        verdict=row["verdict"] or "",
        void=row["void"] or 0,
        by_round=rounds,
        statuses=statuses,
    )
