"""Which model for which work: where each that has the least makespan is furthest ahead, and how surely."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lab.core import AGAIN
from lab.report.gathering import Known
from lab.report.views import Cell, Column, Table
from lab.stats.counterparts import agrees
from lab.stats.intervals import count
from lab.stats.ratios import server_bound
from lab.stats.rounds import Rounds, by_round
from lab.stats.winners import Winner, winner
from lab.stats.words import TIMES, interval, listing

METRIC = "makespan_s"


@dataclass(frozen=True, slots=True)
class Field:
    """A case but for its model, in words, and who has the least makespan there."""

    place: str
    won: Winner

    @property
    def ahead(self) -> tuple[bool, float, float]:
        """Return how far ahead the winner is, to sort by: told apart before tied."""
        return not self.won.tied, self.won.low or 0.0, self.won.ratio or 0.0


def choice(known: Sequence[Known], places: Sequence[str]) -> Table | None:
    """Return a row for each experiment and model that has the least makespan in some of its cases."""
    columns = [
        Column("experiment", names=("experiment",), axis=True),
        Column("least makespan", names=("model",), axis=True),
        Column("furthest ahead at", names=("at",)),
        Column("the next takes", "", ("ratio", "ratio_low", "ratio_high"), number=True),
        Column("the next", names=("next",)),
        Column("verdict", names=("verdict",)),
        Column("in", "cases", ("cases_least", "cases"), number=True),
        Column("the work", names=("question",)),
    ]
    rows = [
        row
        for each, place in zip(known, places, strict=True)
        for row in _rows(each, place, list(_fields(each)))
    ]
    return Table("Which model for which work, on this machine", columns, rows) if rows else None


def _rows(known: Known, place: str, fields: Sequence[Field]) -> Iterator[list[Cell]]:
    question = str(known.results.environment["experiment"]["question"])
    for model in dict.fromkeys(field.won.model for field in fields):
        mine = [field for field in fields if field.won.model == model]
        best = max(mine, key=lambda field: field.ahead)
        won = best.won
        lead = (won.ratio or 0.0, won.low or 0.0, won.high or 0.0)  # known of every field
        yield [
            Cell(known.name, link=place),
            Cell(model),
            Cell(best.place),
            Cell(interval(*lead, unit=TIMES), values=lead),
            Cell(won.following),
            Cell(f"with {listing(won.tied)}", verdict="tie") if won.tied else Cell(verdict="faster"),
            Cell(f"{len(mine)} of {len(fields)}", values=(len(mine), len(fields))),
            Cell(question),
        ]


def _fields(known: Known) -> Iterator[Field]:
    """Yield the cases of the baseline in which several models were measured, each once, and ranked."""
    if "model" not in known.results.axes:
        return
    rounds = by_round(known.results)
    if METRIC not in rounds.values:
        return
    bound = server_bound(rounds)
    there = [
        place
        for place in range(len(rounds.cases))
        if count(rounds.values[METRIC][place]) and not bound[place]
    ]
    base = [case for case in rounds.cases if case["model"] == rounds.baseline]
    for case in base:
        where = {axis: value for axis, value in case.items() if axis != "model"}
        places = [place for place in there if agrees(rounds.cases[place], where)]
        models = _models(rounds, places)
        won = winner(rounds, places, METRIC)
        if won and won.low is not None and rounds.baseline in models and len(models) == len(set(models)):
            yield Field(" ".join(f"{axis}={value}" for axis, value in where.items() if value), won)


def _models(rounds: Rounds, places: Sequence[int]) -> list[str]:
    names = [str(rounds.cases[place]["model"]) for place in places]
    return [name for name in names if not name.endswith(AGAIN)]
