"""Which model for which work: the fastest one for what people ask about, and for all that was measured."""

import json
from collections.abc import Iterator
from pathlib import Path

from lab.analysis.stats.counterparts import agrees, matching
from lab.analysis.stats.ranking import Field, Lead
from lab.analysis.stats.rounds import as_text
from lab.core.words import TIMES, interval, listing
from lab.core.work import AA_SUFFIX
from lab.present.tables.table import Cell, Column
from lab.report.load import ExperimentView
from lab.report.remarks import Packages, fewer_in_flight

MOST = 3  # so many of the models that are too close to each other are named
COLUMNS = {
    table: [Column(**{**each, "names": tuple(each["names"])}) for each in columns]
    for table, columns in json.loads(Path(__file__).with_suffix(".json").read_text("utf-8")).items()
}
"""in_short: the fastest model for each work that people ask about. overview: the fastest models of each
experiment, at those of its cases where they are furthest ahead.
"""


def work_rows(view: ExperimentView, packages: Packages, caveats: bool) -> Iterator[tuple[int, list[Cell]]]:
    """Yield a rank and a row for each work that the experiment declares, if a case of it was measured.

    caveats: whether there are caveats on the experiment, to which the row leads.
    """
    run = f"lab run {view.name}"
    note, link = ("with caveats", f"{view.anchor}-caveats") if caveats else ("", "")
    for work in view.experiment.advice if view.experiment else ():
        where = {axis: as_text(value) for axis, value in work.where.items()}
        named = [field for field in view.fields if where.keys() <= field.where.keys()]
        for field in [field for field in named if agrees(field.where, where)][-1:]:  # it has most workers
            slowest = field.apart[-1] if len(field.apart) > 1 else None
            row = [
                Cell(work.text, field.condition, (work.text,), link=view.anchor),
                *_leaders(field),
                *(_behind(view, field, lead, packages) for lead in (field.behind, slowest)),
                Cell(run, note, (run,), note_link=link),
            ]
            yield work.rank, row


def overview_rows(view: ExperimentView, packages: Packages, shortfalls: str) -> Iterator[list[Cell]]:
    """Yield a row for each model, or for those too close to each other, at the case furthest ahead."""
    question = view.environment["experiment"]["question"]
    groups: dict[tuple[str, ...], list[Field]] = {}
    for field in sorted(view.fields, key=_ahead, reverse=True):
        groups.setdefault(tuple(sorted(field.leaders)), []).append(field)
    for alike in groups.values():
        field, often = alike[0], len(alike)
        name, *ratio = field.behind or ("",)
        through = packages.against(field.model, name)
        yield [
            Cell(question, view.name, (view.name,), link=view.anchor),
            Cell(field.condition),
            *_leaders(field),
            Cell(name or "no other", through, (name,), note_link=packages.split if through else ""),
            Cell(_times(field, *ratio), values=tuple(ratio)) if ratio else Cell(),
            Cell(f"{often} of {len(view.fields)}", values=(often, len(view.fields))),
            Cell(shortfalls.replace("`", "")),
        ]


def _ahead(field: Field) -> tuple[int, float]:
    """Return how far ahead the leaders surely are, to sort by: the fewer they are, the more it says."""
    return -len(field.leaders), field.behind.low if field.behind else 0.0


def _leaders(field: Field) -> list[Cell]:
    """Return the cells of the fastest models: their names, and whether it is one or several too close."""
    names = Cell(listing(field.leaders, MOST), values=("|".join(field.leaders),))
    return [names, Cell(verdict="too close" if field.tied else "faster")]  # a tie, or too few rounds


def _behind(view: ExperimentView, field: Field, lead: Lead | None, packages: Packages) -> Cell:
    """Return how many times as long a model takes, and what has to be known about that."""
    if lead is None:
        return Cell()
    name, *ratio = lead
    through = packages.against(field.model, name)
    note = through or (_left_out(view, field) if field.alone else _fewer(view, field, name))
    return Cell(f"{name} {_times(field, *ratio)}", note, lead, note_link=packages.split if through else "")


def _times(field: Field, ratio: float, low: float, high: float) -> str:
    return f"{'≥ ' if field.alone else ''}{interval(ratio, low, high, TIMES)}"


def _left_out(view: ExperimentView, field: Field) -> str:
    measured = {case["model"] for case in view.rounds.cases if agrees(case, field.where)}
    names = dict.fromkeys(str(case["model"]) for case in view.rounds.cases if case["model"] not in measured)
    return listing([name for name in names if not name.endswith(AA_SUFFIX)], most=4)


def _fewer(view: ExperimentView, field: Field, model: str) -> str:
    """Return how many a model had in flight here, where it was asked for more."""
    indexes = matching(view.rounds.cases, {**field.where, "model": model})
    return next((f"only {words}" for index in indexes if (words := fewer_in_flight(view, index))), "")
