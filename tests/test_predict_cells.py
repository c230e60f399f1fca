"""The table of `lab predict` has three figures a number, and breaks between numbers only."""

from __future__ import annotations

import pytest
from predict_results import of, precisely

from lab.analysis.predict.estimate import Estimate
from lab.analysis.predict.question import Question
from lab.analysis.predict.room import Room
from lab.cli.predict_cells import HEADINGS, cells, count, counted, fitted, widest


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (0, "0"),
        (0.4, "0"),
        (1, "1"),
        (32, "32"),
        (999.7, "1,000"),
        (2_440.4, "2,440"),
        (3_607, "3,610"),
        (9_996, "10k"),
        (50_000, "50k"),
        (999_900, "1M"),
        (1_234_567, "1.23M"),
        (2e9, "2G"),
        (1e12, "1T"),
        (4.56e17, "4.6e+17"),
    ],
)
def test_a_count_has_three_figures(number, written):
    assert count(number) == written


def test_a_count_that_shows_no_interval_is_one_line():
    assert counted(Estimate(2_440, 2_028, 3_061)) == "2,440\n2,030-3,060"
    assert counted(Estimate(1e6, 999_900, 1e6)) == "1M"


def test_the_makespan_of_what_is_impossible_is_no_winners():
    asked = Question(1_000, 1.0, 0.0, cores=2)
    no_room, room = (cells(of("asyncio", asked, room=Room(1e15, files=n))) for n in (999, 1_000))
    assert no_room[1] == f"cannot\n{room[1]}"
    assert not room[1].startswith("cannot")
    assert no_room[2:] == room[2:]


def test_intervals_break_between_numbers_and_only_as_many_as_have_to():
    wide = Estimate(1_230, 1_020, 3_610)
    row = ["asyncio_processes", *(counted(wide) for _ in HEADINGS[1:])]
    (kept,) = fitted([row], 200)
    assert kept == row
    (narrow,) = fitted([row], 88)
    assert [cell.count("\n") for cell in narrow] == [0, 2, 1, 1, 1, 1, 1]
    assert narrow[1] == "1,230\n1,020-\n3,610"
    (narrowest,) = fitted([row], 10)
    assert [cell.count("\n") for cell in narrowest] == [0, 2, 2, 2, 2, 2, 2]
    columns = [[name, cell] for name, cell in zip(HEADINGS, narrowest, strict=True)]
    assert sum(map(widest, columns)) + 6 <= 80


def test_a_cell_without_an_interval_is_never_broken():
    row = ["asyncio", *["x" * 20] * 6]
    assert fitted([row], 80) == [row]
    assert counted(precisely(6.0)) == "6"
