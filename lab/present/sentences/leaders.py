"""Which model is fastest, where and by how much: a sentence over an experiment's cases, or over a map."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import product

from lab.analysis.stats.counterparts import agrees
from lab.analysis.stats.ranking import LEFT_OUT, METRIC, Field, Lead, winner
from lab.analysis.stats.rounds import Rounds, as_text
from lab.core.figures import Figure
from lab.core.words import multiple
from lab.present.figures.cells import values_of
from lab.present.sentences.say import say

MOST = 4
"""So many models of a map are named."""


def leaders_sentence(fields: Sequence[Field], baseline: str) -> str:
    """Return which model is fastest where the lead is largest, and in how many of the other cases."""
    if not fields:
        return ""
    best = max(fields, key=lambda field: (len(field.leaders) == 1, _behind(field, baseline)[2]))
    model, (behind, *ratio) = best.leaders[0], _behind(best, baseline)
    return say(
        "fastest",
        place=best.condition,
        leaders=best.leaders,
        behind=behind,
        ratio=ratio,
        alone=sum(field.leaders == (model,) for field in fields),
        among=sum(model in field.leaders for field in fields),
        cases=len(fields),
    )


def _behind(field: Field, baseline: str) -> Lead:
    """Return by how much the leaders are ahead of the baseline, or else of the next."""
    apart = {lead.model: lead for lead in field.apart}
    return apart.get(baseline) or field.behind or Lead("", 0.0, 0.0, 0.0)


def map_sentence(rounds: Rounds, figure: Figure) -> str:
    """Return how many fields of a map each model leads, and where it does so most."""
    options = dict(figure.options)
    rows, columns = str(options.pop("rows")), str(options.pop("columns"))
    metric, least = str(options.pop("metric", METRIC)), str(options.pop("least", ""))
    if metric not in rounds.values or not {rows, columns} <= set(rounds.axes):
        return ""
    fixed = {axis: as_text(value) for axis, value in options.items() if axis in rounds.axes}
    fields = []
    for row, column in product(*(values_of(rounds.cases, axis) for axis in (rows, columns))):
        where = {**fixed, rows: row, columns: column}
        indices = [index for index, case in enumerate(rounds.cases) if agrees(case, where)]
        if ranked := winner(rounds, indices, metric, least):
            fields.append(replace(ranked, where=where))
    alone = Counter(field.model for field in fields if not field.tied)
    shares = [_share(model, often, fields) for model, often in alone.most_common(MOST)]
    tied = len(fields) - alone.total()
    return say("shares", cases=len(fields), shares=shares, tied=tied) if shares else ""


def _share(model: str, often: int, fields: Sequence[Field]) -> str:
    """Return how many fields a model leads, and where it is furthest ahead."""
    mine = [field for field in fields if field.model == model and not field.tied]
    best = max(mine, key=lambda field: field.following.ratio if field.following else 0.0)
    ratio = multiple(best.following.ratio) if best.following else ""
    left_out = LEFT_OUT if best.alone else ""
    return say("share", model=model, fields=often, ratio=ratio, place=best.condition, left_out=left_out)
