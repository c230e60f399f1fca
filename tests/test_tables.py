"""One table for every reader: what is built once is the same in the terminal, in HTML, Markdown and CSV."""

from __future__ import annotations

import csv
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from report_known import column, known_of, result, waiting
from rich.console import Console
from runs import run_lab

from lab.analysis.stats.decision import verdict
from lab.core.verdicts import VERDICTS
from lab.core.words import does
from lab.present.tables import results, terminal
from lab.present.tables.exports import as_csv, markdown
from lab.present.tables.table import Cell, Column, Table
from lab.present.templates import pages, say
from lab.present.units import axis_point, axis_value, unit_of

pytestmark = pytest.mark.usefixtures("unloaded")  # no experiment and no reference of the checkout

SMALL = Table(
    "Two models",
    [
        Column("model", names=("model",), axis=True),
        Column("makespan", "ms", ("makespan_s",), number=True),
        Column("95 %", "ms", ("low_s", "high_s"), number=True),
        Column("verdict"),
    ],
    [
        [
            Cell("threads"),
            Cell("66.6", values=(0.0666,)),
            Cell("66.1-67.5", values=(0.0661, 0.0675)),
            Cell(verdict="slower"),
        ],
        [
            Cell("a|b"),
            Cell("59.5", "of 5\nrounds", (0.0595,)),
            Cell(),
            Cell(note="1 void", verdict="baseline"),
        ],
    ],
    ["a note"],
)


def lines(table: Table, width: int = 80) -> list[str]:
    return terminal.text(terminal.drawn(table, width), width).splitlines()


def test_a_terminal_shows_title_headings_units_rows_notes_of_cells_and_of_the_table() -> None:
    assert [line.rstrip() for line in lines(SMALL)] == [
        "Two models",
        "        makespan      95 %",
        "model         ms        ms verdict",
        "threads     66.6 66.1-67.5 slower",
        "a|b         59.5           baseline",
        "            of 5           1 void",
        "          rounds",
        "a note",
    ]


def test_columns_without_room_follow_below_with_those_that_name_the_rows() -> None:
    shown = lines(SMALL, 20)
    assert max(map(len, shown)) <= 20
    assert [line.split()[0] for line in shown if line.strip()].count("threads") == 3
    assert {"66.6", "66.1-67.5", "slower"} <= set(" ".join(shown).split())


def test_a_verdict_has_its_colour_in_a_terminal_and_its_sign_in_html() -> None:
    file = StringIO()
    console = Console(file=file, width=80, color_system="standard", force_terminal=True)
    console.print(terminal.drawn(SMALL, 80))
    assert "\x1b[31mslower\x1b[0m" in file.getvalue()
    macro = pages().get_template("table.html").module
    assert '<span class="chip bad"><span aria-hidden="true">▲ </span>slower</span>' in macro.chip("slower")


def test_csv_has_exact_values_under_their_names() -> None:
    assert list(csv.reader(StringIO(as_csv(SMALL)))) == [
        ["model", "makespan_s", "low_s", "high_s", "verdict"],
        ["threads", "0.0666", "0.0661", "0.0675", "slower"],
        ["a|b", "0.0595", "", "", "baseline"],
    ]


def test_markdown_has_the_words_of_the_table_and_no_markup_of_their_own() -> None:
    assert markdown(SMALL) == (
        "| model | makespan (ms) | 95 % (ms) | verdict |\n"
        "| --- | --: | --: | --- |\n"
        "| threads | 66.6 | 66.1-67.5 | slower |\n"
        "| a\\|b | 59.5 (of 5; rounds) |  | baseline (1 void) |\n"
        "\na note\n"
    )


