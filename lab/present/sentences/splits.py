"""How much of a gap is the model and how much the rest, in a sentence: what a figure of a split draws."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from lab.analysis.stats.intervals import Array
from lab.analysis.stats.rounds import Rounds
from lab.analysis.stats.splits import Split, factor, splits
from lab.core.claims import Gap
from lab.core.figures import Figure
from lab.core.words import TIMES, digits, does, interval
from lab.present.units import unit_of

GAP = ("model", "to", "axis", "of", "control")
WHOLE = "In {metric}, {model_takes} {splits}."
SPLIT = "{gap}{place}: {model} is the model, {rest} the {axis}"


def split_sentence(rounds: Rounds, figure: Figure) -> str:
    """Return what a figure of a split shows in each of its panels; empty where it was not measured."""
    options: Mapping[str, Any] = figure.options
    metric, gap = str(options["metric"]), Gap(**{name: options[name] for name in GAP})
    where = {name: value for name, value in options.items() if name not in (*GAP, "metric")}
    known = splits(rounds, gap, metric, where) if metric in rounds.values else []
    known = [each for each in known if np.isfinite(each.rest).any()]
    if not known:
        return ""
    return WHOLE.format(
        metric=unit_of(metric, []).words,
        model_takes=does(f"`{gap.model}`", "take").replace("` ", f"` through {gap.of} "),
        splits="; ".join(
            _split(each, gap, f" of `{gap.to}`" if each is known[0] else "") for each in known
        ),
    )


def _split(each: Split, gap: Gap, of: str) -> str:
    place = " ".join(f"{axis}={value}" for axis, value in each.where.items() if value)
    return SPLIT.format(
        gap=f"{_ratio(each.gap)}{of}",
        place=f" at `{place}`" if place else "",
        model=_ratio(each.model),
        rest=_ratio(each.rest),
        axis=gap.axis,
    )


def _ratio(logs: Array) -> str:
    """Return a factor with its interval, where it has one."""
    ratio, low, high = factor(logs)
    return f"{digits(ratio)}{TIMES}" if np.isnan(low) else interval(ratio, low, high, TIMES)
