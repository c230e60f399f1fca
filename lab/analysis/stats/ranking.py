"""Which model has the least makespan in each case of the baseline, how far ahead, and how surely."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lab.analysis.stats.counterparts import agrees
from lab.analysis.stats.intervals import count
from lab.analysis.stats.ratios import server_bound
from lab.analysis.stats.rounds import Axes, Rounds
from lab.analysis.stats.winners import Winner, winner
from lab.core.work import AA_SUFFIX

METRIC = "makespan_s"
LEFT_OUT = "those left out"
Lead = tuple[str, float, float, float]
"""A model, how many times as much it has as the first, and the ends of that ratio's interval."""


@dataclass(frozen=True, slots=True)
class Field:
    """A case but for its model, and the model that has the least there."""

    where: Axes
    won: Winner

    @property
    def place(self) -> str:
        """Return the case in words: "tasks=14 workers=all"."""
        return " ".join(f"{axis}={value}" for axis, value in self.where.items() if value)

    @property
    def leaders(self) -> tuple[str, ...]:
        """Return the model with the least, and those too close to it."""
        return self.won.model, *self.won.tied

    @property
    def behind(self) -> Lead | None:
        """Return the first model that is clearly behind the leaders; None where there is none.

        Of a model that has the field to itself: those left out, and what they need at least.
        """
        won = self.won
        if self.alone and won.ratio is not None and won.low is not None and won.high is not None:
            return LEFT_OUT, won.ratio, won.low, won.high
        return next(iter(won.apart), None)

    @property
    def verdict(self) -> str:
        """Return the word for the lead; "too close" may be a tie, or need more rounds."""
        return "too close" if self.won.tied else "faster"

    @property
    def alone(self) -> bool:
        """Return whether no other model was measured here: by arithmetic, none could win."""
        return not self.won.following and not self.won.tied

    @property
    def ahead(self) -> tuple[int, float]:
        """Return how far ahead the leaders surely are, to sort by: the fewer they are, the more it says."""
        return -len(self.leaders), self.behind[2] if self.behind else 0.0


def fields(rounds: Rounds, least: str = "") -> Iterator[Field]:
    """Yield the cases of the baseline in which several models were measured, each once, and ranked.

    least: the metric that says what those left out need at least; then the cases of all models count.
    """
    if "model" not in rounds.axes or METRIC not in rounds.values:
        return
    bound, values = server_bound(rounds), rounds.values[METRIC]
    ranked = [index for index in range(len(rounds.cases)) if count(values[index]) and not bound[index]]
    for where in _conditions(rounds, everywhere=bool(least)):
        indexes = [index for index in ranked if agrees(rounds.cases[index], where)]
        names = [str(rounds.cases[index]["model"]) for index in indexes]
        models = [name for name in names if not name.endswith(AA_SUFFIX)]
        won = winner(rounds, indexes, METRIC, least)
        comparable = len(models) == len(set(models)) and (least or rounds.baseline in models)
        if won and won.low is not None and comparable:
            yield Field(where, won)


def _conditions(rounds: Rounds, *, everywhere: bool) -> list[Axes]:
    """Return the cases of the baseline, or of all models, but for the model, each once."""
    found: list[Axes] = []
    for case in rounds.cases:
        where = {axis: value for axis, value in case.items() if axis != "model"}
        if (everywhere or case["model"] == rounds.baseline) and where not in found:
            found.append(where)
    return found
