"""Numbers → an experiment's answer: one sentence, for somebody who has not seen the lab."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import product

from lab.analysis.stats.counterparts import agrees
from lab.analysis.stats.rounds import as_text
from lab.analysis.stats.winners import winner
from lab.core.figures import Figure
from lab.core.words import TIMES, digits, interval, listing
from lab.present.figures.cells import values_of
from lab.report.crossing_text import crossed
from lab.report.load import Known
from lab.report.ranking import LEFT_OUT, METRIC, Field, Lead
from lab.report.split_text import parted

MOST = 4
"""So many models of a map are named."""


def headline(known: Known) -> str:
    """Return what the figures were drawn to show (a crossing, a map, a split), or who leads, or nothing.

    Who leads is told where the experiment's first figure, its main one, is of the makespan.
    """
    figures = known.found.experiment.figures if known.found and known.found.experiment else ()
    for figure in figures:
        said = crossed(known, figure) if "crossing" in figure.options else ""
        said = said or (mapped(known, figure) if figure.kind == "map" else "")
        said = said or (parted(known, figure) if figure.kind == "split" else "")
        if said:
            return said
    first = figures[0].options.get("metric", METRIC) if figures else METRIC
    return led(known.fields, known.rounds.baseline) if first == METRIC else ""


def led(fields: Sequence[Field], baseline: str) -> str:
    """Return who has the least makespan where the lead is largest, and how it is in the other cases."""
    if not fields:
        return ""
    best = max(fields, key=lambda field: (len(field.leaders) == 1, _behind(field, baseline)[2]))
    leaders, (behind, ratio, low, high) = best.leaders, _behind(best, baseline)
    place = f"At `{best.place}`, " if best.place else ""
    who = f"{place}{listing([coded(name) for name in leaders])}"
    who += (
        " finish soonest, too close to tell apart"
        if leaders[1:]
        else f" finish{_s(leaders[0], 'es')} soonest"
    )
    if behind:
        who += f", and {coded(behind)} take{_s(behind)} {interval(ratio, low, high, TIMES)} as long"
    return f"{who}{_everywhere(leaders[0], fields) if len(fields) > 1 else ''}."


def coded(name: str) -> str:
    """Return a name as the page writes it."""
    return f"`{name}`"


def _s(name: str, ending: str = "s") -> str:
    """Return what a verb ends in after a name: threads take, asyncio takes."""
    return "" if name.endswith("s") else ending


def _behind(field: Field, baseline: str) -> Lead:
    """Return by how much the leaders are ahead of the baseline, or else of the next."""
    apart = {lead[0]: lead for lead in field.won.apart}
    return apart.get(baseline) or field.behind or ("", 0.0, 0.0, 0.0)


def _everywhere(model: str, fields: Sequence[Field]) -> str:
    name, cases = coded(model), f"{len(fields)} cases"
    alone = sum(field.leaders == (model,) for field in fields)
    among = sum(model in field.leaders for field in fields)
    if alone in (0, len(fields)):
        first = "first" if alone else "among the first"
        return f"; {name} {'are' if model.endswith('s') else 'is'} {first} in {among} of {cases}"
    return f"; of {cases} {name} lead{_s(model)} {alone} alone and {among - alone} in a tie"


def mapped(known: Known, figure: Figure) -> str:
    """Return how many fields of a map each model leads, and where it does so most."""
    options = dict(figure.options)
    rows, columns = str(options.pop("rows")), str(options.pop("columns"))
    metric, least = str(options.pop("metric", METRIC)), str(options.pop("least", ""))
    rounds = known.rounds
    if metric not in rounds.values or not {rows, columns} <= set(rounds.axes):
        return ""
    fixed = {axis: as_text(value) for axis, value in options.items() if axis in rounds.axes}
    found = []
    for row, column in product(*(values_of(rounds.cases, axis) for axis in (rows, columns))):
        where = {**fixed, rows: row, columns: column}
        places = [place for place, case in enumerate(rounds.cases) if agrees(case, where)]
        if won := winner(rounds, places, metric, least):
            found.append(Field(where, won))
    alone = Counter(field.won.model for field in found if not field.won.tied)
    parts = [_most(model, often, found) for model, often in alone.most_common(MOST)]
    tied = len(found) - alone.total()
    if not parts:
        return ""
    ties = f"; in {tied} the first are too close to tell apart" if tied else ""
    return f"Of {len(found)} cases {listing(parts, most=MOST)}{ties}."


def _most(model: str, often: int, fields: Sequence[Field]) -> str:
    mine = [field for field in fields if field.won.model == model and not field.won.tied]
    best = max(mine, key=lambda field: field.won.ratio or 0.0, default=None)
    leads = f"{coded(model)} lead{_s(model)} {often}"
    if best is None or best.won.ratio is None:
        return leads
    much = f"{digits(best.won.ratio)}{TIMES} as long"
    if best.alone:
        return f"{leads} (at `{best.place}`, {LEFT_OUT} take {much} or longer)"
    return f"{leads} (the next takes up to {much}, at `{best.place}`)"
