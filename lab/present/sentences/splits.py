"""How much of a gap is the model and how much the rest, in a sentence: what a figure of a split draws."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from lab.analysis.stats.rounds import Rounds
from lab.analysis.stats.splits import factor, splits
from lab.core.claims import Gap
from lab.core.figures import Figure
from lab.present.sentences.say import say
from lab.present.units import unit_of

GAP = ("model", "to", "axis", "of", "control")


def split_sentence(rounds: Rounds, figure: Figure) -> str:
    """Return what a figure of a split shows in each of its panels; empty where it was not measured."""
    options: Mapping[str, Any] = figure.options
    metric, gap = str(options["metric"]), Gap(**{name: options[name] for name in GAP})
    where = {name: value for name, value in options.items() if name not in (*GAP, "metric")}
    known = splits(rounds, gap, metric, where) if metric in rounds.values else []
    parts = [
        (
            " ".join(f"{axis}={value}" for axis, value in each.where.items() if value),
            *map(factor, (each.gap, each.model, each.rest)),
        )
        for each in known
        if np.isfinite(each.rest).any()
    ]
    return say("gap", metric=unit_of(metric, []).words, gap=gap, splits=parts) if parts else ""
