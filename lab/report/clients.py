"""Through which packages a model's tasks go: where two models' differ, their gap is not theirs alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from lab.catalog.models import load_model
from lab.catalog.names import model_names
from lab.core.experiment import Experiment
from lab.core.words import listing
from lab.core.work import AA_SUFFIX, Case
from lab.report.load import Known
from lab.report.views import Remark

Packages = tuple[tuple[str, ...], tuple[str, ...]]
"""What a workload imports for models that block, and for those that await."""


def told_apart(known: Sequence[Known], places: Sequence[str]) -> str:
    """Return the place in the page that tells a library's part from a model's: clients are an axis."""
    found = (place for each, place in zip(known, places, strict=True) if "client" in each.results.axes)
    return next(found, "")


def remarks(known: Known, to: str) -> list[Remark]:
    """Return what a comparison of models whose tasks go through different packages has to be read with."""
    if not known.fields:
        return []
    names = {str(case["model"]).removesuffix(AA_SUFFIX) for case in known.rounds.cases}
    packages: dict[str, list[str]] = defaultdict(list)
    for model, through in differing(known, *sorted(names)).items():
        packages[through].append(model)
    said = ", ".join(f"{through} under {listing(models)}" for through, models in packages.items())
    words = f"The tasks go through {said}: part of the gap is the library's, not the model's."
    return [Remark(words, to, "How large a part?" if to else "")] if said else []


def apart(known: Known, *models: str) -> str:
    """Return through which packages the tasks of some models go, where those differ."""
    return " against ".join(differing(known, *models).values())


def differing(known: Known, *models: str) -> dict[str, str]:
    """Return model -> the packages that its tasks go through; empty unless some of the models differ."""
    experiment = known.found.experiment if known.found else None
    if experiment is None or not set(models) <= set(model_names()):
        return {}
    try:
        packages = _packages(known, experiment)
    except Exception:  # a file that has changed since may not know these cases
        return {}
    through = {model: ", ".join(packages[load_model(model).awaits]) for model in models}
    return through if all(through.values()) and len(set(through.values())) > 1 else {}


def _packages(known: Known, experiment: Experiment) -> Packages:
    """Return the packages of an experiment's workload; none where there are several.

    What a `measure` function runs, nobody else can know.
    """
    if experiment.workload is None:
        return ((), ())
    cases = known.results.environment["experiment"]["cases"]
    works = [experiment.workload_of(Case(known.name, case)) for case in cases]
    found = {(work.needs, work.awaitable_needs) for work in works if work is not None}
    return found.pop() if len(found) == 1 else ((), ())
