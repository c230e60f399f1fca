"""Where in a sweep one model gets past another, in a sentence: what a figure of lines marks with a ring."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from math import inf, isnan
from typing import Any

import numpy as np

from lab.analysis.stats.counterparts import agrees
from lab.analysis.stats.crossings import Crossing, crossing
from lab.analysis.stats.intervals import Array
from lab.analysis.stats.rounds import Rounds, as_text
from lab.analysis.stats.verdicts import is_time
from lab.core.figures import Figure
from lab.core.words import TIMES, digits, interval
from lab.present.figures.cells import number, values_of
from lab.present.units import unit_of
from lab.report.load import Known
from lab.report.ranking import METRIC

SHORT = {"_ms": "ms", "_us": "µs", "_ns": "ns"}


def crossed(known: Known, figure: Figure) -> str:
    """Return what a figure's crossing says; of several panels the last; empty where there is none."""
    options: dict[str, Any] = dict(figure.options)
    first, second, *by = options.pop("crossing")
    x, metric = str(options.pop("x", "")), str(options.pop("metric", METRIC))
    rounds = known.rounds
    axis = next((axis for axis in rounds.axes if {first, second} <= set(values_of(rounds.cases, axis))), "")
    if metric not in rounds.values or x not in rounds.axes or not axis:
        return ""
    lead = float(by[0]) if by else 1.0
    open_axes = [each for each in rounds.axes if each not in (x, axis)]
    fixed = [_picked(rounds, each, x, options) for each in open_axes]
    said = ""
    for values in product(*fixed):
        where = dict(zip(open_axes, values, strict=True))
        swept, lines = _lines(rounds, metric, x, [where | {axis: name} for name in (first, second)])
        found = crossing(swept, lines[0], lines[1], lead) if len(swept) else None
        said = _words(found, first, second, lead, x, metric) if found else said
    return said


def _picked(rounds: Rounds, axis: str, x: str, options: Mapping[str, Any]) -> list[str | None]:
    """Return the values of an axis that a figure shows; None, which all agree with, where it holds none."""
    there = values_of(rounds.cases, axis)
    if axis not in options and len({(case[x], case[axis]) for case in rounds.cases}) <= len(
        {case[x] for case in rounds.cases}
    ):
        return [None]  # it follows from what is swept
    picked = options.get(axis, there)
    several = picked if isinstance(picked, tuple | list) else (picked,)
    return [as_text(value) for value in several if as_text(value) in there] or [None]


def _lines(
    rounds: Rounds, metric: str, x: str, lines: list[dict[str, str | None]]
) -> tuple[Array, list[Array]]:
    """Return the swept numbers in their order, and what each line has there: [values, rounds]."""
    named = {number(text): text for text in values_of(rounds.cases, x)}
    swept = sorted(value for value in named if value is not None and value > 0)
    values = rounds.values[metric]
    found = []
    for where in lines:
        line = np.full((len(swept), values.shape[1]), np.nan)
        for row, value in enumerate(swept):
            for place, case in enumerate(rounds.cases):
                if agrees(case, where | {x: named[value]}):
                    line[row] = values[place]
        found.append(line)
    return np.array(swept), found


def _words(found: Crossing, first: str, second: str, lead: float, x: str, metric: str) -> str:
    sooner, later = (second, first) if found.below else (first, second)
    end, timed = place(x, found.last), is_time(metric)
    if not found.significant:
        return f"Up to {end}, `{first}` and `{second}` cannot be told apart."
    last = f"at {end} `{later}` take{'' if later.endswith('s') else 's'} {_much(found)} as long"
    if not timed:
        last = f"at {end} the {unit_of(metric, []).words} of `{later}` is {_much(found)} that of `{sooner}`"
    by = f"by {100 * (lead - 1):.0f} % or more " if lead > 1 else ""
    better = f"{'are' if sooner.endswith('s') else 'is'} {by}{'sooner than' if timed else 'below'}"
    ahead = f"`{sooner}` {better} `{later}`"
    if found.at == -inf:
        return f"All the way from {place(x, found.first)}, {ahead}; {last}."
    if found.at == inf:
        return f"Up to {end} neither `{first}` nor `{second}` gets {by}ahead for good; {last}."
    sure = ""  # as after too few rounds
    if not isnan(found.low):
        sure = f" (95 % interval: {_bound(found.low, found, x)} to {_bound(found.high, found, x)})"
    return f"From {place(x, found.at, 'about ')} on{sure}, {ahead}; {last}."


def _much(found: Crossing) -> str:
    """Return how many times as much the one behind has at the end."""
    ratio, low, high = found.ratio, found.ratio_low, found.ratio_high
    if found.below:
        ratio, low, high = 1 / ratio, 1 / high, 1 / low
    return f"{digits(ratio)}{TIMES}" if isnan(low) else interval(ratio, low, high, unit=TIMES)


def _bound(at: float, found: Crossing, x: str) -> str:
    if at == -inf:
        return f"below {amount(x, found.first)}"
    return f"beyond {amount(x, found.last)}" if at == inf else amount(x, at)


def place(axis: str, at: float, about: str = "") -> str:
    """Return a place on a swept axis in words: "1,020 in flight", "a task of 1.5 ms"."""
    ending = next((ending for ending in SHORT if axis.endswith(ending)), "")
    words = axis.removesuffix(ending).replace("_", " ") if ending else unit_of(axis, [at]).words
    sized = ending or unit_of(axis, [at]).name
    return f"a {words} of {about}{amount(axis, at)}" if sized else f"{about}{amount(axis, at)} {words}"


def amount(axis: str, at: float) -> str:
    """Return a value of a swept axis in its unit, to three figures."""
    ending = next((ending for ending in SHORT if axis.endswith(ending)), "")
    unit = unit_of(axis, [at])
    if unit.name:
        return unit.show(at * unit.factor)
    at = float(f"{at:.3g}")
    return f"{at:,.10g} {SHORT[ending]}" if ending else f"{at:,.10g}"
