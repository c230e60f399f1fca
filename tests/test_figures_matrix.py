"""A matrix says in words what the rounds saw, and its colours say nothing that its signs do not."""

from __future__ import annotations

from itertools import pairwise

import pytest
from figure_faults import faults_of
from figure_results import words_in
from measured_results import cases_of, measured
from test_figures import lightness

from lab.core.errors import LabError
from lab.present.figures.kinds import matrix
from lab.present.figures.kinds.matrix import draw, without_ending
from lab.present.figures.page import wrapped

MODELS = ("threads", "fork", "process_executor", "asyncio")
ENDS = ("raises", "is killed", "never ends")


def given(**by_round):
    """Return a measurement that gives each metric's values in turn, a round each."""
    rounds = iter(zip(*by_round.values(), strict=True))
    return lambda _case, _random: dict(zip(by_round, next(rounds), strict=True))


def one_case(statuses=(), rounds: int = 5, **by_round):
    """Return results of one case; what a round tells, or the status that it has."""
    tell, fates = given(**by_round), iter(statuses)
    return measured(
        [{"model": "threads", "end": "raises"}],
        lambda case, random: next(fates, "") or tell(case, random),
        rounds=rounds,
    )


def cells_of(drawn) -> list[tuple[str, tuple[float, ...]]]:
    """Return the judgement of each cell, as its label says, and where it stands."""
    labels = ("good", "mixed", "bad", "fact", "absent")
    drawn_patches = [patch for axes in drawn.axes for patch in axes.patches if patch.get_label() in labels]
    return [
        (patch.get_label(), (*patch.get_xy(), patch.get_width(), patch.get_height()))
        for patch in drawn_patches
    ]


def test_the_first_word_of_a_label_is_a_sign_and_a_colour_and_the_rest_its_text():
    labels = {"raises": "good: the caller sees it", "is killed": "bad: hangs", "never ends": "mixed: late"}
    cases = cases_of(model=["threads"], end=[*ENDS, "returns"])
    made = measured(cases, lambda case, _: {"outcome": labels.get(case["end"], "note: 7")})
    drawn = draw(*made, "model", "end", "outcome")
    assert [judgement for judgement, _ in cells_of(drawn)] == ["good", "bad", "mixed", "fact"]
    texts = words_in(drawn)
    assert texts[: len(texts) - 3] == [
        "model", "raises", "is killed", "never ends", "returns", "threads",
        "✓", "the caller sees it", "✗", "hangs", "~", "late", "note: 7",
    ]  # fmt: skip
    assert texts[-2] == "Outcome, by model and end; ✓ good, ~ mixed, ✗ bad."


def test_where_rounds_differ_the_commonest_is_told_with_its_count_and_the_sign_is_mixed():
    labels = ["good: seen", "bad: hangs", "good: seen", "good: seen", "bad: hangs"]
    drawn = draw(*one_case(outcome=labels), "model", "end", "outcome")
    assert [judgement for judgement, _ in cells_of(drawn)] == ["mixed"]
    assert {"~", "seen", "3 of 5"} <= set(words_in(drawn))
    alike = draw(*one_case(outcome=["bad: hangs"] * 3 + ["bad: lost"] * 2), "model", "end", "outcome")
    assert [judgement for judgement, _ in cells_of(alike)] == ["bad"]


@pytest.mark.parametrize(
    ("sense", "judgements"),
    [
        ({}, ["fact", "fact"]),
        ({"good": ("ran", "lost")}, ["good", "good"]),
        ({"bad": ("ran", "lost")}, ["bad"] * 2),
    ],
)
def test_truths_and_numbers_are_judged_by_what_they_are_said_to_be(sense, judgements):
    made = one_case(ran=[True] * 5, lost=[3, 1, 2, 4, 5])
    drawn = draw(*made, "model", ("ran", "lost"), **sense)
    assert [judgement for judgement, _ in cells_of(drawn)] == judgements
    assert {"ran", "yes", "lost", "3", "1 to 5"} <= set(words_in(drawn))


def test_a_number_that_some_rounds_find_bad_is_mixed():
    drawn = draw(*one_case(lost=[0, 0, 0, 2, 1]), "model", ("lost",), bad=("lost",))
    assert [judgement for judgement, _ in cells_of(drawn)] == ["mixed"]
    assert {"~", "0", "0 to 2"} <= set(words_in(drawn))


def test_nothing_of_what_is_bad_is_good():
    drawn = draw(*one_case(hung=[False] * 5, lost=[0] * 5), "model", ("hung", "lost"), bad=("hung", "lost"))
    assert [judgement for judgement, _ in cells_of(drawn)] == ["good", "good"]
    assert {"no", "0"} <= set(words_in(drawn))


