"""Remarks on an answer: cases that some models lack, and the packages that their tasks go through.

A model may lack cases that were skipped, have trials that failed, or have had fewer in flight than asked.
Where the packages of two models differ, the gap is not the models' alone.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from lab.analysis.stats.intervals import median
from lab.analysis.stats.rounds import Axes
from lab.catalog.models import load_model
from lab.core.words import listing
from lab.core.work import AA_SUFFIX, Case
from lab.present.figures.selection import row_axis
from lab.present.templates import say
from lab.present.units import axis_value, number
from lab.report.load import ExperimentView

WANTED, REACHED = "asked_in_flight", ("server_peak_in_flight", "peak_in_flight")
"""The lab's own columns: how many were asked to be in flight at once, and how many were."""
ENOUGH = 0.9  # a model that reached this share of what was asked has done what it was asked
MOST = 3  # so many cases are named; of more, their number


def shortfalls(view: ExperimentView) -> list[str]:
    """Return what models did not do, in a few words each: skipped, then failed, then fewer in flight.

    Without an axis of models, the first axis names those whose cases were skipped.
    """
    by, failed, fewer = row_axis(view.axes) or "", [], []
    skipped: dict[str, list[Axes]] = defaultdict(list)
    rounds = view.rounds
    for index, (case, good, bad) in enumerate(zip(rounds.cases, rounds.good, rounds.bad, strict=True)):
        model = case.get("model") or ""
        if not good and not bad:
            skipped[case.get(by) or ""].append(case)
        elif not good:
            failed.append(say("failed_at", name=model, at=_at([case])))
        if model and not model.endswith(AA_SUFFIX) and (words := fewer_in_flight(view, index)):
            fewer.append(say("had_in_flight", name=model, words=words))
    untried = []
    for name, cases in skipped.items():
        others = [case for case in rounds.cases if (case.get(by) or "") == name]
        untried.append(say("not_tried", name=name, at=_at(cases, by, others)))
    return [*untried, *failed, *fewer]


def fewer_in_flight(view: ExperimentView, index: int) -> str:
    """Return how many a case had in flight, where more were asked: "2,711 of 5,000 in flight"."""
    rounds = view.rounds
    axis, metric = (view.experiment.in_flight if view.experiment else None) or ("", "")
    reached = next((rounds.values[name] for name in (metric, *REACHED) if name in rounds.values), None)
    if reached is None:
        return ""
    asked = rounds.cases[index].get(axis) or ""
    if WANTED in rounds.values:
        asked = str(median(rounds.values[WANTED][index][None])[0])
    wanted, had = number(asked), median(reached[index][None])[0]
    return say("of_wanted", had=had, wanted=wanted) if wanted and had < ENOUGH * wanted else ""


def _at(cases: Sequence[Axes], by: str = "model", others: Sequence[Axes] = ()) -> str | int:
    """Return where some cases are: the values of one axis, or a few cases; or only how many they are.

    others: the cases that they are some of; an axis that has more values there is named too.
    """
    axes = [axis for axis in cases[0] if axis != by]
    varied = [axis for axis in axes if len({case[axis] for case in cases}) > 1]
    if len(varied) > 1:
        return len(cases) if len(cases) > MOST else listing([str(_at([case], by)) for case in cases])
    held = [axis for axis in axes if axis not in varied]
    held = [axis for axis in held if not varied or len({other[axis] for other in others} - {None}) > 1]
    named = [f"{axis}={values}" for axis in (*varied, *held) if (values := _values(axis, cases))]
    return " ".join(named)


def _values(axis: str, cases: Sequence[Axes]) -> str:
    """Return the values of an axis as they are, or in their unit where they are numbers of bytes."""
    values = dict.fromkeys(case[axis] or "" for case in cases)
    return ", ".join(axis_value(axis, text) if axis.endswith("_bytes") else text for text in values)


class Packages(NamedTuple):
    """The packages that each model's tasks go through, where they are known."""

    of: dict[str, str]
    split: str = ""  # the anchor of the experiment that measures the packages' part of a gap

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
        return say("packages", models=models)


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
