"""A map: which model has the least of a metric in each field of two axes, and by how much."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import polars as pl
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from lab.analysis.stats.counterparts import agrees
from lab.analysis.stats.rounds import Rounds, as_text, by_round
from lab.analysis.stats.winners import Winner, winner
from lab.core.errors import LabError
from lab.core.words import TIMES, digits
from lab.core.work import Value
from lab.present.figures import cells, style
from lab.present.figures.page import name_axis, page, text_width
from lab.present.units import unit_of

if TYPE_CHECKING:
    from lab.store.reading import Results

FIELD = 0.62  # inches high
LIGHT = 0.45  # of what is this bright or brighter, text is dark


def draw(
    results: Results,
    summary: pl.DataFrame,  # noqa: ARG001 - every kind of figure is given it
    rows: str,
    columns: str,
    metric: str = "makespan_s",
    least: str = "",
    **where: Value,
) -> Figure:
    """Return the map: rows from the bottom up, columns from the left, numbers in their order.

    least: the metric that says, in a field of one model, what those left out of it need at least.
    Raises LabError where an axis or the metric was not measured, or another axis is left open.
    """
    rounds = by_round(results)
    check(rounds, {rows, columns, *where}, metric)
    chosen = [
        place
        for place, case in enumerate(rounds.cases)
        if agrees(case, {axis: as_text(value) for axis, value in where.items()})
    ]
    cases = [rounds.cases[place] for place in chosen]
    ups, rights = (in_order(cells.values_of(cases, axis)) for axis in (rows, columns))
    fields = [{rows: row, columns: column} for row in ups for column in rights]
    places = [[place for place in chosen if agrees(rounds.cases[place], field)] for field in fields]
    won = [winner(rounds, there, metric, least) for there in places]
    blank = [field for field, found in zip(fields, won, strict=True) if found is None]
    figure, (axes,) = page(
        results.environment,
        subtitle(unit_of(metric, []).words, where, least) + too_few(won) + reasons(results, blank),
        panels=1,
        columns=1,
        heights=[FIELD * len(ups)],
        left=max(text_width(text, 9.0) for text in ups) + 0.45,
        gutter=0.0,
        right=0.0,
    )
    axes.set_xlim(0, len(rights))
    axes.set_ylim(0, len(ups))
    axes.set_xticks([right + 0.5 for right in range(len(rights))], rights)
    axes.set_yticks([up + 0.5 for up in range(len(ups))], ups)
    axes.set_ylabel(unit_of(rows, []).label)
    for number, found in enumerate(won):
        fill(axes, number % len(rights), number // len(rights), found)
    name_axis([axes], 1, unit_of(columns, []).label, shared=False)
    return figure


def check(rounds: Rounds, fixed: set[str], metric: str) -> None:
    """Raise LabError unless the metric was measured, and the axes are the model's and these."""
    axes = set(rounds.axes)
    if metric not in rounds.values:
        raise LabError(f"no metric {metric!r}", where="map", remedy=f"there are {', '.join(rounds.values)}")
    if "model" not in axes or axes - {"model"} != fixed:
        remedy = f"name rows, columns and a value for each other of {', '.join(rounds.axes)}"
        raise LabError(f"a map of models over {', '.join(sorted(fixed))}", where="map", remedy=remedy)


def in_order(values: Sequence[str]) -> list[str]:
    """Return an axis's values by size where all are numbers, else as they are."""
    try:
        return sorted(values, key=float)
    except ValueError:
        return list(values)


