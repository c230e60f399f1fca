"""Numbers → the words that stand for them: an experiment's answer, and what a figure shows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from lab.analysis.stats.intervals import FEWEST_ROUNDS
from lab.core.words import many
from lab.present.figures.filenames import stem as stem_of
from lab.present.units import unit_of
from lab.report.headlines import headline
from lab.report.load import Known, first_metric
from lab.store.reading import Results

Row = Mapping[str, Any]
KINDS = {
    "bars": "Bars of {}",
    "lines": "Lines of {}",
    "matrix": "Table of facts",
    "distribution": "Distribution of the tasks' {}",
}


def answer(known: Known) -> str:
    """Return what was measured in one sentence.

    That is what the main figure shows of models; else the first claim that is settled; else the least and
    the greatest of what was measured.
    """
    judged = [row for row in known.judged.to_dicts() if row["verdict"] != "undecided"]
    if said := headline(known):
        return said
    if judged:
        sentence, evidence = judged[0]["sentence"].rstrip("."), worded(judged[0]["evidence"], known.results)
        supported = judged[0]["verdict"] == "supported"
        return f"{sentence if supported else f'Not so: “{sentence}”'} ({evidence})."
    return extremes(known, first_metric(known.summary))


LEVEL = re.compile(r"(\w+) ([-\d.]+) \(([-\d.]+)-([-\d.]+)\)(.*)")


def worded(evidence: str, results: Results) -> str:
    """Return a claim's evidence for reading: a metric in words and its unit, no interval of one number."""
    found = LEVEL.fullmatch(evidence)
    if found is None:
        return evidence.replace("/", " ÷ ", 1) if "/" in evidence.partition(" ")[0] else evidence
    metric, *ends, place = found.groups()
    middle, low, high = map(float, ends)
    unit = unit_of(metric, [middle])
    if results.samples.schema.get(metric) == pl.Boolean and low == high and low in (0, 1):
        return f"{unit.words}: {'yes' if low else 'no'}{place}"
    shown = [unit.show(each * unit.factor) for each in (middle, low, high)]
    between = f" ({shown[1].removesuffix(unit.name).strip()}-{shown[2]})" if low != high else ""
    return f"{unit.words}: {shown[0]}{between}{place}"


def ranked(findings: Sequence[str]) -> list[str]:
    """Return the findings on models alone, without those on the run's resolution and its rounds."""
    apart = ("No verdicts", "Over all, ")
    return [each for each in findings if not each.startswith(apart) and "against itself" not in each]


def extremes(known: Known, metric: str) -> str:
    """Return which case has the least of a metric, and which the most."""
    rows = [row for row in known.summary.to_dicts() if row["metric"] == metric]
    rows = sorted((row for row in rows if row["median"] is not None), key=lambda row: row["median"])
    if not rows:
        return "Nothing that counts was measured."
    unit = unit_of(metric, [row["median"] for row in rows])
    least, most = rows[0], rows[-1]
    name = unit.words[:1].upper() + unit.words[1:]
    words = [f"{unit.show(row['median'] * unit.factor)} ({_place(row, known)})" for row in (least, most)]
    few = (
        f" {many(most['rounds'], 'round')}: too few for a verdict."
        if most["rounds"] < FEWEST_ROUNDS
        else ""
    )
    everywhere = f" in all {len(rows)} cases" if len(rows) > 1 else ""
    if least["median"] == most["median"]:
        return f"{name} is {words[0].split(' (')[0]}{everywhere}.{few}"
    return f"{name} goes from {words[0]} to {words[1]}.{few}"


def _place(row: Row, known: Known) -> str:
    named = [f"{axis}={row[axis]}" for axis in known.results.axes if row[axis] is not None]
    return " ".join(named) or known.name


def resolved(known: Known) -> str:
    """Return the smallest difference that the run tells, in words; empty where that is not known."""
    return "" if known.resolution is None else f"{100 * (known.resolution - 1):.1f} %"


def alternative(known: Known, stem: str) -> str:
    """Return what a figure shows, by its file's name: its own question, its kind, and the finding."""
    kind = stem.split("-")[0]
    names = known.summary["metric"].unique(maintain_order=True).to_list()
    metric = next((name for name in sorted(names, key=len, reverse=True) if name in stem), "")
    words = unit_of(metric, []).words if metric else "latencies"
    figures = known.found.experiment.figures if known.found and known.found.experiment else ()
    said = [figure.question for figure in figures if figure.question and stem_of(figure) == stem]
    said.append(KINDS.get(kind, "Figure").format(words) + ".")
    if metric and kind in ("bars", "lines"):
        said.append(extremes(known, metric))
    if not metric or metric == first_metric(known.summary):
        said += ranked(known.findings)
    said += [f"{row['sentence'].rstrip('.')}: {row['verdict']}." for row in known.judged.to_dicts()]
    return " ".join(said)
