"""Figures of several results at once: the same as one after another, and a process that dies is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from report_known import waiting
from runs import written

from lab.present import derive

pytestmark = pytest.mark.usefixtures("unloaded")

BARS = """
from lab import bars
experiment = Experiment(
    question="Which?", measure=lambda case: {"makespan_s": 1.0}, figures=[bars("makespan_s")],
    grid={"model": ["sequential", "threads", "asyncio"], "tasks": [5, 14]},
)
"""
FATAL = "import multiprocessing, os\nif multiprocessing.parent_process(): os._exit(1)\n"
NAMES = ("one", "two", "three", "four")
assert len(NAMES) > derive.FEW


@pytest.fixture
def several(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[Path, Path]]:
    """Four results with their experiments' files, on a machine of two cores."""
    monkeypatch.setattr(derive, "cores", lambda: 2)
    for number, name in enumerate(NAMES, 1):
        waiting(tmp_path / "results" / name, factor=number)
    return [(written(tmp_path / "experiments", name, BARS), tmp_path / "results" / name) for name in NAMES]


def test_several_results_are_drawn_in_their_order_the_same_as_one_alone(several):
    alone = [path.read_bytes() for each in several for path in derive.draw_result(*each)[0]]
    drawn = list(derive.draw_all(several))
    assert [[path.name for path in paths] for paths, _ in drawn] == [
        ["bars-makespan_s.png", "bars-makespan_s.svg"]
    ] * len(NAMES)
    assert [paths[0].parent.name for paths, _ in drawn] == list(NAMES)
    assert [faults for _, faults in drawn] == [[]] * len(NAMES)
    assert [path.read_bytes() for paths, _ in drawn for path in paths] == alone
    assert len(set(alone)) == len(alone)


def test_what_was_not_drawn_since_a_process_died_is_told_and_how_to_draw_it(several):
    path, folder = several[2]
    path.write_text(FATAL + path.read_text())
    drawn = list(derive.draw_all(several))
    (fault,) = drawn[2][1]
    assert str(fault) == "three: figures not drawn: the process that drew them died; lab plot three"
    assert all(bool(paths) != bool(faults) for paths, faults in drawn)
    assert not (folder / "bars-makespan_s.png").exists()
