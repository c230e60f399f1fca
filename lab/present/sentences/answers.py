"""An experiment's answer in one sentence: what its figures were drawn to show, a claim, or the extremes."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import polars as pl

from lab.analysis.stats.counterparts import matching
from lab.analysis.stats.intervals import FEWEST_ROUNDS
from lab.analysis.stats.ranking import LEFT_OUT, METRIC, Field, Lead, winner
from lab.analysis.stats.rounds import Rounds, as_text
from lab.analysis.stats.splits import factor, splits
from lab.core.claims import Gap
from lab.core.figures import Figure
from lab.present.figures.selection import values_of
from lab.present.sentences.crossings import crossing_sentence
from lab.present.templates import say
from lab.present.units import case_words, unit_of
from lab.store.reading import Results

LEVEL = re.compile(r"(\w+) ([-\d.]+) \(([-\d.]+)-([-\d.]+)\)(.*)")
"""The evidence of a claim on one metric: its name, its median and interval, and where."""
MOST = 4  # so many models of a map are named


def headline(figures: Sequence[Figure], rounds: Rounds, fields: Sequence[Field]) -> str:
    """Return what the figures were drawn to show: a crossing, a map, a split, or the fastest model.

    The fastest model is named where the first figure, the main one, is of the makespan. Else it is "".
    """
    of_kind = {"map": map_sentence, "split": split_sentence}
    for figure in figures:
        text = crossing_sentence(rounds, figure) if "crossing" in figure.options else ""
        text = text or (of_kind[figure.kind](rounds, figure) if figure.kind in of_kind else "")
        if text:
            return text
    first = figures[0].options.get("metric", METRIC) if figures else METRIC
    return leaders_sentence(fields, rounds.baseline) if first == METRIC else ""


def leaders_sentence(fields: Sequence[Field], baseline: str) -> str:
    """Return which model is fastest where the lead is largest, and in how many of the other cases."""
    if not fields:
        return ""
    best = max(fields, key=lambda field: (len(field.leaders) == 1, _behind(field, baseline).low))
    leads = [field.leaders for field in fields if best.leaders[0] in field.leaders]
    alone = sum(len(each) == 1 for each in leads)
    behind = _behind(best, baseline)
    return say("fastest", best=best, behind=behind, alone=alone, among=len(leads), cases=len(fields))


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
        if ranked := winner(rounds, matching(rounds.cases, where), metric, least):
            fields.append(replace(ranked, where=where))
    alone = [field for field in fields if not field.tied]
    shares = []
    for model, often in Counter(field.model for field in alone).most_common(MOST):
        mine = [field for field in alone if field.model == model]
        best = max(mine, key=lambda field: field.following.ratio if field.following else 0.0)
        shares.append(say("share", model=model, fields=often, best=best, left_out=LEFT_OUT))
    tied = len(fields) - len(alone)
    return say("shares", cases=len(fields), shares=shares, tied=tied) if shares else ""


def split_sentence(rounds: Rounds, figure: Figure) -> str:
    """Return what a figure of a split shows in each of its panels; empty where it was not measured."""
    options: dict[str, Any] = dict(figure.options)
    metric, gap = str(options.pop("metric")), Gap(**{name: options.pop(name) for name in Gap._fields})
    known = splits(rounds, gap, metric, options) if metric in rounds.values else []
    known = [each for each in known if np.isfinite(each.rest).any()]
    parts = [(case_words(each.where), *map(factor, (each.gap, each.model, each.rest))) for each in known]
    return say("gap", metric=unit_of(metric, []).words, gap=gap, splits=parts) if parts else ""


def claim_sentence(judged: Sequence[Mapping[str, Any]], results: Results) -> str:
    """Return the first claim that is supported or refuted, with its evidence; empty where none is."""
    for row in judged:
        if row["verdict"] in ("supported", "refuted"):
            text, evidence = row["sentence"].rstrip("."), evidence_text(row["evidence"], results)
            return say("claim", sentence=text, verdict=row["verdict"], evidence=evidence)
    return ""


def evidence_text(evidence: str, results: Results) -> str:
    """Return a claim's evidence for reading: a metric in words and its unit, no interval of one number."""
    level = LEVEL.fullmatch(evidence)
    if level is None:
        return evidence.replace("/", " ÷ ", 1) if "/" in evidence.partition(" ")[0] else evidence
    metric, *numbers, where = level.groups()
    middle, low, high = map(float, numbers)
    unit = unit_of(metric, [middle])
    if results.samples.schema.get(metric) == pl.Boolean and low == high and low in (0, 1):
        return f"{unit.words}: {'yes' if low else 'no'}{where}"
    interval = f" ({unit.digits(low)}-{unit.show(high * unit.factor)})" if low != high else ""
    return f"{unit.words}: {unit.show(middle * unit.factor)}{interval}{where}"


def range_sentence(results: Results, summary: pl.DataFrame, metric: str) -> str:
    """Return which case has the least of a metric, and which the most."""
    rows = summary.filter((pl.col("metric") == metric) & pl.col("median").is_not_null()).to_dicts()
    rows.sort(key=lambda row: row["median"])
    unit = unit_of(metric, [row["median"] for row in rows])
    cases = [{axis: row[axis] for axis in results.axes} for row in rows]
    return say("extent", rows=rows, cases=cases, unit=unit, name=results.name, needed=FEWEST_ROUNDS)
