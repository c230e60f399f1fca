"""Where in a sweep one model gets past another, in words: lines for a figure, a sentence for the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import inf, isnan
from typing import Any

import numpy as np

from lab.analysis.stats.counterparts import agrees
from lab.analysis.stats.crossings import Crossing, crossing
from lab.analysis.stats.intervals import Array
from lab.analysis.stats.rounds import Axes, Rounds, as_text
from lab.analysis.stats.verdicts import is_time
from lab.core.figures import Figure
from lab.core.words import TIMES, digits, does, interval
from lab.present.figures.cells import number, panels, values_of
from lab.present.units import axis_point, axis_value, unit_of

TOO_CLOSE = "{first} and {second} are too close to tell apart in the end"
NEVER = "neither {first} nor {second} stays {by}ahead"
THROUGHOUT = "{ahead} {than} {behind} all the way from {at}"
FROM = "{ahead} {than} {behind} from {at} on"
SURE = "95 % interval {low} to {high}"
TAKES = "at {last}, {behind} {ratio} as long"
AMOUNTS = "at {last}, the {metric} of {ahead} is {ratio} that of {behind}"


@dataclass(frozen=True, slots=True)
class CrossingText:
    """What a crossing's words need: the two lines' names, the lead that counts, and how x is written.

    point, value: a swept value with what it counts ("1,020 in flight"), and without it ("1,020").
    """

    found: Crossing
    first: str
    second: str
    lead: float
    metric: str
    point: Callable[[float], str]
    value: Callable[[float], str]

    @property
    def lines(self) -> list[str]:
        """Return who is ahead and from where on, the interval of that place, and how far in the end."""
        found, point = self.found, self.point
        names = {"first": self.first, "second": self.second}
        by = f"at least {100 * (self.lead - 1):.0f} % " if self.lead > 1 else ""
        if not found.significant:
            return [TOO_CLOSE.format(**names), self._end()]
        if found.at == inf:
            return [NEVER.format(**names, by=by), self._end()]
        ahead, behind = self._ranked()
        than = f"{by}{'faster than' if is_time(self.metric) else 'above'}"
        ranked = {"ahead": does(ahead, "be"), "than": than, "behind": behind}
        if found.at == -inf:
            return [THROUGHOUT.format(**ranked, at=point(found.first)), self._end()]
        bounds = (
            [] if isnan(found.low) else [SURE.format(low=self._at(found.low), high=self._at(found.high))]
        )
        return [FROM.format(**ranked, at=point(found.at)), *bounds, self._end()]

    @property
    def sentence(self) -> str:
        """Return the same as one sentence."""
        ahead, *bounds, end = self.lines
        text = f"{ahead}{f' ({bounds[0]})' if bounds else ''}; {end}."
        return text[:1].upper() + text[1:]

    def _ranked(self) -> tuple[str, str]:
        """Return the line that is ahead in the end, by less time or by more of the rest, and the other."""
        faster = self.found.below == is_time(self.metric)
        return (self.second, self.first) if faster else (self.first, self.second)

    def _at(self, place: float) -> str:
        if place == -inf:
            return f"below {self.value(self.found.first)}"
        return f"beyond {self.value(self.found.last)}" if place == inf else self.value(place)

    def _end(self) -> str:
        """Return how many times as much the larger is at the last swept value."""
        found, (ahead, behind) = self.found, self._ranked()
        ratio, low, high = found.ratio, found.ratio_low, found.ratio_high
        if found.below:
            ratio, low, high = 1 / ratio, 1 / high, 1 / low
        words = f"{digits(ratio)}{TIMES}" if isnan(low) else interval(ratio, low, high, unit=TIMES)
        last = self.point(found.last)
        if is_time(self.metric):
            return TAKES.format(last=last, behind=does(behind, "take"), ratio=words)
        metric = unit_of(self.metric, []).words
        return AMOUNTS.format(last=last, metric=metric, ahead=ahead, behind=behind, ratio=words)


def crossing_sentence(rounds: Rounds, figure: Figure) -> str:
    """Return what a figure's crossing says; of several panels the last; empty where there is none."""
    options: dict[str, Any] = dict(figure.options)
    first, second, *by = options.pop("crossing")
    x, metric = str(options.pop("x", "")), str(options.pop("metric", "makespan_s"))
    axis = next((axis for axis in rounds.axes if {first, second} <= set(values_of(rounds.cases, axis))), "")
    if metric not in rounds.values or x not in rounds.axes or not axis:
        return ""
    numbers = {value: text for text in values_of(rounds.cases, x) if (value := number(text) or 0.0) > 0}
    swept = {value: numbers[value] for value in sorted(numbers)}
    lead, sentence = float(by[0]) if by else 1.0, ""
    for fixed in _panels(rounds, x, axis, {axis: (first, second), **options}):
        lines = [_line(rounds, metric, x, swept, {**fixed, axis: name}) for name in (first, second)]
        found = crossing(np.array(list(swept)), lines[0], lines[1], lead) if swept else None
        if found:
            shown = [partial(axis_point, x), partial(axis_value, x)]
            sentence = CrossingText(found, f"`{first}`", f"`{second}`", lead, metric, *shown).sentence
    return sentence


def _panels(rounds: Rounds, x: str, axis: str, where: Mapping[str, Any]) -> Sequence[Axes]:
    """Return what each panel of a figure holds fixed; an axis that follows from the swept one is free."""
    pairs = {each: len({(case[x], case[each]) for case in rounds.cases}) for each in rounds.axes}
    fixed = [each for each in rounds.axes if each != axis and (each in where or pairs[each] > pairs[x])]
    cases: Sequence[Axes] = rounds.cases
    for each in {*where} & {*rounds.axes}:
        picked = where[each] if isinstance(where[each], tuple | list) else (where[each],)
        texts = {None, *map(as_text, picked)}
        cases = [case for case in cases if case[each] in texts]
    return panels(cases, fixed)


def _line(rounds: Rounds, metric: str, x: str, swept: Mapping[float, str], where: Axes) -> Array:
    """Return what a line has at each of the swept values: [values, rounds], NaN where there is no case."""
    values = rounds.values[metric]
    line = np.full((len(swept), values.shape[1]), np.nan)
    for row, text in enumerate(swept.values()):
        for index, case in enumerate(rounds.cases):
            if agrees(case, {**where, x: text}):
                line[row] = values[index]
    return line
