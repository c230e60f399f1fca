"""The map of who wins: its order, its colours, its ties, and what it says where nobody ran."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest
from made_results import made
from matplotlib.patches import Rectangle

from lab.analysis.stats.ranking import LEFT_OUT, alone, winner
from lab.analysis.stats.rounds import by_round
from lab.core.errors import LabError
from lab.core.figures import winners
from lab.present.figures import style
from lab.present.figures.kinds import map as figure

AXES = ("model", "cpu_percent", "in_flight")
ONE = [1.0, 1.01, 0.99, 1.0, 1.0]
TWO = [2 * second for second in ONE]
WILD = [2.0, 0.5, 1.5, 0.7, 1.0]
FIELDS = {
    "threads 50 16": TWO,
    "asyncio 50 16": ONE,
    "threads 100 16": ONE,
    "asyncio 100 16": WILD,
    "asyncio 0 4": ONE,
}


def results(cases: Any = None, **environment: Any) -> Any:
    shown = made(cases or FIELDS, AXES)
    shown.environment["experiment"]["question"] = "Who wins?"
    return shown


def drawn(cases: Any = None, **options: Any) -> Any:
    with style_of_the_lab():
        return figure.draw(
            results(cases), None, **({"rows": "in_flight", "columns": "cpu_percent"} | options)
        )


def style_of_the_lab() -> Any:
    from lab.present.figures.draw import styled

    return styled()


def fields(page: Any) -> dict[tuple[float, float], Rectangle]:
    """Return (column, row) from the left and the bottom -> the field."""
    (axes,) = page.axes
    filled = [patch for patch in axes.patches if patch.get_fill() and patch.get_width() == 1]
    return {patch.get_xy(): patch for patch in filled}


def texts(page: Any, column: int, row: int) -> list[str]:
    (axes,) = page.axes
    inside = [
        text
        for text in axes.texts
        if column < text.get_position()[0] < column + 1 and row < text.get_position()[1] < row + 1
    ]
    return [text.get_text() for text in sorted(inside, key=lambda text: -text.get_position()[1])]


def words(page: Any) -> str:
    return " ".join(" ".join(text.get_text() for text in page.texts).split())


def test_fields_lie_in_the_order_of_their_numbers() -> None:
    (axes,) = drawn().axes
    assert [tick.get_text() for tick in axes.get_xticklabels()] == ["0", "50", "100"]
    assert [tick.get_text() for tick in axes.get_yticklabels()] == ["4", "16"]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("CPU (%)", "in flight")


def test_the_winner_is_named_in_its_colour_with_the_ratio_to_the_next() -> None:
    page = drawn()
    assert fields(page)[1, 1].get_facecolor() == pytest.approx(rgba(style.look("asyncio").colour))
    assert fields(page)[1, 1].get_hatch() is None
    name, ratio, following = texts(page, 1, 1)
    assert (name, following) == ("asyncio", "then threads")
    assert ratio.startswith("2.00× (")


def rgba(colour: str) -> tuple[float, ...]:
    from matplotlib.colors import to_rgba

    return to_rgba(colour)


def test_a_tie_is_hatched_and_says_with_whom() -> None:
    page = drawn()
    assert fields(page)[2, 1].get_hatch() == "////"
    assert texts(page, 2, 1)[2].startswith("tie with ")


def test_a_field_that_nobody_ran_says_so_and_one_that_one_ran_is_not_won() -> None:
    page = drawn()
    assert texts(page, 1, 0) == ["not measured"]
    assert texts(page, 0, 0) == ["asyncio alone"]


def test_why_a_field_was_left_out_is_said_and_who_was_cut_in_others() -> None:
    shown = results(FIELDS | {"asyncio 0 16": ["skipped"], "threads 50 4": ["skipped"]})
    shown = replace(
        shown,
        trials=shown.trials.with_columns(
            reason=pl.when(pl.col("cpu_percent") == "0").then(pl.lit("too long")).otherwise(pl.lit("cut"))
        ),
    )
    blank = [{"cpu_percent": "0", "in_flight": "16"}]
    assert figure.reasons(shown, blank) == " Not measured: too long. Not everywhere: threads (cut)."
    assert figure.reasons(results(FIELDS), blank) == ""


def test_fewer_than_five_rounds_cannot_tell() -> None:
    page = drawn({"threads 50 16": [2.0, 2.0], "asyncio 50 16": [1.0, 1.0]})
    assert fields(page)[0, 0].get_hatch() == "////"
    assert texts(page, 0, 0) == ["asyncio", "2.00×", "then threads"]
    assert "no interval, and all is undecided" in words(page)
    assert "undecided" not in words(drawn())


def test_the_winner_is_who_has_the_least_by_the_mean_of_the_ratio_which_is_never_below_one() -> None:
    two = {"threads 50 16": [1.0, 1.0, 1.0, 1.5, 1.5], "asyncio 50 16": [1.05] * 5}
    rounds = by_round(results(two))
    shown = winner(rounds, [0, 1], "makespan_s")
    assert (shown.model, shown.following.model) == ("asyncio", "threads")
    assert shown.following.ratio == pytest.approx(1.5**0.4 / 1.05)


def test_a_difference_that_the_control_does_not_resolve_is_a_tie() -> None:
    steady = {"threads 50 16": [1.02, 1.03, 1.01, 1.02, 1.02], "asyncio 50 16": [1.0] * 5}
    alike = by_round(results(steady))
    assert winner(alike, [0, 1], "makespan_s").tied == ()
    unsteady = steady | {"asyncio_aa 50 16": [1.3, 0.8, 1.2, 0.9, 1.1]}
    rounds = by_round(results(unsteady))
    places = range(len(rounds.cases))
    shown = winner(rounds, list(places), "makespan_s")
    assert (shown.model, shown.following.model, shown.tied) == ("asyncio", "threads", ("threads",))


def test_a_field_of_one_model_says_what_those_left_out_of_it_need_at_least() -> None:
    won = alone("asyncio", np.array(ONE), np.array(TWO))
    assert won.following == won.behind == (LEFT_OUT, 2.0, 2.0, 2.0)
    words = [text for text, *_ in figure.lines(won)]
    assert words == ["asyncio", "≥ 2.00× (2.00-2.00)", "limit of those left out"]


@pytest.mark.parametrize("unknown", [None, np.full(5, np.nan)])
def test_a_field_of_one_model_of_whom_no_limit_is_known_is_its_alone(unknown) -> None:
    won = alone("asyncio", np.array(ONE), unknown)
    assert [text for text, *_ in figure.lines(won)] == ["asyncio alone"]


def test_a_second_measurement_of_the_baseline_does_not_compete() -> None:
    page = drawn({"threads 50 16": TWO, "asyncio 50 16": ONE, "asyncio_aa 50 16": [0.9] * 5})
    assert texts(page, 0, 0)[0] == "asyncio"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"metric": "cost_s"}, "no metric 'cost_s'"),
        ({"columns": "share"}, "a map of models over in_flight, share"),
        ({"columns": "in_flight"}, "a map of models over in_flight"),
        ({"tasks": 4}, "a map of models over cpu_percent, in_flight, tasks"),
    ],
)
def test_cells_not_measured_or_left_open_are_explained(options, says) -> None:
    with pytest.raises(LabError, match=says):
        drawn(**options)


def test_it_is_declared_as_plain_data() -> None:
    declared = winners("in_flight", "cpu_percent")
    assert (declared.kind, declared.options["rows"]) == ("map", "in_flight")


@pytest.mark.parametrize(
    ("colour", "dark_text"), [("#ffffff", True), ("#f3a24b", True), ("#074d78", False), ("#303030", False)]
)
def test_text_can_be_read_on_its_field(colour, dark_text) -> None:
    assert figure.is_bright(colour) is dark_text
