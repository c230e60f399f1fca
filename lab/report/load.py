"""Collects what the page is made of: each experiment's rows, summary, file and judged claims."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import polars as pl

from lab.analysis.claims import judge
from lab.analysis.stats import summarise
from lab.analysis.stats.decision import is_time
from lab.analysis.stats.ranking import METRIC, Field
from lab.analysis.stats.ranking import fields as fields_of
from lab.analysis.stats.ratios import resolution_of
from lab.analysis.stats.rounds import Rounds, by_round
from lab.catalog.experiments import Found, experiment_names, find
from lab.catalog.names import SLUG
from lab.core.errors import LabError, fault_of
from lab.core.experiment import Experiment
from lab.core.figures import Figure
from lab.present.findings import Findings, held
from lab.present.sentences.comparisons import difference
from lab.store.folders import ResultsFolder, reference_beside
from lab.store.reading import Results, read


@dataclass(frozen=True, eq=False)
class ExperimentView(Results):
    """One experiment's results, named after their folder, with what the page shows of them."""

    folder: Path
    anchor: str  # where in the page it is; a name that is no slug gets a number
    summary: pl.DataFrame
    source: Found | None  # the experiment's file as it is now; None where there is none of that name
    reference: tuple[Results, pl.DataFrame] | None = None  # and the summary of what is compared

    @property
    def experiment(self) -> Experiment | None:
        """Return the experiment as its file declares it now; None where there is none that loads."""
        return self.source.experiment if self.source else None

    @property
    def figures(self) -> Sequence[Figure]:
        """Return the figures that the experiment declares now."""
        return self.experiment.figures if self.experiment else ()

    @cached_property
    def rounds(self) -> Rounds:
        """Return the numbers of each case and round."""
        return by_round(self)

    @property
    def rounds_run(self) -> int:
        """Return how many rounds have trials."""
        return self.trials["round"].n_unique()

    @cached_property
    def judged(self) -> pl.DataFrame:
        """Return the claims, judged, as the experiment's file has them now."""
        return judge(self.experiment.claims if self.experiment else (), self)

    @cached_property
    def fields(self) -> Sequence[Field]:
        """Return the models with the least makespan in each case."""
        maps = [figure.options for figure in self.figures if figure.kind == "map"]
        # The metric that a map of makespans names as a lower bound of models left out.
        least = [str(each.get("least", "")) for each in maps if each.get("metric", METRIC) == METRIC]
        return list(fields_of(self.rounds, *least[:1]))

    @property
    def metrics(self) -> list[str]:
        """Return the metrics of the summary, in its order."""
        return self.summary["metric"].unique(maintain_order=True).to_list()

    @property
    def first_metric(self) -> str:
        """Return the makespan, or else the first time, or else the first metric; "" where there is none."""
        return max(self.metrics, key=lambda name: (name == METRIC, is_time(name)), default="")

    @property
    def resolution(self) -> str:
        """Return the smallest difference that the run resolves, "1.5 %"; empty where it is not known."""
        ratio = resolution_of(self.rounds, self.first_metric)
        return "" if ratio is None else difference(ratio)


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
    except Exception as error:
        fault, file = fault_of(error, where), Path(getattr(error, "where", "")).name
        reason = f"{what}{f'{file}: ' if file else ''}{fault.what}"
        faults.append(LabError(reason, where=where, remedy=fault.remedy))


def _view(folder: Path, anchor: str, ready: Findings | None) -> ExperimentView:
    results = ready or read(folder)
    summary = ready.summary if ready and ready.summary.width else summarise(results)
    source = find(folder.name) if folder.name in experiment_names() else None
    named = held(results) | {"name": folder.name}
    return ExperimentView(**named, folder=folder, anchor=anchor, summary=summary, source=source)


def _reference(folder: Path | None, view: ExperimentView) -> tuple[Results, pl.DataFrame] | None:
    """Return the reference's results and the summary of what is compared; None where it has no such."""
    if folder is None or not (folder / view.name / "trials.csv").is_file():
        return None
    results = read(folder / view.name)
    return results, summarise(results, drawn_or_claimed(view))


def drawn_or_claimed(view: ExperimentView) -> list[str]:
    """Return what is compared: a workload's makespan; else what figures and claims name, or all."""
    if "service_s" in view.metrics:
        return [METRIC]
    claims = view.experiment.claims if view.experiment else ()
    named: set[object] = {claim.condition.metric for claim in claims}
    for option in (option for figure in view.figures for option in figure.options.values()):
        named |= set(option) if isinstance(option, tuple) else {option}
    return [metric for metric in view.metrics if metric in named] or view.metrics
