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
from lab.catalog.names import SLUG
from lab.core.errors import LabError
from lab.core.experiment import Experiment
from lab.core.figures import Figure
from lab.present.findings import Findings
from lab.present.sentences.comparisons import difference, findings
from lab.store.folders import ResultsFolder, reference_beside
from lab.store.reading import Results, read


@dataclass(frozen=True, slots=True)
class ExperimentView:
    """One experiment's result: its rows and summary, what follows, and the same elsewhere.

    anchor: where in the page it is; a name that is no slug gets a number.
    found: the experiment's file as it is now; None where there is none of that name.
    rounds: the numbers of each case and round. fields: the model with the least makespan in each case.
    resolution: the smallest difference that the run resolves, "1.5 %"; empty where it is not known.
    reference: the reference's results and the summary of what is compared, where there are any.
    """

    folder: Path
    anchor: str
    results: Results
    summary: pl.DataFrame
    found: Found | None
    judged: pl.DataFrame
    findings: Sequence[str]
    rounds: Rounds
    fields: Sequence[Field]
    resolution: str
    reference: tuple[Results, pl.DataFrame] | None = None

    @property
    def name(self) -> str:
        """Return the experiment's name, which is its folder's."""
        return self.folder.name

    @property
    def experiment(self) -> Experiment | None:
        """Return the experiment as its file declares it now; None where there is none that loads."""
        return self.found.experiment if self.found else None

    @property
    def figures(self) -> Sequence[Figure]:
        """Return the figures that the experiment declares now."""
        return self.experiment.figures if self.experiment else ()


def load_views(
    out: Path, at_hand: Mapping[Path, Findings] = {}
) -> tuple[list[ExperimentView], list[LabError]]:
    """Return a view of every finished result in a folder, and why other results cannot be read.

    at_hand: folder -> results that need not be read and summarised again.
    """
    views: list[ExperimentView] = []
    faults: list[LabError] = []
    for name in (names := ResultsFolder(out).names()):
        with guarded(faults, name):
            folder = ResultsFolder(out).finished(name)
            anchor = f"x-{name}" if SLUG.fullmatch(name) else f"x{len(views)}"
            views.append(_view(folder, anchor, at_hand.get(folder)))
            with guarded(faults, name, "cannot be compared with the reference: "):
                views[-1] = replace(views[-1], reference=_reference(reference_beside(out), views[-1]))
    for path in sorted(out.glob("*.partial/trials.csv")):
        name, what = path.parent.stem, "is unfinished"
        if name in names:
            what = "a later run of it is unfinished, or nothing of it counts"
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


def _view(folder: Path, anchor: str, ready: Findings | None) -> ExperimentView:
    results = ready.results if ready else read(folder)
    summary = ready.summary if ready and ready.summary.width else summarise(results)
    found = find(folder.name) if folder.name in experiment_names() else None
    experiment, rounds = found.experiment if found else None, by_round(results)
    maps = [figure.options for figure in experiment.figures if figure.kind == "map"] if experiment else []
    # What a map of makespans names as the least that models left out could have.
    least = [each.get("least", "") for each in maps if each.get("metric", METRIC) == METRIC]
    resolution = resolution_of(rounds, first_metric(summary))
    return ExperimentView(
        folder,
        anchor,
        results,
        summary,
        found,
        judge(experiment.claims if experiment else (), results),
        findings(results, summary),
        rounds,
        list(fields(rounds, str(least[0]) if least else "")),
        "" if resolution is None else difference(resolution),
    )


def _reference(folder: Path | None, view: ExperimentView) -> tuple[Results, pl.DataFrame] | None:
    """Return the reference's results and the summary of what is compared; None where it has no such."""
    if folder is None or not (folder / view.name / "trials.csv").is_file():
        return None
    results = read(folder / view.name)
    return results, summarise(results, drawn_or_claimed(view))


def metrics_of(summary: pl.DataFrame) -> list[str]:
    """Return the metrics of a summary, in its order."""
    return summary["metric"].unique(maintain_order=True).to_list()


def first_metric(summary: pl.DataFrame) -> str:
    """Return the makespan, or else the first time, or else the first metric; "" where there is none."""
    metrics = metrics_of(summary)
    return METRIC if METRIC in metrics else next(iter([*filter(is_time, metrics), *metrics]), "")


def drawn_or_claimed(view: ExperimentView) -> list[str]:
    """Return what is compared: a workload's makespan; else what figures and claims name, or all."""
    metrics = metrics_of(view.summary)
    if "service_s" in metrics:
        return [METRIC]
    claims = view.experiment.claims if view.experiment else ()
    named: set[object] = {claim.condition.metric for claim in claims}
    for option in (option for figure in view.figures for option in figure.options.values()):
        named |= set(option) if isinstance(option, tuple) else {option}
    return [metric for metric in metrics if metric in named] or metrics
