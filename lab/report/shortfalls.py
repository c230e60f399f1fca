"""What some models did not do: cases that were cut, trials that failed, fewer in flight than asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np

from lab.analysis.stats.intervals import median
from lab.analysis.stats.rounds import Axes, Rounds
from lab.core.words import listing
from lab.core.work import AA_SUFFIX
from lab.present.figures.cells import row_axis
from lab.present.units import axis_value
from lab.report.load import Known

ASKED, REACHED = "asked_in_flight", ("server_peak_in_flight", "server_peak", "peak_in_flight")
FEW = 0.9
"""Who had less than this share of what was asked in flight at once did not have it in flight."""
AXIS = "in_flight"
FEWEST = 3
"""So many cases are named; of more, their number."""


def lacking(known: Known) -> list[str]:
    """Return what models did not do, in a few words each: what was cut first, then what fell short."""
    return [*_cut(known), *_failed(known), *_short(known.rounds)]


def _cut(known: Known) -> Iterator[str]:
    """Yield which models were not tried at some values: "`threads` not tried at in_flight=10000".

    Where there is no axis of models, the first axis is theirs.
    """
    by = row_axis(known.results.axes) or ""
    places: dict[str, list[Axes]] = defaultdict(list)
    for case in _cases(known, "skipped"):
        places[str(case.get(by) or "")].append(case)
    for model, cases in places.items():
        others = [case for case in known.rounds.cases if str(case.get(by) or "") == model]
        yield f"{f'`{model}` ' if model else ''}not tried{_at(cases, by, others)}"


def _at(cases: Sequence[Axes], by: str = "model", others: Sequence[Axes] = ()) -> str:
    """Return where some cases stand: at the values of one axis, at a few places, or in how many cases.

    others: the cases that they are some of; an axis that has more values there is told as well.
    """
    axes = [axis for axis in cases[0] if axis != by and len({case[axis] for case in cases}) > 1]
    if len(axes) == 1:
        values = ", ".join(dict.fromkeys(_value(axes[0], case) for case in cases))
        return f" at {axes[0]}={values}{_besides(cases[0], others, (by, axes[0]))}"
    if len(cases) > FEWEST:
        return f" in {len(cases)} cases"
    places = [_place(case, by) for case in cases]
    return f" at {listing(places)}" if any(places) else ""


def _besides(case: Axes, others: Sequence[Axes], told: Sequence[str]) -> str:
    """Return the axes that are not told yet and do not have this case's value in all the others."""
    apart = [axis for axis in case if axis not in told and case[axis]]
    apart = [axis for axis in apart if len({other[axis] for other in others} - {None}) > 1]
    return "".join(f" {axis}={_value(axis, case)}" for axis in apart)


def _value(axis: str, case: Axes) -> str:
    """Return a value of an axis as it is, or in its unit where that is of bytes."""
    text = str(case[axis])
    return axis_value(axis, float(text)) if axis.endswith("_bytes") and text.isdigit() else text


def _failed(known: Known) -> Iterator[str]:
    """Yield which models have cases of which no trial counts."""
    for place, case in enumerate(known.rounds.cases):
        if known.rounds.bad[place] and not known.rounds.good[place]:
            yield f"{f'`{model}` ' if (model := case.get('model')) else ''}failed{_at([case])}"


def _short(rounds: Rounds) -> Iterator[str]:
    """Yield who had fewer in flight than was asked: "`threads` had 2,711 of 5,000 in flight"."""
    for place, case in enumerate(rounds.cases):
        model = case.get("model") or ""
        if model and not model.endswith(AA_SUFFIX) and (words := fell_short(rounds, place)):
            yield f"`{model}` had {words}"


def fell_short(rounds: Rounds, place: int) -> str:
    """Return how many a case had in flight, where it was asked for more: "2,711 of 5,000 in flight"."""
    reached = next((rounds.values[name] for name in REACHED if name in rounds.values), None)
    if reached is None:
        return ""
    asked, had = _asked(rounds, place), float(median(reached[place][None])[0])
    return f"{had:,.0f} of {asked:,.0f} in flight" if asked and had < FEW * asked else ""


def _asked(rounds: Rounds, place: int) -> float:
    """Return how many a case was asked to have in flight; 0 where nobody knows."""
    if ASKED in rounds.values:
        asked = float(median(rounds.values[ASKED][place][None])[0])
    else:
        text = rounds.cases[place].get(AXIS) or ""
        asked = float(text) if text.isdigit() else 0.0
    return 0.0 if np.isnan(asked) else asked


def _cases(known: Known, status: str) -> list[Axes]:
    """Return the cases that have trials of a status, in the grid's order."""
    trials = known.results.trials.filter(known.results.trials["status"] == status)
    there = set(trials.select(known.results.axes).rows()) if known.results.axes else set()
    return [case for case in known.rounds.cases if tuple(case.values()) in there]


def _place(case: Axes, by: str) -> str:
    return " ".join(f"{axis}={_value(axis, case)}" for axis, value in case.items() if axis != by and value)
