"""The split of a gap: a bar on a logarithmic axis whose parts are as long as their shares."""

from __future__ import annotations

from functools import partial
from math import log
from typing import Any

import pytest
from figure_faults import faults_of
from made_results import made

from lab.core.claims import Gap
from lab.core.errors import LabError
from lab.core.figures import split
from lab.present.figures.draw import styled
from lab.present.figures.kinds import split as figure

AXES = ("model", "client", "connections")
GAP = Gap("threads", "asyncio", axis="client", of="popular", control="plain")
METRIC = "cpu_of_each_s"
CASES = {
    "threads popular new": [12.0] * 5,
    "threads plain new": [4.0] * 5,
    "asyncio popular new": [3.0] * 5,
    "asyncio plain new": [2.0] * 5,
    "threads popular kept": [3.0] * 5,
    "threads plain kept": [6.0] * 5,
    "asyncio popular kept": [3.0] * 5,
    "asyncio plain kept": [2.0] * 5,
}


def drawn(cases: Any = CASES, **where: Any) -> Any:
    results = made(cases, AXES, METRIC)
    results.environment["experiment"]["question"] = "How much?"
    with styled():
        (panel,) = figure.draw(results, None, METRIC, **GAP._asdict(), **where).axes  # type: ignore[arg-type]
    return panel


def parts(panel: Any) -> list[tuple[str, float, float]]:
    """Return label, start and end of each bar."""
    lines_at = []
    for bar in panel.collections:
        if bar.get_label() in ("model", "rest"):
            xs = bar.get_paths()[0].vertices[:, 0]
            lines_at.append((bar.get_label(), min(xs), max(xs)))
    return lines_at


def test_the_bars_of_a_gap_lie_end_to_end_and_their_lengths_are_the_factors() -> None:
    panel = drawn(connections="new")
    assert panel.get_xscale() == "log"
    (model, rest) = parts(panel)
    assert model == ("model", 1.0, pytest.approx(2.0))
    assert rest == ("rest", pytest.approx(2.0), pytest.approx(4.0))
    assert log(rest[2]) - log(rest[1]) == pytest.approx(log(model[2]) - log(model[1]))


def test_each_part_is_named_with_its_factor_and_the_whole_beside_it() -> None:
    words = [text.get_text() for text in drawn(connections="new").texts]
    assert words == [
        "the model, plain in both\n2.00× (2.00-2.00)",
        "the client, popular\n2.00× (2.00-2.00)",
        "in total\n4.00× (4.00-4.00)",
    ]


@pytest.mark.parametrize("least", [1.9, 2.9])
def test_the_names_do_not_collide_however_short_a_part_is(least: float) -> None:
    short = CASES | {"asyncio plain new": [4.0 / 1.05] * 5, "asyncio popular new": [least] * 5}
    results = made(short, AXES, METRIC)
    results.environment["experiment"]["question"] = "How much?"
    draw = partial(figure.draw, results, None, METRIC, **GAP._asdict())  # type: ignore[arg-type]
    assert faults_of(draw) == []


def test_a_client_that_takes_the_gap_back_leads_back() -> None:
    panel = drawn(connections="kept")
    (model, rest) = parts(panel)
    assert model[1:] == (1.0, pytest.approx(3.0))
    assert rest[1:] == (pytest.approx(1.0), pytest.approx(3.0))
    assert panel.texts[-1].get_text() == "in total\n1.00× (1.00-1.00)"


def test_there_is_a_row_for_each_combination_of_the_other_axes_and_every_round_is_drawn() -> None:
    panel = drawn()
    assert [text.get_text() for text in panel.get_yticklabels()] == ["connections=new", "connections=kept"]
    dots = [line for line in panel.lines if line.get_label() == "rounds"]
    assert [len(line.get_xdata()) for line in dots] == [5] * 4
    low, high = panel.get_xlim()
    assert all(low <= x <= high for line in dots for x in line.get_xdata())


def test_one_round_has_no_interval_and_is_drawn_all_the_same() -> None:
    panel = drawn({name: numbers[:1] for name, numbers in CASES.items()}, connections="new")
    assert panel.texts[-1].get_text() == "in total\n4.00×"


def test_without_all_four_cases_there_is_nothing_to_draw() -> None:
    with pytest.raises(LabError, match="was not measured of threads and asyncio with client=popular"):
        drawn(
            {name: numbers for name, numbers in CASES.items() if name != "asyncio plain new"},
            connections="new",
        )


def test_it_is_declared_as_plain_data_with_a_file_name_of_its_own() -> None:
    declared = split(METRIC, GAP, connections="new")
    assert declared.options == {
        "metric": METRIC,
        "model": "threads",
        "to": "asyncio",
        "axis": "client",
        "of": "popular",
        "control": "plain",
        "connections": "new",
    }
    assert declared.stem.startswith("split-cpu_of_each_s-model-threads-to-asyncio-axis-client")
