"""Through which packages a model's tasks go: where two models' differ, the gap is not the models' alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from lab.catalog.models import load_model
from lab.core.words import listing
from lab.core.work import AA_SUFFIX, Case
from lab.report.load import ExperimentView
from lab.report.views import Remark

Packages = Mapping[str, str]
"""Model -> the packages that its tasks go through."""


def packages_of(view: ExperimentView) -> Packages:
    """Return the packages that the tasks of each model go through; empty where they are not known.

    They are known of an experiment whose cases all run one workload. What a `measure` function imports is
    not, nor what a file that has changed since would give these cases.
    """
    if view.experiment is None or view.experiment.workload is None:
        return {}
    names = {str(case.get("model")).removesuffix(AA_SUFFIX) for case in view.rounds.cases}
    try:
        cases = [Case(view.name, case) for case in view.results.environment["experiment"]["cases"]]
        works = [view.experiment.workload_of(case) for case in cases]
        ((blocking, awaitable),) = {(work.needs, work.awaitable_needs) for work in works if work}
        models = {name: load_model(name) for name in sorted(names)}
    except Exception:
        return {}
    return {name: ", ".join(awaitable if each.awaits else blocking) for name, each in models.items()}


def against(packages: Packages, one: str, other: str) -> str:
    """Return "requests against aiohttp": the packages of two models, where they differ."""
    known = packages.get(one, ""), packages.get(other, "")
    return " against ".join(known) if all(known) and known[0] != known[1] else ""


def remarks(view: ExperimentView, packages: Packages, split: str) -> list[Remark]:
    """Return the caveat of a comparison of models whose tasks go through different packages.

    split: the anchor of the experiment that measures the packages' part of a gap.
    """
    models: dict[str, list[str]] = defaultdict(list)
    for model, through in packages.items():
        models[through].append(model)
    if "" in models or len(models) < 2 or not view.fields:
        return []
    words = ", ".join(f"{through} under {listing(names)}" for through, names in models.items())
    text = f"The tasks go through {words}: part of the gap is the library's, not the model's."
    return [Remark(text, split, "How large a part?" if split else "")]
