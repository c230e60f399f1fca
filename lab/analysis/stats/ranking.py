"""Who has the least makespan in each case of the baseline, how far ahead, and how surely."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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


@dataclass(frozen=True, slots=True)
class Field:
    """A case but for its model, and who has the least makespan there; tied: more than one has."""

    where: Mapping[str, str | None]
    won: Winner

    @property
    def place(self) -> str:
        """Return the case in words: "tasks=14 workers=all"."""
        return " ".join(f"{axis}={value}" for axis, value in self.where.items() if value)

    @property
    def leaders(self) -> tuple[str, ...]:
        """Return who has the least, with those that cannot be told from it."""
        return self.won.model, *self.won.tied

    @property
    def behind(self) -> Lead | None:
        """Return the next that is told apart from them, how many times as much it has, and the interval.

        Of a model that has the field to itself, these are those left out, and what they need at least.
        """
        won = self.won
        if self.alone and won.ratio is not None and won.low is not None and won.high is not None:
            return LEFT_OUT, won.ratio, won.low, won.high
        return next(iter(won.apart), None)

    @property
    def verdict(self) -> str:
        """Return the word for the lead. Who is not told apart may be a tie, or need more rounds."""
        return "not told apart" if self.won.tied else "faster"

    @property
    def alone(self) -> bool:
        """Return whether no other model was measured here: by arithmetic, none could win."""
        return not self.won.following and not self.won.tied

    @property
    def ahead(self) -> tuple[int, float]:
        """Return how far ahead they surely are, to sort by: the fewer they are, the more it says."""
        return -len(self.leaders), self.behind[2] if self.behind else 0.0


def fields(rounds: Rounds, least: str = "") -> Iterator[Field]:
    """Yield the cases of the baseline in which several models were measured, each once, and ranked.

    least: the metric that says what those need at least who were left out; then all cases count.
    """
    if "model" not in rounds.axes or METRIC not in rounds.values:
        return
    bound, values = server_bound(rounds), rounds.values[METRIC]
    there = [place for place in range(len(rounds.cases)) if count(values[place]) and not bound[place]]
    for where in _places(rounds, everywhere=bool(least)):
        places = [place for place in there if agrees(rounds.cases[place], where)]
        models = _models(rounds, places)
        won = winner(rounds, places, METRIC, least)
        ranked = won and won.low is not None and len(models) == len(set(models))
        if won and ranked and (least or rounds.baseline in models):
            yield Field(where, won)


def _places(rounds: Rounds, *, everywhere: bool) -> list[Axes]:
    """Return the cases of the baseline, or of all models, but for the model, each once."""
    found: list[Axes] = []
    for case in rounds.cases:
        where = {axis: value for axis, value in case.items() if axis != "model"}
        if (everywhere or case["model"] == rounds.baseline) and where not in found:
            found.append(where)
    return found


def _models(rounds: Rounds, places: Sequence[int]) -> list[str]:
    names = [str(rounds.cases[place]["model"]) for place in places]
    return [name for name in names if not name.endswith(AA_SUFFIX)]
