"""What was measured, in one sentence, where no figure was drawn to show it: a claim, or the extremes."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from lab.analysis.stats.intervals import FEWEST_ROUNDS
from lab.present.sentences.say import say
from lab.present.units import unit_of
from lab.store.reading import Results

LEVEL = re.compile(r"(\w+) ([-\d.]+) \(([-\d.]+)-([-\d.]+)\)(.*)")
"""The evidence of a claim on one metric: its name, its median and interval, and where."""


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
    metric, *numbers, place = level.groups()
    middle, low, high = map(float, numbers)
    unit = unit_of(metric, [middle])
    if results.samples.schema.get(metric) == pl.Boolean and low == high and low in (0, 1):
        return f"{unit.words}: {'yes' if low else 'no'}{place}"
    interval = f" ({unit.digits(low)}-{unit.show(high * unit.factor)})" if low != high else ""
    return f"{unit.words}: {unit.show(middle * unit.factor)}{interval}{place}"


def range_sentence(results: Results, summary: pl.DataFrame, metric: str) -> str:
    """Return which case has the least of a metric, and which the most."""
    rows = summary.filter((pl.col("metric") == metric) & pl.col("median").is_not_null()).to_dicts()
    rows.sort(key=lambda row: row["median"])
    unit = unit_of(metric, [row["median"] for row in rows])
    cases = [{axis: row[axis] for axis in results.axes} for row in rows]
    return say("extent", rows=rows, cases=cases, unit=unit, name=results.name, needed=FEWEST_ROUNDS)
