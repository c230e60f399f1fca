"""Figures of several results at once are the same as one after another; a faulty one stops no other."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from report_known import waiting

from lab.analysis.stats import summarise
from lab.core.figures import Figure, bars
from lab.present.figures import draw
from lab.present.figures.draw import Drawing
from lab.store.reading import read

NAMES = ("one", "two", "three")


class Fatal:
    """Ends the process that it is sent to."""

    def __reduce__(self):
        return os._exit, (1,)


class Exploding(str):
    """A metric's name that nothing can be done with."""

    def __hash__(self):
        raise ZeroDivisionError("on purpose")


@pytest.fixture
def several(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Drawing]:
    """Figures of three results, too many to be drawn here, on a machine of two cores."""
    monkeypatch.setattr(draw, "cores", lambda: 2)
    monkeypatch.setattr(draw, "FEW", 1)
    drawings = []
    for number, name in enumerate(NAMES, 1):
        waiting(tmp_path / name, factor=number)
        results = read(tmp_path / name)
        drawings.append(Drawing([bars("makespan_s")], results, summarise(results), tmp_path / name))
    return drawings


def test_several_results_are_drawn_in_their_order_the_same_as_one_alone(several):
    alone = [path.read_bytes() for each in several for path in draw.draw(each).paths]
    drawn = list(draw.draw_all(several))
    assert [[path.name for path in each.paths] for each in drawn] == [
        ["bars-makespan_s.png", "bars-makespan_s.svg"]
    ] * len(NAMES)
    assert [each.paths[0].parent.name for each in drawn] == list(NAMES)
    assert [each.faults for each in drawn] == [[]] * len(NAMES)
    assert [path.read_bytes() for each in drawn for path in each.paths] == alone
    assert len(set(alone)) == len(alone)


def test_where_the_process_that_draws_dies_the_fault_says_so_and_how_to_draw(several):
    several[2] = several[2]._replace(figures=[Figure("bars", {"metric": Fatal()})])
    drawn = list(draw.draw_all(several))
    (fault,) = drawn[2].faults
    assert str(fault) == "three: figures not drawn: the process that drew them died; lab plot three"
    assert all(bool(each.paths) != bool(each.faults) for each in drawn)
    assert not (several[2].folder / "bars-makespan_s.png").exists()


def test_a_figure_that_cannot_be_drawn_does_not_keep_the_others_from_being_drawn(several):
    nowhere = bars()._replace(options={"metric": "nowhere_s"})
    broken = bars()._replace(options={"metric": Exploding("makespan_s")})
    drawn = draw.draw(several[0]._replace(figures=[nowhere, broken, bars("makespan_s")]))
    assert [path.name for path in drawn.paths] == ["bars-makespan_s.png", "bars-makespan_s.svg"]
    expected, unexpected = drawn.faults
    assert str(expected).startswith("one: bars not drawn: no metric 'nowhere_s' to draw")
    assert (str(unexpected), unexpected.exit_code) == (
        "one: bars not drawn: ZeroDivisionError: on purpose",
        3,
    )
