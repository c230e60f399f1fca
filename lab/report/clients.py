"""Through which packages a model's tasks go: where two models' differ, the gap is not the models' alone."""

from collections import defaultdict
from typing import NamedTuple

from lab.catalog.models import load_model
from lab.core.words import listing
from lab.core.work import AA_SUFFIX, Case
from lab.report.load import ExperimentView


class Packages(NamedTuple):
    """The packages that each model's tasks go through, where they are known.

    split: the anchor of the experiment that measures the packages' part of a gap; empty for none.
    """

    of: dict[str, str]
    split: str = ""

    def against(self, one: str, other: str) -> str:
        """Return "requests against aiohttp": the packages of two models, where they differ."""
        known = self.of.get(one, ""), self.of.get(other, "")
        return " against ".join(known) if all(known) and known[0] != known[1] else ""

    def in_words(self) -> str:
        """Return "aiohttp under asyncio, requests under threads"; empty where all go through the same."""
        models: dict[str, list[str]] = defaultdict(list)
        for model, packages in self.of.items():
            models[packages].append(model)
        if "" in models or len(models) < 2:
            return ""
        return ", ".join(f"{packages} under {listing(names)}" for packages, names in models.items())


def packages_of(view: ExperimentView, split: str = "") -> Packages:
    """Return the packages that the tasks of each model go through.

    They are known of an experiment whose cases all run one workload. What a `measure` function imports is
    not, nor what a file that has changed since would give these cases.
    """
    if view.experiment is None or view.experiment.workload is None:
        return Packages({}, split)
    names = {str(case.get("model")).removesuffix(AA_SUFFIX) for case in view.rounds.cases}
    try:
        cases = [Case(view.name, case) for case in view.environment["experiment"]["cases"]]
        works = [view.experiment.workload_of(case) for case in cases]
        ((blocking, awaitable),) = {(work.needs, work.awaitable_needs) for work in works if work}
        awaits = {name: load_model(name).awaits for name in sorted(names)}
    except Exception:
        return Packages({}, split)
    return Packages({name: ", ".join(awaitable if awaits[name] else blocking) for name in awaits}, split)
