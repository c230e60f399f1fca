"""The speedup figure: what was measured, the laws, and their parameters in words."""

from __future__ import annotations

from typing import Any

import pytest
from made_results import made

from lab.core.errors import LabError
from lab.core.figures import speedup
from lab.present.figures.draw import styled
from lab.present.figures.kinds import speedup as figure

AXES = ("model", "workers")
CASES = {
    "process_executor 1": [2.0] * 5,
    "process_executor 2": [1.1] * 5,
    "process_executor 4": [1.1] * 5,
    "thread_pool 1": [2.0] * 5,
    "thread_pool 2": [2.0] * 5,
    "sequential -": [2.0] * 5,
}


def drawn(cases: Any = None) -> Any:
    results = made(cases or CASES, AXES)
    results.environment["experiment"]["question"] = "How far?"
    with styled():
        return figure.draw(results, None)  # type: ignore[arg-type]


def by_label(panel: Any, label: str) -> list[Any]:
    return [line for line in panel.lines if line.get_label() == label]


def test_there_is_a_panel_for_each_model_that_was_swept() -> None:
    assert [panel.get_title(loc="left") for panel in drawn().axes] == ["process_executor", "thread_pool"]


def test_the_markers_are_the_speedups_over_one_worker() -> None:
    processes, threads = drawn().axes
    (markers,) = by_label(processes, "median")
    assert markers.get_xdata().tolist() == [1, 2, 4]
    assert markers.get_ydata().tolist() == pytest.approx([1, 2 / 1.1, 2 / 1.1])
    (markers,) = by_label(threads, "median")
    assert markers.get_ydata().tolist() == [1, 1]


def test_every_round_is_drawn_and_the_curves_stay_below_the_ideal() -> None:
    processes, _ = drawn().axes
    (rounds,) = by_label(processes, "rounds")
    assert len(rounds.get_xdata()) == 5 * 3
    (ideal,), (amdahl,) = by_label(processes, "ideal"), by_label(processes, "Amdahl")
    assert max(ideal.get_ydata()) == 2
    assert all(amdahl.get_ydata() <= ideal.get_ydata() + 1e-9)
    assert amdahl.get_ydata()[-1] == pytest.approx(2 / 1.1, rel=1e-4)


def test_the_laws_parameters_stand_in_the_panel_above_all_that_is_drawn() -> None:
    processes, _ = drawn().axes
    (text,) = processes.texts
    assert text.get_text().splitlines()[0].startswith("Amdahl: serial 10.0 (10.0-10.0) %")
    assert "USL: contention " in text.get_text()
    top = max(max(line.get_ydata()) for line in processes.lines)
    assert processes.get_ylim()[1] > 1.3 * top


def test_without_a_model_that_was_swept_there_is_nothing_to_draw() -> None:
    with pytest.raises(LabError, match="no model has a speedup over workers"):
        drawn({"process_executor 2": [1.0] * 5})


def test_it_is_declared_as_plain_data() -> None:
    assert speedup("workers", task_ms=10).options == {"axis": "workers", "task_ms": 10}
