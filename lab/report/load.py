"""Collects what the page is made of: each experiment's rows, summary, file and judged claims."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from lab.analysis.claims import judge
from lab.analysis.stats import summarise
from lab.analysis.stats.ranking import METRIC, Field, fields
from lab.analysis.stats.ratios import resolution_of
from lab.analysis.stats.rounds import Rounds, by_round
from lab.analysis.stats.verdicts import is_time
from lab.catalog.experiments import Found, experiment_names, find
from lab.core.errors import LabError
from lab.core.experiment import Experiment
from lab.core.figures import Figure
from lab.present.findings import Findings
from lab.present.sentences.comparisons import findings
from lab.store.folders import Places, reference_beside
from lab.store.reading import Results, read


@dataclass(frozen=True, slots=True)
class ExperimentView:
    """One experiment's result: its folder, rows and summary, what follows, and the same elsewhere.

    found: the experiment's file as it is now; None where there is none of that name.
    rounds: the numbers of each case and round. fields: the model with the least makespan in each case.
    resolution: the smallest ratio that the run resolves, where that is known.
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

    @property
    def experiment(self) -> Experiment | None:
        """Return the experiment as its file declares it now; None where there is none that loads."""
        return self.found.experiment if self.found else None


def load_views(
    out: Path, at_hand: Mapping[Path, Findings] = {}
) -> tuple[list[ExperimentView], list[LabError]]:
    """Return a view of every finished result in a folder, and why other results cannot be read.

    at_hand: folder -> results that need not be read and summarised again.
    """
    views: list[ExperimentView] = []
    faults: list[LabError] = []
    for name in (names := Places(out).names()):
        with guarded(faults, name):
            folder = Places(out).finished(name)
            views.append(_view(name, folder, at_hand.get(folder)))
            with guarded(faults, name, "cannot be compared with the reference: "):
                views[-1] = replace(views[-1], reference=_reference(reference_beside(out), views[-1]))
    for path in sorted(out.glob("*.partial/trials.csv")):
        name = path.parent.stem
        later = "a later run of it is unfinished, or nothing of it counts"
        what = later if name in names else "is unfinished"
        faults.append(LabError(what, where=name, remedy=f"lab run {name} --resume"))
    return views, faults


@contextmanager
def guarded(faults: list[LabError], where: str, what: str = "") -> Iterator[None]:
    """Turn whatever goes wrong into a fault: another lab may have measured anything."""
    try:
        yield
    except LabError as error:
        reason = f"{what}{Path(error.where).name}: {error.what}"
        faults.append(LabError(reason, where=where, remedy=error.remedy))
    except Exception as error:
        faults.append(LabError(f"{what}{type(error).__name__}: {error}", where=where))


def _view(name: str, folder: Path, ready: Findings | None) -> ExperimentView:
    results = ready.results if ready else read(folder)
    summary = ready.summary if ready and ready.summary.width else summarise(results)
    found = find(name) if name in experiment_names() else None
    experiment = found.experiment if found else None
    rounds = by_round(results)
    return ExperimentView(
        name,
        folder,
        results,
        summary,
        judge(experiment.claims if experiment else (), results),
        findings(results, summary),
        found,
        rounds,
        list(fields(rounds, _least(experiment.figures if experiment else ()))),
        resolution_of(rounds, first_metric(summary)),
    )


def _reference(folder: Path | None, view: ExperimentView) -> tuple[Results, pl.DataFrame] | None:
    """Return the reference's results and the summary of what is compared; None where it has no such."""
    if folder is None or not (folder / view.name / "trials.csv").is_file():
        return None
    results = read(folder / view.name)
    return results, summarise(results, drawn_or_claimed(view.summary, view.found))


def _least(figures: Sequence[Figure]) -> str:
    """Return the metric that a map of makespans names as the least that models left out could have."""
    maps = (figure.options for figure in figures if figure.kind == "map")
    return next((str(each.get("least", "")) for each in maps if each.get("metric", METRIC) == METRIC), "")


def first_metric(summary: pl.DataFrame) -> str:
    """Return the makespan, or else the first time, or else the first metric; "" where there is none."""
    names = summary["metric"].unique(maintain_order=True).to_list()
    times = [name for name in names if is_time(name)]
    return METRIC if METRIC in names else next(iter([*times, *names]), "")


def drawn_or_claimed(summary: pl.DataFrame, found: Found | None) -> list[str]:
    """Return what is compared: a workload's makespan; else what figures and claims name, or all."""
    metrics: list[str] = summary["metric"].unique(maintain_order=True).to_list()
    if "service_s" in metrics:
        return [METRIC]
    named: set[object] = set()
    if found and found.experiment:
        named = {claim.condition.metric for claim in found.experiment.claims}
        for option in (option for each in found.experiment.figures for option in each.options.values()):
            named |= set(option) if isinstance(option, tuple) else {option}
    return [metric for metric in metrics if metric in named] or metrics
