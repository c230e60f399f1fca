"""An experiment's answer in one sentence, for a reader who has not seen the lab."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from lab.analysis.stats.intervals import FEWEST_ROUNDS
from lab.analysis.stats.ranking import METRIC, Field
from lab.analysis.stats.rounds import Rounds
from lab.core.figures import Figure
from lab.present.sentences.crossings import crossing_sentence
from lab.present.sentences.leaders import leaders_sentence, map_sentence
from lab.present.sentences.say import say
from lab.present.sentences.splits import split_sentence
from lab.present.units import unit_of
from lab.store.reading import Results

LEVEL = re.compile(r"(\w+) ([-\d.]+) \(([-\d.]+)-([-\d.]+)\)(.*)")
"""The evidence of a claim on one metric: its name, its median and interval, and where."""


def headline(figures: Sequence[Figure], rounds: Rounds, fields: Sequence[Field]) -> str:
    """Return what the figures were drawn to show: a crossing, a map, a split, or the fastest model.

    The fastest model is named where the first figure, the main one, is of the makespan. Else it is "".
    """
    for figure in figures:
        sentence = crossing_sentence(rounds, figure) if "crossing" in figure.options else ""
        sentence = sentence or (map_sentence(rounds, figure) if figure.kind == "map" else "")
        sentence = sentence or (split_sentence(rounds, figure) if figure.kind == "split" else "")
        if sentence:
            return sentence
    first = figures[0].options.get("metric", METRIC) if figures else METRIC
    return leaders_sentence(fields, rounds.baseline) if first == METRIC else ""


def claim_sentence(judged: Sequence[Mapping[str, Any]], results: Results) -> str:
    """Return the first claim that is supported or refuted, with its evidence; empty where none is."""
    settled = (row for row in judged if row["verdict"] in ("supported", "refuted"))
    row = next(settled, None)
    if row is None:
        return ""
    evidence = evidence_text(row["evidence"], results)
    return say("claim", sentence=row["sentence"].rstrip("."), verdict=row["verdict"], evidence=evidence)


def evidence_text(evidence: str, results: Results) -> str:
    """Return a claim's evidence for reading: a metric in words and its unit, no interval of one number."""
    level = LEVEL.fullmatch(evidence)
    if level is None:
        return evidence.replace("/", " ÷ ", 1) if "/" in evidence.partition(" ")[0] else evidence
    metric, *ends, place = level.groups()
    middle, low, high = map(float, ends)
    unit = unit_of(metric, [middle])
    if results.samples.schema.get(metric) == pl.Boolean and low == high and low in (0, 1):
        return f"{unit.words}: {'yes' if low else 'no'}{place}"
    between = f" ({unit.digits(low)}-{unit.show(high * unit.factor)})" if low != high else ""
    return f"{unit.words}: {unit.show(middle * unit.factor)}{between}{place}"


def range_sentence(results: Results, summary: pl.DataFrame, metric: str) -> str:
    """Return which case has the least of a metric, and which the most."""
    rows = summary.filter((pl.col("metric") == metric) & pl.col("median").is_not_null()).to_dicts()
    if not rows:
        return say("nothing")
    rows.sort(key=lambda row: row["median"])
    unit = unit_of(metric, [row["median"] for row in rows])
    ends = []
    for row in (rows[0], rows[-1]):
        named = [f"{axis}={row[axis]}" for axis in results.axes if row[axis] is not None]
        ends.append((unit.show(row["median"] * unit.factor), " ".join(named) or results.name))
    return say(
        "extent",
        metric=unit.words[:1].upper() + unit.words[1:],
        ends=ends,
        one=rows[0]["median"] == rows[-1]["median"],
        cases=len(rows),
        rounds=rows[-1]["rounds"],
        needed=FEWEST_ROUNDS,
    )
