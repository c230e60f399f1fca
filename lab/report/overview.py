"""Which model for which work: where each that has the least makespan is furthest ahead, and how surely."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lab.analysis.stats.ranking import Field
from lab.core.words import TIMES, interval, listing
from lab.present.tables.table import Cell, Column, Table
from lab.report.clients import apart
from lab.report.load import Known
from lab.report.shortfalls import lacking

MOST = 3
"""So many of those that cannot be told apart are named."""


def choice(known: Sequence[Known], places: Sequence[str], to: str = "") -> Table | None:
    """Return a row for each experiment and those that have the least makespan in some of its cases.

    to: the place in the page that tells a client library's part of a gap.
    """
    columns = [
        Column("the work", names=("experiment",)),
        Column("furthest ahead at", names=("at",)),
        Column("fastest", names=("models",)),
        Column("verdict", names=("verdict",)),
        Column("the next", names=("next",)),
        Column("takes", "", ("ratio", "ratio_low", "ratio_high"), number=True),
        Column("in", "cases", ("cases_least", "cases"), number=True),
        Column("what some did not", names=("lacking",)),
    ]
    rows = [row for each, place in zip(known, places, strict=True) for row in _rows(each, place, to)]
    return Table("Which model for which work, on this machine", columns, rows) if rows else None


def _rows(known: Known, place: str, to: str) -> Iterator[list[Cell]]:
    question = str(known.results.environment["experiment"]["question"])
    short = "; ".join(lacking(known)).replace("`", "")
    best: dict[tuple[str, ...], Field] = {}
    for field in sorted(known.fields, key=lambda field: field.ahead, reverse=True):
        best.setdefault(tuple(sorted(field.leaders)), field)
    for models, field in best.items():
        often = sum(tuple(sorted(other.leaders)) == models for other in known.fields)
        behind, ratio, low, high = field.behind or ("", 0.0, 0.0, 0.0)
        least = "≥ " if field.alone else ""
        note = apart(known, field.won.model, behind) if behind else ""
        yield [
            Cell(question, known.name, (known.name,), link=place),
            Cell(field.place),
            Cell(listing(field.leaders, MOST), values=("|".join(field.leaders),)),
            Cell(verdict=field.verdict),
            Cell(behind or "nobody else", note, (behind,), note_link=to if note else ""),
            Cell(f"{least}{interval(ratio, low, high, TIMES)}", values=(ratio, low, high))
            if behind
            else Cell(),
            Cell(f"{often} of {len(known.fields)}", values=(often, len(known.fields))),
            Cell(short),
        ]
