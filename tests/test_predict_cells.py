"""The table of `lab predict` has three digits for each number, and fits a terminal."""

from __future__ import annotations

import pytest
from predict_results import of, precisely

from lab.analysis.predict.estimate import Estimate
from lab.analysis.predict.question import Question, Room
from lab.cli.predict_cells import HEADINGS, count, counted, row
from lab.present.tables.table import Cell, Column, Table
from lab.present.tables.terminal import drawn, text


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
def test_a_count_has_three_digits(number, written):
    assert count(number) == written


def test_a_count_that_shows_no_interval_has_no_note():
    assert counted(Estimate(2_440, 2_028, 3_061)) == Cell("2,440", "2,030-3,060")
    assert counted(Estimate(1e6, 999_900, 1e6)) == Cell("1M")
    assert counted(precisely(6.0)) == Cell("6")


def test_the_makespan_of_what_is_impossible_is_no_winners():
    asked = Question(1_000, 1.0, 0.0, cores=2)
    no_room, room = (row(of("asyncio", asked, room=Room(1e15, files=n))) for n in (999, 1_000))
    assert no_room[1] == Cell("cannot", f"{room[1].text}\n{room[1].note}")
    assert room[1].text != "cannot"
    assert no_room[2:] == room[2:]


def test_a_column_that_does_not_fit_beside_the_rest_stands_below_it_with_the_models_again():
    wide = counted(Estimate(1_230, 1_020, 3_610))
    rows = [[Cell("asyncio_processes"), *[wide] * len(HEADINGS)]]
    columns = [Column("model", axis=True), *(Column(heading, number=True) for heading in HEADINGS)]
    lines = text(drawn(Table("", columns, rows), 80), 80).splitlines()
    assert max(map(len, lines)) <= 80
    assert sum("asyncio_processes" in line for line in lines) == 2
    assert " ".join(lines).count("1,020-3,610") == len(HEADINGS)