def fill(axes: Axes, right: int, up: int, won: Winner | None) -> None:
    """Draw one field: its winner's colour, hatched for a tie, and the words."""
    colour = style.look(won.model).colour if won else "white"
    tie = bool(won and won.tied)
    axes.add_patch(
        Rectangle(
            (right, up),
            1,
            1,
            facecolor=lighter(colour) if tie else colour,
            edgecolor=colour if tie else "white",
            hatch="////" if tie else None,
            linewidth=0.0,
            label=f"tie {won.model}" if won and tie else won.model if won else "not measured",
        )
    )
    axes.add_patch(Rectangle((right, up), 1, 1, fill=False, edgecolor="white", linewidth=1.5))
    background = {"facecolor": lighter(colour), "edgecolor": "none", "pad": 1.5} if tie else None
    ink = style.GREY if won is None else style.INK if tie or bright(colour) else "white"
    for height, text, size, weight in lines(won):
        axes.text(
            right + 0.5,
            up + height,
            text,
            ha="center",
            va="center",
            fontsize=size,
            weight=weight,
            color=ink,
            bbox=background,
        )


def lines(won: Winner | None) -> list[tuple[float, str, float, str]]:
    """Return a field's words: where each stands above the field's foot, its size and weight."""
    if won is None:
        return [(0.5, "not measured", 7.0, "normal")]
    if won.ratio is None:
        return [(0.5, f"{won.model} alone", 7.5, "normal")]
    ratio = f"{digits(won.ratio)}{TIMES}"
    if won.low is not None and won.high is not None:
        ratio += f" ({digits(won.low)}-{digits(won.high)})"
    if not won.following:
        return [
            (0.76, won.model, 8.0, "bold"),
            (0.5, f"≥ {ratio}", 7.5, "bold"),
            (0.24, "limit of those left out", 7.0, "normal"),
        ]
    if won.tied:
        others = won.tied[0] if len(won.tied) == 1 else f"{len(won.tied)} others"
        known = f"tie with {others}" if won.low is not None else f"then {won.following}"
        return [
            (0.76, won.model, 8.0, "bold"),
            (0.5, ratio, 7.5, "normal"),
            (0.24, known, 7.0, "normal"),
        ]
    return [
        (0.76, won.model, 8.0, "bold"),
        (0.5, ratio, 7.5, "bold"),
        (0.24, f"then {won.following}", 7.0, "normal"),
    ]


def lighter(colour: str) -> tuple[float, float, float]:
    """Return a colour with three parts of white."""
    red, green, blue = (0.75 + 0.25 * part for part in to_rgb(colour))
    return red, green, blue


def bright(colour: str) -> bool:
    """Return whether dark text can be read on a colour (relative luminance, ITU-R BT.709)."""
    red, green, blue = (part**2.2 for part in to_rgb(colour))
    return bool(0.2126 * red + 0.7152 * green + 0.0722 * blue >= LIGHT**2.2)


def too_few(won: Sequence[Winner | None]) -> str:
    """Return the words for a map without intervals, which decides nothing; empty where there is one."""
    ratios = [found for found in won if found is not None and found.ratio is not None]
    if not ratios or any(found.low is not None for found in ratios):
        return ""
    return " With so few rounds there is no interval, and all is undecided."


def reasons(results: Results, blank: Sequence[cells.Case]) -> str:
    """Return in words why fields without a winner were skipped, and who was skipped in others."""
    skipped = results.trials.filter(pl.col("status") == "skipped").to_dicts()
    whole = [row for row in skipped if any(cells.matches(row, field) for field in blank)]
    why = dict.fromkeys(str(row["reason"]) for row in whole)
    cut = dict.fromkeys(f"{row['model']} ({row['reason']})" for row in skipped if row not in whole)
    return (f" Not measured: {'; '.join(why)}." if why else "") + (
        f" Not everywhere: {'; '.join(cut)}." if cut else ""
    )


def subtitle(words: str, where: dict[str, Value], least: str) -> str:
    """Return what is drawn, and what is held fixed."""
    kept = cells.words({axis: as_text(value) for axis, value in where.items()})
    return (
        f"Colour and name: the model with the least {words}, geometric mean of the rounds; number: how many"
        " times as much the next one has, with its 95 % interval; hatched: a tie, the interval holds 1,"
        " or the difference is less than this run resolves."
        + (" ≥: what those need at least that were left out." if least else "")
        + (f" All with {kept}." if kept else "")
    )
