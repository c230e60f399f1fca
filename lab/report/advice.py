"""Which model for which work: the fastest one for what people ask about, and for all that was measured."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lab.analysis.stats.counterparts import agrees
from lab.analysis.stats.ranking import Field, Lead
from lab.analysis.stats.rounds import as_text
from lab.core.words import TIMES, interval, listing
from lab.core.work import AA_SUFFIX
from lab.present.tables.table import Cell, Column, Table
from lab.report.clients import Packages, against
from lab.report.load import ExperimentView
from lab.report.shortfalls import fewer_in_flight, shortfalls

MOST = 3
"""So many of the models that are too close to each other are named."""
IN_SHORT = (
    Column("your work", names=("work",)),
    Column("fastest", names=("models",)),
    Column("verdict", names=("verdict",)),
    Column("the next takes", names=("next", "next_ratio", "next_low", "next_high")),
    Column("the slowest takes", names=("slowest", "slowest_ratio", "slowest_low", "slowest_high")),
    Column("reproduce", names=("command",)),
)
OVERVIEW = (
    Column("the work", names=("experiment",)),
    Column("furthest ahead at", names=("at",)),
    Column("fastest", names=("models",)),
    Column("verdict", names=("verdict",)),
    Column("the next", names=("next",)),
    Column("takes", "", ("ratio", "ratio_low", "ratio_high"), number=True),
    Column("in", "cases", ("cases_least", "cases"), number=True),
    Column("shortfalls", names=("shortfalls",)),
)


def in_short(rows: Sequence[tuple[int, list[Cell]]]) -> Table | None:
    """Return the fastest model for each work of which a case was measured; None without any."""
    ordered = [row for _, row in sorted(rows, key=lambda each: each[0])]
    return Table("Which model for which work", IN_SHORT, ordered) if rows else None


def overview(rows: Sequence[list[Cell]]) -> Table | None:
    """Return the fastest models of each experiment, in those of its cases where they are furthest ahead."""
    return Table("Which model for which work, on this machine", OVERVIEW, rows) if rows else None


def work_rows(
    view: ExperimentView, anchor: str, packages: Packages, split: str, caveats: str
) -> Iterator[tuple[int, list[Cell]]]:
    """Yield a rank and a row for each work that the experiment declares, if a case of it was measured.

    split: the anchor of the experiment that measures the packages' part of a gap. caveats: that of the
    caveats of this one; empty where it has none.
    """
    for work in view.experiment.advice if view.experiment else ():
        where = {axis: as_text(value) for axis, value in work.where.items()}
        named = [field for field in view.fields if where.keys() <= field.where.keys()]
        for field in [field for field in named if agrees(field.where, where)][-1:]:  # it has most workers
            apart, run = field.won.apart, f"lab run {view.name}"
            yield (
                work.rank,
                [
                    Cell(work.text, field.place, (work.text,), link=anchor),
                    *_leaders(field),
                    _behind(view, field, field.behind, packages, split),
                    _behind(view, field, apart[-1] if len(apart) > 1 else None, packages, split),
                    Cell(run, "with caveats" if caveats else "", (run,), note_link=caveats),
                ],
            )


def overview_rows(
    view: ExperimentView, anchor: str, packages: Packages, split: str
) -> Iterator[list[Cell]]:
    """Yield a row for each model, or for those too close to each other, at the case furthest ahead."""
    question = view.results.environment["experiment"]["question"]
    best: dict[tuple[str, ...], list[Field]] = {}
    for field in sorted(view.fields, key=lambda field: field.ahead, reverse=True):
        best.setdefault(tuple(sorted(field.leaders)), []).append(field)
    for field, *others in best.values():
        name, ratio, low, high = field.behind or ("", 0.0, 0.0, 0.0)
        through = against(packages, field.won.model, name)
        often = 1 + len(others)
        yield [
            Cell(question, view.name, (view.name,), link=anchor),
            Cell(field.place),
            *_leaders(field),
            Cell(name or "no other", through, (name,), note_link=split if through else ""),
            Cell(_times(field, ratio, low, high), values=(ratio, low, high)) if name else Cell(),
            Cell(f"{often} of {len(view.fields)}", values=(often, len(view.fields))),
            Cell("; ".join(shortfalls(view)).replace("`", "")),
        ]


def _leaders(field: Field) -> list[Cell]:
    """Return the cells of the fastest models: their names, and whether it is one or several too close."""
    return [
        Cell(listing(field.leaders, MOST), values=("|".join(field.leaders),)),
        Cell(verdict=field.verdict),
    ]


def _behind(view: ExperimentView, field: Field, lead: Lead | None, packages: Packages, split: str) -> Cell:
    """Return how many times as long a model takes, and what has to be known about that."""
    if lead is None:
        return Cell()
    name, *ratio = lead
    through = against(packages, field.won.model, name)
    note = through or (_left_out(view, field) if field.alone else _fewer(view, field, name))
    return Cell(f"{name} {_times(field, *ratio)}", note, lead, note_link=split if through else "")


def _times(field: Field, ratio: float, low: float, high: float) -> str:
    return f"{'≥ ' if field.alone else ''}{interval(ratio, low, high, TIMES)}"


def _left_out(view: ExperimentView, field: Field) -> str:
    """Return the models that were not measured in this case."""
    names = dict.fromkeys(str(case["model"]) for case in view.rounds.cases)
    measured = {str(case["model"]) for case in view.rounds.cases if agrees(case, field.where)}
    left_out = [name for name in names if name not in measured and not name.endswith(AA_SUFFIX)]
    return listing(left_out, most=4)


def _fewer(view: ExperimentView, field: Field, model: str) -> str:
    """Return how many a model had in flight here, where it was asked for more."""
    where = {**field.where, "model": model}
    indexes = [index for index, case in enumerate(view.rounds.cases) if agrees(case, where)]
    return next((f"only {words}" for index in indexes if (words := fewer_in_flight(view, index))), "")
