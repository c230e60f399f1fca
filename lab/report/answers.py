"""Numbers → the words that stand for them: an experiment's answer, and what a figure shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lab.figures.units import unit_of
from lab.report.gathering import Known, first_metric
from lab.stats.intervals import FEWEST_ROUNDS
from lab.stats.words import many

Row = Mapping[str, Any]
KINDS = {
    "bars": "Bars of {}",
    "lines": "Lines of {}",
    "matrix": "Table of facts",
    "distribution": "Distribution of the tasks' {}",
}


def answer(known: Known) -> str:
    """Return what was measured in one sentence.

    That is the finding for the last case of the baseline where there is a verdict; else the first claim
    that is settled; else the least and the greatest of what was measured.
    """
    judged = [row for row in known.judged.to_dicts() if row["verdict"] != "undecided"]
    findings = ranked(known.findings)
    if findings:
        return findings[-1]
    if judged:
        word = "Yes" if judged[0]["verdict"] == "supported" else "Not so"
        return f"{word}: {judged[0]['sentence'].rstrip('.')} ({judged[0]['evidence']})."
    return extremes(known, first_metric(known.summary))


def ranked(findings: Sequence[str]) -> list[str]:
    """Return the findings on models alone, without those on the run's resolution and its rounds."""
    apart = ("No verdicts", "Over all ")
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
    """Return what a figure shows, by its file's name: its kind, and the finding."""
    kind = stem.split("-")[0]
    names = known.summary["metric"].unique(maintain_order=True).to_list()
    metric = next((name for name in sorted(names, key=len, reverse=True) if name in stem), "")
    words = unit_of(metric, []).words if metric else "latencies"
    said = [KINDS.get(kind, "Figure").format(words) + "."]
    if metric and kind in ("bars", "lines"):
        said.append(extremes(known, metric))
    if not metric or metric == first_metric(known.summary):
        said += ranked(known.findings)
    said += [f"{row['sentence'].rstrip('.')}: {row['verdict']}." for row in known.judged.to_dicts()]
    return " ".join(said)