def test_numbers_are_medians_with_their_unit_and_range():
    made = one_case(known_after_s=[0.0123, 0.02, 0.011, 0.0131, 0.0125])
    texts = words_in(draw(*made, "model", ("known_after_s",)))
    assert "12.5 ms" in texts and "11.0 to 20.0 ms" in texts
    assert "Numbers: the median over the rounds, and their range." in texts


def test_a_void_case_is_shown_with_the_reason_and_some_of_it_beside_the_rest():
    timeouts = ["timeout: no result within 10 s"] * 5
    made = measured(cases_of(model=["threads", "fork"], end=["raises", "returns"]), deadlock_of(timeouts))
    texts = words_in(draw(*made, "model", "end", "outcome"))
    assert "void, timeout: no result within 10 s" in " ".join(texts) and "5 trials" in texts
    partly = one_case([*timeouts[:2], "", "", ""], outcome=["seen"] * 3)
    assert {"seen", "2 void"} <= set(words_in(draw(*partly, "model", "end", "outcome")))


def deadlock_of(timeouts):
    fates = iter(timeouts)

    def one(case, _random):
        return next(fates) if tuple(case.values()) == ("fork", "raises") else {"outcome": "seen"}

    return one


def test_each_cell_of_a_row_or_a_column_without_data_says_why():
    def one(case, _random):
        return "skipped: needs aiolimiter" if case["model"] == "fork" else {"outcome": "seen"}

    made = measured(cases_of(model=MODELS, end=ENDS), one)
    for rows, columns in (("model", "end"), ("end", "model")):
        drawn = draw(*made, rows, columns, "outcome")
        assert [judgement for judgement, _ in cells_of(drawn)].count("absent") == 3
        assert " ".join(words_in(drawn)).count("needs aiolimiter") == 3


def test_a_place_without_a_case_is_empty_and_a_case_without_the_axis_stands_in_each():
    cases = [{"model": "fork", "end": "raises"}, {"model": "fork", "end": "returns"}]
    cases += [{"model": "threads", "end": "raises"}, {"model": "sequential", "end": None}]
    drawn = draw(*measured(cases, lambda case, _: {"outcome": case["model"]}), "model", "end", "outcome")
    assert len(cells_of(drawn)) == 5
    texts = words_in(drawn)
    assert (texts.count("sequential"), texts.count("threads"), texts.count("fork")) == (3, 2, 3)


def test_a_row_without_a_case_in_a_panel_is_left_out_there():
    cases = [{"model": "threads", "way": way} for way in ("locked", "plain")]
    made = measured(
        [*cases, {"model": "asyncio", "way": "plain"}], lambda case, _: {"lost": 0}, aa_control=False
    )
    drawn = draw(*made, "way", ("lost",))
    assert [[text.get_text() for text in axes.texts] for axes in drawn.axes] == [
        ["way", "lost", "locked", "0", "plain", "0"],
        ["way", "lost", "plain", "0"],
    ]


def test_an_axis_that_is_neither_row_nor_column_is_a_panel_or_picked_and_truths_name_their_axis():
    made = measured(cases_of(model=MODELS, guard=[True, False], end=ENDS), lambda case, _: {"lost": 0})
    assert [axes.get_title("left") for axes in draw(*made, "model", "guard", "lost").axes] == [
        f"end={end}" for end in ENDS
    ]
    drawn = draw(*made, "model", "guard", "lost", end="raises", model=("fork", "threads"))
    assert len(drawn.axes) == 1 and len(cells_of(drawn)) == 4
    assert {"guard=True", "guard=False"} <= set(words_in(drawn))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"columns": "ends", "metric": "ran"}, "no axis 'ends' to draw; did you mean 'end'"),
        ({"columns": "end", "metric": "runs"}, "no metric 'runs' to draw; did you mean 'ran'"),
        ({"columns": ("ran", "losst")}, "no metric 'losst' to draw; did you mean 'lost'"),
        ({"columns": ("ran",), "bad": ("hung",)}, "no metric 'hung' to draw"),
        ({"columns": "end"}, "no metric to fill the cells with"),
        ({"columns": ("ran",), "end": "returns"}, "no end 'returns' to draw; did you mean 'raises'"),
    ],
)
def test_a_figure_that_cannot_be_drawn_is_named(options, message):
    with pytest.raises(LabError, match=message):
        draw(*one_case(ran=[True] * 5, lost=[0] * 5), "model", **options)


def test_signs_differ_and_so_do_their_colours_in_grey():
    assert len(set(matrix.SIGNS.values())) == 3
    greys = [lightness(matrix.FILLS[judgement][0]) for judgement in ("bad", "mixed", "good")]
    assert min(after - before for before, after in pairwise(greys)) > 8
    for fill, ink in matrix.FILLS.values():
        assert abs(lightness(fill) - lightness(ink)) > 45


