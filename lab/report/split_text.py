"""How much of a gap is the model and how much the rest, in a sentence: what a figure of a split draws."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from lab.analysis.stats.intervals import Array
from lab.analysis.stats.splits import Split, factor, splits
from lab.core.claims import Gap
from lab.core.figures import Figure
from lab.core.words import TIMES, digits, interval
from lab.present.units import unit_of
from lab.report.load import Known

PARTS = ("model", "to", "axis", "of", "control")


def parted(known: Known, figure: Figure) -> str:
    """Return what a split says in each of its places; empty where it was not measured."""
    options: Mapping[str, Any] = figure.options
    metric, gap = str(options["metric"]), Gap(**{name: options[name] for name in PARTS})
    where = {name: value for name, value in options.items() if name not in (*PARTS, "metric")}
    found = splits(known.rounds, gap, metric, where) if metric in known.rounds.values else []
    found = [each for each in found if np.isfinite(each.rest).any()]
    if not found:
        return ""
    first, *others = found
    said = [_words(first, gap, f" of `{gap.to}`"), *(_words(each, gap) for each in others)]
    take = "take" if gap.model.endswith("s") else "takes"
    words = unit_of(metric, []).words
    return f"In {words}, `{gap.model}` through {gap.of} {take} {'; '.join(said)}."


def _words(each: Split, gap: Gap, of: str = "") -> str:
    """Return a gap and its two factors in one place."""
    place = " ".join(f"{axis}={value}" for axis, value in each.where.items() if value)
    whole = f"{_told(each.gap)}{of}{f' at `{place}`' if place else ''}"
    return f"{whole}: {_told(each.model)} is the model, {_told(each.rest)} the {gap.axis}"


def _told(logs: Array) -> str:
    """Return a factor with its interval, where it has one."""
    ratio, low, high = factor(logs)
    return f"{digits(ratio)}{TIMES}" if np.isnan(low) else interval(ratio, low, high, TIMES)
