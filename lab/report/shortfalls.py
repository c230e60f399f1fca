"""What some models did not do: cases that were skipped, trials that failed, fewer in flight than asked."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from lab.analysis.stats.intervals import median
from lab.analysis.stats.rounds import Axes
from lab.core.words import listing
from lab.core.work import AA_SUFFIX
from lab.present.figures.cells import number, row_axis
from lab.present.units import axis_value
from lab.report.load import ExperimentView

ASKED, REACHED = "asked_in_flight", ("server_peak_in_flight", "peak_in_flight")
"""The lab's own columns: how many were asked to be in flight at once, and how many were."""
ENOUGH = 0.9
"""A model that reached this share of what was asked has done what it was asked."""
MOST = 3
"""So many cases are named; of more, their number."""


def shortfalls(view: ExperimentView) -> list[str]:
    """Return what models did not do, in a few words each: skipped, then failed, then fewer in flight."""
    return [*_skipped(view), *_failed(view), *_fewer(view)]


def _skipped(view: ExperimentView) -> Iterator[str]:
    """Yield which models were not tried at some values: "`threads` not tried at in_flight=10000".

    Without an axis of models, the first axis names the rows.
    """
    by = row_axis(view.axes) or ""
    rows: dict[str, list[Axes]] = defaultdict(list)
    for case, *trials in zip(view.rounds.cases, view.rounds.good, view.rounds.bad, strict=True):
        if not any(trials):  # only skipped ones are neither good nor bad
            rows[str(case.get(by) or "")].append(case)
    for name, cases in rows.items():
        others = [case for case in view.rounds.cases if str(case.get(by) or "") == name]
        yield f"{f'`{name}` ' if name else ''}not tried{_at(cases, by, others)}"


def _failed(view: ExperimentView) -> Iterator[str]:
    """Yield which models have cases of which no trial counts."""
    for case, good, bad in zip(view.rounds.cases, view.rounds.good, view.rounds.bad, strict=True):
        if bad and not good:
            yield f"{f'`{model}` ' if (model := case.get('model')) else ''}failed{_at([case])}"


def _fewer(view: ExperimentView) -> Iterator[str]:
    """Yield which models had fewer in flight than asked: "`threads` had 2,711 of 5,000 in flight"."""
    for index, case in enumerate(view.rounds.cases):
        model = case.get("model") or ""
        if model and not model.endswith(AA_SUFFIX) and (words := fewer_in_flight(view, index)):
            yield f"`{model}` had {words}"


def fewer_in_flight(view: ExperimentView, index: int) -> str:
    """Return how many a case had in flight, where more were asked: "2,711 of 5,000 in flight"."""
    rounds = view.rounds
    axis, metric = (view.experiment.in_flight if view.experiment else None) or ("", "")
    reached = next((rounds.values[name] for name in (metric, *REACHED) if name in rounds.values), None)
    if reached is None:
        return ""
    asked = rounds.cases[index].get(axis) or ""
    if ASKED in rounds.values:
        asked = str(median(rounds.values[ASKED][index][None])[0])
    wanted, had = number(asked), median(reached[index][None])[0]
    return f"{had:,.0f} of {wanted:,.0f} in flight" if wanted and had < ENOUGH * wanted else ""


def _at(cases: Sequence[Axes], by: str = "model", others: Sequence[Axes] = ()) -> str:
    """Return where some cases are: at the values of one axis, in a few cases, or in how many.

    others: the cases that they are some of; an axis that has more values there is named too.
    """
    axes = [axis for axis in cases[0] if axis != by]
    varied = [axis for axis in axes if len({case[axis] for case in cases}) > 1]
    if len(varied) > 1:
        places = [_at([case], by).removeprefix(" at ") for case in cases]
        return f" in {len(cases)} cases" if len(cases) > MOST else f" at {listing(places)}"
    held = [axis for axis in axes if axis not in varied]
    held = [axis for axis in held if not varied or len({other[axis] for other in others} - {None}) > 1]
    named = [f"{axis}={values}" for axis in (*varied, *held) if (values := _values(axis, cases))]
    return f" at {' '.join(named)}" if named else ""


def _values(axis: str, cases: Sequence[Axes]) -> str:
    """Return the values of an axis as they are, or in their unit where they are numbers of bytes."""
    values = dict.fromkeys(case[axis] or "" for case in cases)
    in_bytes = axis.endswith("_bytes")
    return ", ".join(
        axis_value(axis, float(text)) if in_bytes and text.isdigit() else text for text in values
    )