class Cells(HTMLParser):
    """The exact value of each cell of a page's tables, in order; the text where it has none."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.exact: list[str | None] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "td":
            self.exact.append(dict(attrs).get("data-value"))


def test_html_has_exact_values_behind_its_words_and_text_stays_text() -> None:
    macro = pages().get_template("table.html").module
    harm = Table("<b>", [Column("<i>")], [[Cell("<script>", note="</td>")]])
    assert Cells(macro.table(SMALL, "small")).exact == [
        "0.0666",
        "0.0661|0.0675",
        None,
        "0.0595",
        None,
        None,
    ]
    text = macro.table(harm, "harm")
    assert "&lt;script&gt;" in text and "<script>" not in text and "&lt;/td&gt;" in text
    assert "<p><small>a note</small></p>" in macro.table(SMALL, "small")


def test_a_column_of_blank_cells_is_left_out_and_a_table_without_rows_keeps_its_headings() -> None:
    columns = [(Column("a"), Cell), (Column("b"), lambda _: Cell())]
    assert [each.heading for each in Table.of("", ["1"], columns).columns] == ["a"]
    assert len(Table.of("", [], columns[:1]).columns) == 1
    assert lines(Table("nothing", [], [])) == []


def test_a_terminal_has_a_pair_of_tables_for_each_condition_with_the_numbers_of_the_whole(
    tmp_path: Path,
) -> None:
    waiting(tmp_path / "waits")
    known = known_of(tmp_path)
    whole, costs = results.tables(known, known.summary)
    narrow = results.narrow_tables(known, known.summary)
    assert [table.title for table in narrow] == [
        "Makespans at tasks=5",
        "Costs at tasks=5",
        "Makespans at tasks=14",
        "Costs at tasks=14",
    ]
    for kind, table in ((0, whole), (1, costs)):
        parts = narrow[kind::2]
        for heading in (each.heading for each in table.columns if each.heading != "tasks"):
            exact = [cell.exact for part in parts for cell in cells(part, heading)]
            assert exact == [cell.exact for cell in cells(table, heading)], heading


def cells(table: Table, heading: str) -> list[Cell]:
    index = [each.heading for each in table.columns].index(heading)
    return [row[index] for row in table.rows]


def test_of_many_metrics_a_terminal_shows_the_first_and_says_how_many_there_are(tmp_path: Path) -> None:
    metrics = {f"metric_{number}": float(number) for number in range(20)}
    result(tmp_path / "many", [{"how": "one"}], lambda *_: metrics)
    known = known_of(tmp_path)
    (narrow,), (whole,) = (make(known, known.summary) for make in (results.narrow_tables, results.tables))
    assert len(narrow.columns) == 1 + results.MOST
    left = len(whole.columns) - len(narrow.columns)
    assert narrow.notes == [f"{left} more metrics in samples.csv"]
    assert lines(narrow)[-1] == narrow.notes[0]


def test_numbers_that_lie_far_apart_have_a_unit_each(tmp_path: Path) -> None:
    sizes = {"small": 1e-7, "large": 2.0}
    result(tmp_path / "apart", [{"how": how} for how in sizes], lambda at, _: {"cost_s": sizes[at["how"]]})
    known = known_of(tmp_path)
    (table,) = results.tables(known, known.summary)
    assert column(table, "cost") == ["100 ns", "2000 ms"]
    assert [cell.exact for cell in cells(table, "cost")] == ["1e-07", "2"]


def test_every_word_that_the_statistics_give_has_a_look_and_a_meaning() -> None:
    words = {
        verdict(*three, 1.05) for three in ((0.5, 0.4, 0.6), (2, 1.9, 2.1), (1, 0.99, 1.01), (1, 0.5, 2))
    }
    assert words == {"faster", "slower", "tie", "undecided"}
    assert all(look.meaning and look.sign for look in VERDICTS.values())
    assert words | {"supported", "refuted", "void", "skipped", "server-bound", "baseline"} <= set(VERDICTS)
    assert [
        terminal.verdict_style(word) for word in ("faster", "slower", "tie", "baseline", "no verdict")
    ] == [
        "green",
        "red",
        "yellow",
        "",
        "",
    ]


@pytest.mark.parametrize("form", ["markdown", "csv"])
def test_lab_show_prints_the_tables_for_another_program(tmp_path: Path, form: str) -> None:
    waiting(tmp_path / "results" / "waits")
    shown = run_lab("show", "waits", "--format", form, cwd=tmp_path)
    known = known_of(tmp_path / "results")
    render: Any = {"markdown": markdown, "csv": as_csv}[form]
    tables = results.tables(known, known.summary)
    assert (shown.code, shown.out) == (0, "\n".join(map(render, tables)))


@pytest.mark.parametrize(
    ("axis", "value", "shown", "point"),
    [
        ("in_flight", 1020.4, "1,020", "1,020 in flight"),
        ("task_ms", 1.5, "1.5 ms", "a task of 1.5 ms"),
        ("size_bytes", 2.0**26, "64 MiB", "a size of 64 MiB"),
        ("workers", 4, "4", "4 workers"),
    ],
)
def test_a_swept_value_is_shown_in_its_unit(axis: str, value: float, shown: str, point: str) -> None:
    assert (axis_value(axis, value), axis_point(axis, value)) == (shown, point)


def test_a_value_is_shown_in_its_unit_with_or_without_the_units_name() -> None:
    unit = unit_of("makespan_s", [0.0593])
    assert (unit.show(59.3), unit.digits(0.0593)) == ("59.3 ms", "59.3")


def test_a_verb_follows_the_number_of_its_models_name() -> None:
    assert [
        does(name, verb) for name in ("`threads`", "asyncio", "in_process") for verb in ("take", "be")
    ] == [
        "`threads` take",
        "`threads` are",
        "asyncio takes",
        "asyncio is",
        "in_process takes",
        "in_process is",
    ]


def test_a_sentence_names_every_model_that_it_is_given() -> None:
    names = ["one", "two", "three", "four"]
    assert say("shares", cases=9, shares=names, tied=2) == (
        "Of 9 cases one, two, three and four; in 2 the first are too close to tell apart."
    )


@pytest.mark.parametrize(
    ("verdict", "text"),
    [("supported", "It is so (1.10 (1.00-1.20))."), ("refuted", "Not so: “It is so” (1.10 (1.00-1.20)).")],
)
def test_a_claim_is_said_with_its_evidence_and_a_refuted_one_is_denied(verdict: str, text: str) -> None:
    assert say("claim", sentence="It is so", verdict=verdict, evidence="1.10 (1.00-1.20)") == text
