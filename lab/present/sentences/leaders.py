"""Which model is fastest, where and by how much: a sentence over an experiment's cases, or over a map."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import product

from lab.analysis.stats.counterparts import agrees
from lab.analysis.stats.ranking import LEFT_OUT, METRIC, Field, Lead
from lab.analysis.stats.rounds import Rounds, as_text
from lab.analysis.stats.winners import winner
from lab.core.figures import Figure
from lab.core.words import TIMES, digits, does, interval, listing
from lab.present.figures.cells import values_of

MOST = 4
"""So many models of a map are named."""
FASTEST = "{place}{leaders} fastest{behind}{everywhere}."
TOO_CLOSE = ", too close to tell apart"
BEHIND = ", and {takes} {ratio} as long"
FIRST = "; {is_} {first} in {among} of {cases} cases"
SHARED = "; of {cases} cases {leads} {alone} alone and {tied} in a tie"
MAP = "Of {cases} cases {parts}{tied}."
TIED = "; in {tied} the first are too close to tell apart"
NEXT = " (the next takes up to {ratio} as long, at `{place}`)"
ALONE = " (at `{place}`, {left_out} take {ratio} as long or longer)"


def leaders_sentence(fields: Sequence[Field], baseline: str) -> str:
    """Return which model is fastest where the lead is largest, and in how many of the other cases."""
    if not fields:
        return ""
    best = max(fields, key=lambda field: (len(field.leaders) == 1, _behind(field, baseline)[2]))
    names = [f"`{name}`" for name in best.leaders]
    behind, ratio, low, high = _behind(best, baseline)
    takes = does(f"`{behind}`", "take")
    return FASTEST.format(
        place=f"At `{best.place}`, " if best.place else "",
        leaders=f"{listing(names)} are" if names[1:] else does(names[0], "be"),
        behind=(TOO_CLOSE if names[1:] else "")
        + (BEHIND.format(takes=takes, ratio=interval(ratio, low, high, TIMES)) if behind else ""),
        everywhere=_everywhere(best.leaders[0], fields) if len(fields) > 1 else "",
    )


def _behind(field: Field, baseline: str) -> Lead:
    """Return by how much the leaders are ahead of the baseline, or else of the next."""
    apart = {lead[0]: lead for lead in field.won.apart}
    return apart.get(baseline) or field.behind or ("", 0.0, 0.0, 0.0)


def _everywhere(model: str, fields: Sequence[Field]) -> str:
    alone = sum(field.leaders == (model,) for field in fields)
    among = sum(model in field.leaders for field in fields)
    if alone in (0, len(fields)):
        first = "first" if alone else "among the first"
        return FIRST.format(is_=does(f"`{model}`", "be"), first=first, among=among, cases=len(fields))
    leads = does(f"`{model}`", "lead")
    return SHARED.format(cases=len(fields), leads=leads, alone=alone, tied=among - alone)


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
        if won := winner(rounds, indices, metric, least):
            fields.append(Field(where, won))
    alone = Counter(field.won.model for field in fields if not field.won.tied)
    if not alone:
        return ""
    parts = [_share(model, often, fields) for model, often in alone.most_common(MOST)]
    tied = len(fields) - alone.total()
    return MAP.format(
        cases=len(fields), parts=listing(parts, most=MOST), tied=TIED.format(tied=tied) if tied else ""
    )


def _share(model: str, often: int, fields: Sequence[Field]) -> str:
    mine = [field for field in fields if field.won.model == model and not field.won.tied]
    best = max(mine, key=lambda field: field.won.ratio or 0.0)
    leads = f"{does(f'`{model}`', 'lead')} {often}"
    if best.won.ratio is None:
        return leads
    ratio = f"{digits(best.won.ratio)}{TIMES}"
    return leads + (ALONE if best.alone else NEXT).format(ratio=ratio, place=best.place, left_out=LEFT_OUT)
