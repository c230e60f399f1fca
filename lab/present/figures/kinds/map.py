"""A map: which model has the least of a metric in each field of two axes, and by how much."""

from collections.abc import Sequence
from math import isnan
from typing import Any

import polars as pl
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from lab.analysis.stats.counterparts import agrees, matching
from lab.analysis.stats.ranking import LEFT_OUT, Field, winner
from lab.analysis.stats.rounds import Rounds, as_text, by_round
from lab.core.errors import LabError
from lab.core.words import multiple
from lab.core.work import Value
from lab.present.figures import selection, style
from lab.present.figures.page import legend, page, text_width
from lab.present.units import unit_of
from lab.store.reading import Results

FIELD = 0.62  # inches high
HEIGHTS = {1: (0.5,), 3: (0.76, 0.5, 0.24)}  # of the lines of a field, above its foot
LIGHT = 0.45  # on what is this bright or brighter, text is dark


def draw(
    results: Results,
    _summary: pl.DataFrame,
    rows: str,
    columns: str,
    metric: str = "makespan_s",
    least: str = "",
    **where: Value,
) -> Figure:
    """Return the map: rows from the bottom up, columns from the left, numbers in their order.

    least: the metric that says, in a field of one model, what those left out of it need at least.
    Raises LabError if an axis or the metric was not measured, or another axis is left open.
    """
    rounds, held = by_round(results), {axis: as_text(value) for axis, value in where.items()}
    _check(rounds, {rows, columns, *where}, metric)
    cases = [case for case in rounds.cases if agrees(case, held)]
    ups, rights = (selection.ordered(selection.values_of(cases, axis)) for axis in (rows, columns))
    fields = [{rows: row, columns: column} for row in ups for column in rights]
    won = [winner(rounds, matching(rounds.cases, {**held, **each}), metric, least) for each in fields]
    blank = [field for field, first in zip(fields, won, strict=True) if first is None]
    subtitle = _subtitle(metric, won, least) + selection.all_with(held) + reasons(results, blank)
    left, labels = text_width(ups, 9.0) + 0.45, (unit_of(columns, []).label, unit_of(rows, []).label)
    figure = page(results, subtitle, [({}, FIELD * len(ups))], left=left, labels=labels)
    (axes,) = figure.axes
    axes.set(xlim=(0, len(rights)), ylim=(0, len(ups)))
    axes.set_xticks([right + 0.5 for right in range(len(rights))], rights)
    axes.set_yticks([up + 0.5 for up in range(len(ups))], ups)
    for number, first in enumerate(won):
        _draw_field(axes, number % len(rights), number // len(rights), first)
    return figure


def _check(rounds: Rounds, fixed: set[str], metric: str) -> None:
    """Raise LabError unless the metric was measured, and the axes are the model's and these."""
    axes = set(rounds.axes)
    if metric not in rounds.values:
        raise LabError(f"no metric {metric!r}", where="map", remedy=f"there are {', '.join(rounds.values)}")
    if "model" not in axes or axes - {"model"} != fixed:
        remedy = f"name rows, columns and a value for each other of {', '.join(rounds.axes)}"
        raise LabError(f"a map of models over {', '.join(sorted(fixed))}", where="map", remedy=remedy)


def _draw_field(axes: Axes, right: int, up: int, won: Field | None) -> None:
    colour = style.look(won.model).colour if won else "white"
    tie = bool(won and won.tied)
    pale = tuple(0.75 + 0.25 * part for part in to_rgb(colour))
    how: dict[str, Any] = {"facecolor": colour}
    if tie:
        how = {"facecolor": pale, "edgecolor": colour, "hatch": "////"}
    axes.add_patch(Rectangle((right, up), 1, 1, linewidth=0.0, **how))
    axes.add_patch(Rectangle((right, up), 1, 1, fill=False, edgecolor="white", linewidth=1.5))
    box = {"facecolor": pale, "edgecolor": "none", "pad": 1.5} if tie else None
    ink = style.GREY if won is None else style.INK if tie or is_bright(colour) else "white"
    texts = lines(won)
    for height, (text, size, weight) in zip(HEIGHTS[len(texts)], texts, strict=True):
        axes.text(right + 0.5, up + height, text, ha="center", va="center", fontsize=size, weight=weight,
                  color=ink, bbox=box)  # fmt: skip


def lines(won: Field | None) -> list[tuple[str, float, str]]:
    """Return a field's words from the top, each with its size and weight."""
    if won is None:
        return [("not measured", 7.0, "normal")]
    if won.following is None:
        return [(f"{won.model} alone", 7.5, "normal")]
    following, *ends = won.following
    ratio, below, weight = multiple(*ends), f"then {following}", "normal" if won.tied else "bold"
    if won.tied and not isnan(won.following.low):
        below = f"tie with {won.tied[0] if len(won.tied) == 1 else f'{len(won.tied)} others'}"
    if following == LEFT_OUT:
        ratio, below, weight = f"≥ {ratio}", "limit of those left out", "bold"
    return [(won.model, 8.0, "bold"), (ratio, 7.5, weight), (below, 7.0, "normal")]


def is_bright(colour: str) -> bool:
    """Return whether dark text can be read on a colour (relative luminance, ITU-R BT.709)."""
    red, green, blue = (part**2.2 for part in to_rgb(colour))
    return bool(0.2126 * red + 0.7152 * green + 0.0722 * blue >= LIGHT**2.2)


def reasons(results: Results, blank: Sequence[selection.Case]) -> str:
    """Return in words why fields without a winner were skipped, and which models were skipped in others."""
    skipped = results.trials.filter(pl.col("status") == "skipped").to_dicts()
    whole = [row for row in skipped if any(agrees(row, field) for field in blank)]
    why = dict.fromkeys(str(row["reason"]) for row in whole)
    partly = dict.fromkeys(f"{row['model']} ({row['reason']})" for row in skipped if row not in whole)
    texts = {" Not measured": why, " Not everywhere": partly}
    return "".join(f"{start}: {'; '.join(names)}." for start, names in texts.items() if names)


def _subtitle(metric: str, won: Sequence[Field | None], least: str) -> str:
    leads = [first.following for first in won if first is not None and first.following is not None]
    undecided = leads and all(isnan(lead.low) for lead in leads)
    text = legend("map", metric=unit_of(metric, []).words, least=least)
    return text + (" With so few rounds there is no interval, and all is undecided." if undecided else "")
