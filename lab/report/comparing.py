"""The same cases in the reference: what was measured here beside what was measured there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from lab.core.words import digits
from lab.present.units import Unit, unit_of
from lab.report.load import Known, drawn_or_claimed
from lab.report.tables import amount, axis_cell, cases_of, side_by_side, spread
from lab.report.views import Cell, Column, Table

Row = dict[str, Any]


def compared(known: Known) -> Table | None:
    """Return a row for each case and metric that both have; None where that is nothing, or they are one.

    Of a workload that is the makespan, of other experiments the numbers that they draw and claim.
    """
    if known.reference is None:
        return None
    results, (there, of_reference) = known.results, known.reference
    copied = results.environment == there.environment and results.samples.equals(there.samples)
    if results.axes != there.axes or copied:
        return None
    both = list(_pairs(known, of_reference))
    order = side_by_side(cases_of(results, known.summary), results.axes)
    both.sort(key=lambda pair: order.index(tuple(pair[0][axis] for axis in results.axes)))
    if not both:
        return None
    several = len({here["metric"] for here, _ in both}) > 1
    columns = [Column(axis, names=(axis,), axis=True) for axis in results.axes]
    columns += [Column("metric", names=("metric",), axis=True)] if several else []
    unit = "" if several else unit_of(both[0][0]["metric"], [here["median"] for here, _ in both]).name
    columns += [
        Column("here", unit, ("here", "here_low", "here_high"), number=True),
        Column("reference", unit, ("reference", "reference_low", "reference_high"), number=True),
        Column("here ÷ reference", "", ("ratio",), number=True),
        Column("verdict here", names=("verdict_here",)),
        Column("verdict there", names=("verdict_there",)),
    ]
    rows = [_row(here, other, results.axes, several=several, both=both) for here, other in both]
    told = [
        place for place in range(len(columns)) if any(row[place].text or row[place].verdict for row in rows)
    ]
    return Table(
        "Beside the reference",
        [columns[place] for place in told],
        [[row[place] for place in told] for row in rows],
    )


def _pairs(known: Known, there: pl.DataFrame) -> Iterator[tuple[Row, Row]]:
    names = (*known.results.axes, "metric")
    others = {tuple(row[name] for name in names): row for row in there.to_dicts()}
    for row in known.summary.filter(
        pl.col("metric").is_in(drawn_or_claimed(known.summary, known.found))
    ).to_dicts():
        other = others.get(tuple(row[name] for name in names))
        if other and row["median"] is not None and other["median"] is not None:
            yield row, other


def _row(
    here: Row, there: Row, axes: tuple[str, ...], *, several: bool, both: list[tuple[Row, Row]]
) -> list[Cell]:
    alike = [row["median"] for row, _ in both if row["metric"] == here["metric"]]
    unit = unit_of(here["metric"], alike)
    ratio = here["median"] / there["median"] if there["median"] else None
    cells = [axis_cell(here[axis]) for axis in axes]
    if several:
        cells.append(Cell(unit.label, values=(here["metric"],)))
    cells += [_with_spread(here, unit), _with_spread(there, unit)]
    cells.append(Cell(f"{digits(ratio)}×", values=(ratio,)) if ratio is not None else Cell())
    return [
        *cells,
        *(Cell(verdict=row["verdict"] or "") for row in (here, there)),
    ]


def _with_spread(row: Row, unit: Unit) -> Cell:
    """Return a median with its interval below it, where there is one."""
    middle, ends = amount(row, unit), spread(row, unit)
    return Cell(middle.text, ends.text, (*middle.values, *ends.values))
