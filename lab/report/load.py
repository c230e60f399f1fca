"""Collects what the page is made of: each experiment's rows, summary, file and judged claims."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from lab.analysis.claims import SCHEMA, judge
from lab.analysis.stats import resolution, summarise
from lab.analysis.stats.ranking import METRIC, Field, fields
from lab.analysis.stats.rounds import Rounds, by_round
from lab.analysis.stats.verdicts import is_time
from lab.catalog.experiments import Found
from lab.core.errors import LabError
from lab.present.figures.draw import Drawing, draw
from lab.present.figures.filenames import stem
from lab.present.findings import Findings
from lab.present.sentences.comparisons import findings as findings_of
from lab.report.packing import found_of
from lab.store.folders import Places, reference_beside
from lab.store.reading import Results, read


@dataclass(frozen=True, slots=True)
class Known:
    """One experiment's result: its folder, rows and summary, what follows, and the same elsewhere.

    found: the experiment's file as it is now; None where there is none of that name.
    rounds: the numbers of each case and round. fields: who has the least makespan in each case.
    resolution: the smallest ratio that the run tells, where that is known.
    reference: the reference's results and the summary of what is compared, where there are any.
    """

    name: str
    folder: Path
    results: Results
    summary: pl.DataFrame
    judged: pl.DataFrame
    findings: Sequence[str]
    found: Found | None
    rounds: Rounds
    fields: Sequence[Field]
    resolution: float | None = None
    reference: tuple[Results, pl.DataFrame] | None = None


def gather(out: Path, at_hand: Mapping[Path, Findings] = {}) -> tuple[list[Known], list[LabError]]:
    """Return what is known of every finished result in a folder, and which results cannot be read.

    Those `at_hand`, by their folders, are not read and summarised again.
    """
    known: list[Known] = []
    unread: dict[str, list[str]] = defaultdict(list)
    alone: dict[str, list[str]] = defaultdict(list)
    names, reference = Places(out).names(), reference_beside(out)
    for name in names:
        folder = Places(out).finished(name)
        try:
            ready = at_hand.get(folder)
            results = ready.results if ready else read(folder)
            summary = ready.summary if ready and ready.summary.width else summarise(results)
            found = found_of(name)
            claims = found.experiment.claims if found and found.experiment else ()
            judged = judge(claims, results)
            findings = findings_of(results, summary)
            told = resolution(results, first_metric(summary))
            rounds = by_round(results)
            leads = list(fields(rounds, _least(found)))
        except LabError as fault:
            unread[f"{Path(fault.where).name}: {fault.what}; {fault.remedy}"].append(name)
            continue
        except Exception as error:  # a result that another lab wrote may be anything
            unread[f"{type(error).__name__}: {error}"].append(name)
            continue
        same, why = _reference(reference, name, drawn_or_claimed(summary, found))
        if why:
            alone[why].append(name)
        known.append(
            Known(name, folder, results, summary, judged, findings, found, rounds, leads, told, same)
        )
    faults = [LabError(why, where=", ".join(missed)) for why, missed in unread.items()]
    for path in sorted(out.glob("*.partial/trials.csv")):
        name = path.parent.stem
        what = (
            "a later run of it is unfinished, or nothing of it counts" if name in names else "is unfinished"
        )
        faults.append(LabError(what, where=name, remedy=f"lab run {name} --resume"))
    for why, missed in alone.items():
        where = f"the comparison of {', '.join(missed)} with the reference"
        faults.append(LabError(why, where=where, remedy="measure the reference again"))
    return known, faults + [fault for each in known for fault in _draw_missing(each)]


def _draw_missing(known: Known) -> list[LabError]:
    """Draw the declared figures of which there is no file; return what could not be drawn and why."""
    figures = known.found.experiment.figures if known.found and known.found.experiment else ()
    missing = [figure for figure in figures if not (known.folder / f"{stem(figure)}.png").is_file()]
    return draw(Drawing(missing, known.results, known.summary, known.folder)).faults


def _least(found: Found | None) -> str:
    """Return what a map of makespans says that those need at least who were left out of it."""
    figures = found.experiment.figures if found and found.experiment else ()
    options = (figure.options for figure in figures if figure.kind == "map")
    names = (str(each.get("least", "")) for each in options if each.get("metric", METRIC) == METRIC)
    return next(names, "")


def every_claim(known: Sequence[Known]) -> pl.DataFrame:
    """Return the judged claims of all experiments: experiment, sentence, statement, verdict, evidence."""
    tables = [pl.DataFrame(schema={"experiment": pl.String, **SCHEMA})]
    tables += [
        each.judged.select(pl.lit(each.name, pl.String).alias("experiment"), *SCHEMA) for each in known
    ]
    return pl.concat(tables)


def first_metric(summary: pl.DataFrame) -> str:
    """Return the makespan, or else the first time, or else the first metric; "" where there is none."""
    names = summary["metric"].unique(maintain_order=True).to_list()
    times = [name for name in names if is_time(name)]
    return "makespan_s" if "makespan_s" in names else next(iter([*times, *names]), "")


def drawn_or_claimed(summary: pl.DataFrame, found: Found | None) -> list[str]:
    """Return what is compared: a workload's makespan; else what figures and claims name, or all."""
    there: list[str] = summary["metric"].unique(maintain_order=True).to_list()
    if "service_s" in there:
        return ["makespan_s"]
    experiment = found.experiment if found else None
    named: set[object] = set()
    if experiment:
        named |= {claim.condition.metric for claim in experiment.claims}
        for option in (option for figure in experiment.figures for option in figure.options.values()):
            named |= set(option) if isinstance(option, tuple) else {option}
    return [metric for metric in there if metric in named] or there


def _reference(
    folder: Path | None, name: str, metrics: Sequence[str]
) -> tuple[tuple[Results, pl.DataFrame] | None, str]:
    """Return the reference's results and summary, or why there are none; nothing where it has no such."""
    if folder is None or not (folder / name / "trials.csv").is_file():
        return None, ""
    try:
        results = read(folder / name)
        return (results, summarise(results, metrics)), ""
    except LabError as error:
        return None, f"it cannot be read: {error.what}"
    except Exception as error:  # another lab wrote it
        return None, f"it cannot be read: {type(error).__name__}: {error}"
