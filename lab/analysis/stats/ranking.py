"""Which model has the least of a metric among cases alike but for it, how far ahead, and how surely."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import compress
from typing import NamedTuple

import numpy as np

from lab.analysis.stats.counterparts import agrees
from lab.analysis.stats.holm import family_intervals
from lab.analysis.stats.intervals import Array, count, mean
from lab.analysis.stats.ratios import resolution_of, server_bound
from lab.analysis.stats.rounds import Axes, Rounds
from lab.core.work import AA_SUFFIX

METRIC = "makespan_s"
LEFT_OUT = "those left out"


class Lead(NamedTuple):
    """A model, and how many times as much it has as the first, with the 95 % interval.

    It is corrected over all others; low and high are NaN for too few rounds. `LEFT_OUT` stands for the
    models that were not measured.
    """

    model: str
    ratio: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Field:
    """The cases that are alike but for their model, and the model that has the least there.

    where: their other axes. following: the next model; of a model that has the field to itself those left
    out, with what they need at least, where that is known.
    tied: the models whose interval holds 1, that have none, or whose difference is not resolved.
    apart: the others, in their order.
    """

    model: str
    following: Lead | None = None
    tied: tuple[str, ...] = ()
    apart: tuple[Lead, ...] = ()
    where: Axes = field(default_factory=dict)

    @property
    def condition(self) -> str:
        """Return the case in words: "tasks=14 workers=all"."""
        return " ".join(f"{axis}={value}" for axis, value in self.where.items() if value)

    @property
    def leaders(self) -> tuple[str, ...]:
        """Return the model with the least, and those too close to it."""
        return self.model, *self.tied

    @property
    def behind(self) -> Lead | None:
        """Return the first model that is clearly behind the leaders; None where there is none."""
        return next(iter(self.apart), None)

    @property
    def alone(self) -> bool:
        """Return whether no other model was measured here: by arithmetic, none could win."""
        return not self.tied and (self.following is None or self.following.model == LEFT_OUT)


def fields(rounds: Rounds, least: str = "") -> Iterator[Field]:
    """Yield the cases of the baseline in which several models were measured, each once, and ranked.

    least: the metric that says what those left out need at least; then the cases of all models count.
    """
    if "model" not in rounds.axes or METRIC not in rounds.values:
        return
    bound, wheres = server_bound(rounds), []
    for case in rounds.cases:
        where = {axis: value for axis, value in case.items() if axis != "model"}
        if (least or case["model"] == rounds.baseline) and where not in wheres:
            wheres.append(where)
    for where in wheres:
        agreeing = [index for index, case in enumerate(rounds.cases) if agrees(case, where)]
        indices = [index for index in agreeing if not bound[index]]
        ranked = winner(rounds, indices, METRIC, least)
        models = [rounds.cases[index]["model"] for index in _competing(rounds, indices, METRIC)]
        comparable = len(models) == len(set(models)) and (least or rounds.baseline in models)
        if ranked and ranked.following and not np.isnan(ranked.following.low) and comparable:
            yield replace(ranked, where=where)


def winner(rounds: Rounds, indices: Sequence[int], metric: str, least: str = "") -> Field | None:
    """Return which of these cases has the least, if any; what the run cannot resolve is a tie too."""
    values = rounds.values[metric]
    competing = _competing(rounds, indices, metric)
    if not competing:
        return None
    # By the same mean as the ratio: by medians, the next could turn out to take less than the winner.
    first, *others = sorted(competing, key=lambda index: float(mean(np.log(values[index]))))
    model = str(rounds.cases[first]["model"])
    if not others:
        bounds = rounds.values.get(least)
        return alone(model, values[first], None if bounds is None else bounds[first])
    logs = np.log(values[others] / values[first])
    leads = _leads([str(rounds.cases[index]["model"]) for index in others], logs)
    apart = (family_intervals(logs)[0] > 0) & (mean(logs) > np.log(resolution_of(rounds, metric) or 1.0))
    tied = tuple(lead.model for lead in compress(leads, ~apart))
    return Field(model, leads[0], tied, tuple(compress(leads, apart)))


def alone(model: str, values: Array, left_out: Array | None) -> Field:
    """Return the field that a model has to itself, with what those left out need at least."""
    if left_out is None or not count(left_out / values):
        return Field(model)
    (lead,) = _leads([LEFT_OUT], np.log(left_out / values)[None])
    return Field(model, lead, apart=(lead,)) if lead.low > 1 else Field(model, lead, tied=(LEFT_OUT,))


def _competing(rounds: Rounds, indices: Sequence[int], metric: str) -> list[int]:
    """Return the cases that were measured; the baseline's second measurement is no model."""
    measured = [index for index in indices if count(rounds.values[metric][index])]
    return [index for index in measured if not str(rounds.cases[index]["model"]).endswith(AA_SUFFIX)]


def _leads(models: Sequence[str], logs: Array) -> list[Lead]:
    """Return the leads of a family, from its log-ratios to the first, [members, rounds]."""
    numbers = np.exp([mean(logs), *family_intervals(logs)]).T.tolist()
    return [Lead(model, *row) for model, row in zip(models, numbers, strict=True)]