def test_a_word_too_long_for_its_column_breaks_where_it_can():
    assert wrapped("process_executor", 0.8, 8.5) == ["process_", "executor"]
    assert wrapped("a short one", 2.0, 8.5) == ["a short one"]
    assert wrapped("one two three four", 0.6, 8.5, most=2) == ["one two", "three …"]


LONG = [
    "good: seen by whoever asks for the result, and the others finish",
    "bad: hangs",
    "the pool is broken",
]
SHAPES = {
    "long texts": (
        measured(cases_of(model=MODELS, end=ENDS), lambda case, random: {"outcome": random.choice(LONG)}),
        {"columns": "end", "metric": "outcome"},
    ),
    "many columns": (
        measured(cases_of(model=MODELS, end=[f"{end} {n}" for end in ENDS for n in (1, 2, 3)]),
                 lambda case, random: {"outcome": random.choice(LONG)}),
        {"columns": "end", "metric": "outcome"},
    ),
    "panels beside each other": (
        measured(cases_of(model=MODELS, form=["naive", "own", "third"], end=ENDS[:2]),
                 lambda case, random: {"outcome": random.choice(LONG)}),
        {"columns": "end", "metric": "outcome"},
    ),
    "what is skipped": (  # a long reason in a cell of its own
        measured(cases_of(model=MODELS, end=ENDS),
                 lambda case, _: f"skipped: {' '.join(LONG)}" if case["end"] == "raises" else {"lost": 3}),
        {"columns": "end", "metric": "lost"},
    ),
    "one cell": (one_case(ran=[True] * 5), {"columns": ("ran",)}),
    "one round": (one_case(rounds=1, ran=[True], known_s=[0.1]), {"columns": ("ran", "known_s")}),
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_no_two_texts_collide_and_none_leaves_the_page(shape):
    results, options = SHAPES[shape]
    assert faults_of(lambda: draw(*results, "model", **options)) == []


@pytest.mark.parametrize("shape", SHAPES)
def test_every_word_stays_in_its_cell(shape):
    results, options = SHAPES[shape]
    drawn = draw(*results, "model", **options)
    for axes in drawn.axes:
        boxes = [
            (p.get_x(), p.get_y(), p.get_width(), p.get_height())
            for p in axes.patches
            if p.get_label() != "edge"
        ]
        inside = [text.get_position() for text in axes.texts if text.get_position()[0] > 0]
        top = min(y for _, y, _, _ in boxes)
        for x, y in inside:
            assert y < top or any(left < x < left + w and up < y < up + h for left, up, w, h in boxes)


def test_the_rows_may_be_the_metrics_and_lose_the_word_that_ends_all_of_them():
    labels = {"raises": "good: seen", "is killed": "bad: hangs"}
    cases = cases_of(end=list(labels))
    made = measured(
        cases, lambda case, _: {"fork_naive": labels[case["end"]], "thread_pool_naive": "bad: hangs"}
    )
    drawn = draw(*made, ("fork_naive", "thread_pool_naive"), "end")
    assert [judgement for judgement, _ in cells_of(drawn)] == ["good", "bad", "bad", "bad"]
    texts = words_in(drawn)
    assert texts[:4] == ["naive", "raises", "is killed", "fork"] and "thread_pool" in texts
    assert texts[-2] == "Naive; ✓ good, ✗ bad."
    assert faults_of(lambda: draw(*made, ("fork_naive", "thread_pool_naive"), "end")) == []


def test_metrics_that_end_differently_keep_their_names():
    made = measured(cases_of(end=["raises"]), lambda *_: {"seen": True, "others_lost": False})
    texts = words_in(draw(*made, ("seen", "others_lost"), "end"))
    assert texts[:4] == ["raises", "seen", "yes", "others_lost"]


def test_the_word_that_all_rows_end_in_is_said_once_and_a_unit_is_none() -> None:
    assert without_ending(["one_known_s", "two_known_s"]) == (["one", "two"], "known")
    assert without_ending(["one_naive", "two_naive"]) == (["one", "two"], "naive")
    assert without_ending(["one_s", "two_s"]) == (["one_s", "two_s"], "")


def test_a_trial_that_told_nothing_is_called_what_that_means_and_one_that_failed_keeps_its_reason():
    cases = cases_of(model=["threads"], end=ENDS)
    fates = {"raises": {"known_s": 0.25}, "is killed": {"seen": False}, "never ends": "void"}
    made = measured(cases, lambda case, _: fates[case["end"]])
    drawn = draw(*made, "model", "end", "known_s", absent="no error given")
    assert [judgement for judgement, _ in cells_of(drawn)] == ["fact", "absent", "absent"]
    texts = words_in(drawn)
    assert "no error given" in texts and "not measured" not in texts and "void" in " ".join(texts)
    assert "not measured" in words_in(draw(*made, "model", "end", "known_s"))
