"""Work that people ask about → who finishes it soonest here: the short answer, before all the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from lab.analysis.stats.counterparts import agrees
from lab.analysis.stats.ranking import Field, Lead
from lab.core.words import TIMES, interval, listing
from lab.core.work import AA_SUFFIX
from lab.present.tables.table import Cell, Column, Table
from lab.report.clients import apart
from lab.report.load import Known
from lab.report.machines import warnings_of
from lab.report.overview import MOST
from lab.report.shortfalls import fell_short
from lab.report.views import Remark

WORK: Sequence[tuple[str, str, Mapping[str, str | None]]] = (
    ("14 URLs, answered after 50 ms, all at once", "fetch", {"tasks": "14", "workers": "all"}),
    ("200 URLs, answered after 2 ms, 32 at once", "pool_size", {"workers": "32"}),
    ("1,000 connections at once, of one second", "in_flight", {"in_flight": "1000"}),
    ("5,000 connections at once, of one second", "in_flight", {"in_flight": "5000"}),
    ("Computing in pure Python", "cpu", {}),
    ("Computing that releases the GIL: hashing", "gil_release", {}),
    ("Computing in tasks of a tenth of a millisecond", "cpu_scaling", {"task_ms": "0.1"}),
    ("A little computing after each answer, 16 at once", "mixed", {"cpu_percent": "10", "in_flight": "16"}),
    ("Half waiting, half computing, 16 at once", "mixed", {"cpu_percent": "50", "in_flight": "16"}),
)
"""What somebody has to do, the experiment that does it, and in which of its cases; the last that fits."""

BESIDES: Sequence[tuple[str, str, str]] = (
    ("When a task fails or a worker dies:", "failures", "who notices, and what hangs."),
    ("When the program ends before its workers:", "daemon_exit", "what is lost."),
    ("While others compute:", "responsiveness", "how long everybody else waits."),
    ("Memory:", "memory", "who needs a copy of the data."),
)
"""What makespans do not tell, and the experiment that does."""


def besides(known: Sequence[Known], places: Sequence[str]) -> list[Remark]:
    """Return where to read what else counts than time, as far as it was measured."""
    found = {each.name: place for each, place in zip(known, places, strict=True)}
    return [Remark(words, found[name], to) for words, name, to in BESIDES if name in found]


def advice(known: Sequence[Known], places: Sequence[str], to: str = "") -> Table | None:
    """Return who finishes soonest, a row for each work of which a case was measured; None without any.

    to: the place in the page that tells a client library's part of a gap.
    """
    columns = [
        Column("your work", names=("work",)),
        Column("fastest", names=("models",)),
        Column("verdict", names=("verdict",)),
        Column("the next takes", names=("next", "next_ratio", "next_low", "next_high")),
        Column("the slowest takes", names=("slowest", "slowest_ratio", "slowest_low", "slowest_high")),
        Column("see it again", names=("command",)),
    ]
    found = {each.name: (each, place) for each, place in zip(known, places, strict=True)}
    rows = [
        _row(work, field, *found[name], to)
        for work, name, where in WORK
        if name in found
        for field in _fields(found[name][0], where)
    ]
    return Table("Which model for which work", columns, rows) if rows else None


def _fields(known: Known, where: Mapping[str, str | None]) -> Iterator[Field]:
    """Yield the last case that fits, where there is one: it has most workers."""
    there = (field for field in known.fields if where.keys() <= field.where.keys())
    yield from [field for field in there if agrees(field.where, where)][-1:]


def _row(work: str, field: Field, known: Known, place: str, to: str) -> list[Cell]:
    careful = warnings_of(known)
    slowest = field.won.apart[-1] if len(field.won.apart) > 1 else None
    return [
        Cell(work, field.place, (work,), link=place),
        Cell(listing(field.leaders, MOST), values=("|".join(field.leaders),)),
        Cell(verdict=field.verdict),
        _behind(known, field, field.behind, to),
        _behind(known, field, slowest, to),
        Cell(
            f"lab run {known.name}",
            "with care" if careful else "",
            (f"lab run {known.name}",),
            note_link=f"{place}-careful" if careful else "",
        ),
    ]


def _behind(known: Known, field: Field, lead: Lead | None, to: str) -> Cell:
    """Return how many times as long one takes, and through which packages, where those differ."""
    if lead is None:
        return Cell()
    name, ratio, low, high = lead
    through = apart(known, field.won.model, name)
    least = "≥ " if field.alone else ""
    words = f"{name} {least}{interval(ratio, low, high, TIMES)}"
    note = through or (_left_out(known, field) if field.alone else _short(known, field, name))
    return Cell(words, note, (name, ratio, low, high), note_link=to if through else "")


def _left_out(known: Known, field: Field) -> str:
    """Return which models the experiment has no such case of."""
    names = dict.fromkeys(str(case["model"]) for case in known.rounds.cases)
    there = {str(case["model"]) for case in known.rounds.cases if agrees(case, field.where)}
    return listing([name for name in names if name not in there and not name.endswith(AA_SUFFIX)], most=4)


def _short(known: Known, field: Field, model: str) -> str:
    """Return how many a model had in flight here, where it was asked for more."""
    where = {**field.where, "model": model}
    places = (place for place, case in enumerate(known.rounds.cases) if agrees(case, where))
    return next((f"only {words}" for place in places if (words := fell_short(known.rounds, place))), "")
