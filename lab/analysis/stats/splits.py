"""A gap between two models, split: how much is the model, and how much what differs with it.

Two models are compared with a library each. With one and the same library, the control, in both, their
ratio is the model's factor; what is left of the first ratio is the other axis's.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from lab.analysis.stats.counterparts import counterparts, matching
from lab.analysis.stats.intervals import Array, mean_interval
from lab.analysis.stats.ratios import log_ratio
from lab.analysis.stats.rounds import Axes, Rounds
from lab.core.claims import Gap
from lab.core.work import Value


class Split(NamedTuple):
    """A gap and its two factors at `where`, the other axes: log-ratios by round, gap = model + rest."""

    where: Axes
    gap: Array
    model: Array
    rest: Array


def splits(rounds: Rounds, gap: Gap, metric: str, where: Mapping[str, Value]) -> list[Split]:
    """Return the split for each combination of the other axes that has all four cases, in grid order."""
    values, parts = rounds.values[metric], []
    for one in matching(rounds.cases, where):
        case = rounds.cases[one]
        if (case.get("model"), case.get(gap.axis)) != (gap.model, gap.of):
            continue
        others = counterparts(case, gap.to, rounds.cases)
        controls = counterparts(case, gap.control, rounds.cases, gap.axis)
        if len(others) != 1 or len(controls) != 1:
            continue
        both = counterparts(rounds.cases[controls[0]], gap.to, rounds.cases)
        if len(both) == 1:
            whole = log_ratio(values[one], values[others[0]])
            model = log_ratio(values[controls[0]], values[both[0]])
            rest_of_axes = {name: text for name, text in case.items() if name not in ("model", gap.axis)}
            parts.append(Split(rest_of_axes, whole, model, whole - model))
    return parts


def factor(logs: Array) -> tuple[float, float, float]:
    """Return the factor that log-ratios amount to, with its 95 % interval (NaN for too few rounds)."""
    middle, low, high = (float(np.exp(number)) for number in mean_interval(logs))
    return middle, low, high
