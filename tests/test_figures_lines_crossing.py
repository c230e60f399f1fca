"""Crossings and knees of lines stand where the numbers put them, with what is known of them in words."""

from __future__ import annotations

import pytest
from figure_faults import faults_of
from figure_results import labelled, words_in
from measured_results import cases_of, measured

from lab.present.figures.kinds.lines import draw

SIZES = (1, 10, 100, 1000)


def rate(places: tuple[float, ...] = (20, 50, 30, 40, 200)):
    """Return a measurement in which asyncio falls below threads at these places, a round each."""
    turns = iter(places * 4)

    def one(case, _random):
        fall = next(turns) / case["n"] if case["model"] == "asyncio" else 1.0
        return {"cost_s": fall}

    return one


def crossing_results(**how):
    # The cases are tried round by round, so the places are dealt out to four sizes at a time.
    places = how.pop("places", (20, 50, 30, 40, 200))
    dealt = tuple(place for place in places for _ in SIZES)
    cases = cases_of(model=["threads", "asyncio"], n=SIZES)
    return measured(cases, rate(dealt), rounds=len(places), aa_control=False, **how)


def test_the_crossing_is_marked_where_it_is_with_its_interval_and_by_how_much():
    results, summary = crossing_results()
    drawn = draw(results, summary, "n", "cost_s", crossing=("threads", "asyncio"))
    (line,), (band,), (ring,) = (
        labelled(drawn, label) for label in ("crossing", "crossing interval", "crossing mark")
    )
    assert line.get_xdata()[0] == pytest.approx(40)
    assert [band.get_x(), band.get_x() + band.get_width()] == pytest.approx([20, 600])
    assert ring.get_ydata()[0] == pytest.approx(1)
    words = (
        "asyncio is faster than threads from 40 on (95 % interval 20 to 600); at 1,000, threads take 21.1× "
    )
    assert words in " ".join(words_in(drawn))


def test_a_crossing_is_drawn_on_logarithmic_axes_however_little_the_lines_span():
    def one(case, _random):
        return {"cost_s": 1.0 if case["model"] == "threads" or case["n"] == 10 else 12 / (10 + case["n"])}

    cases = cases_of(model=["threads", "asyncio"], n=(1, 10, 20))
    results, summary = measured(cases, one, rounds=5, aa_control=False)
    plain = draw(results, summary, "n", "cost_s")
    marked = draw(results, summary, "n", "cost_s", crossing=("threads", "asyncio"))
    assert [drawn.axes[0].get_ylabel().partition(", ")[2] for drawn in (plain, marked)] == [
        "",
        "logarithmic",
    ]


@pytest.mark.parametrize(
    ("places", "words"),
    [
        ((0.1, 0.2, 0.3, 0.4, 0.5), "asyncio is faster than threads all the way from 1"),
        ((5e3, 6e3, 7e3, 8e3, 9e3), "threads are faster than asyncio all the way from 1"),
        ((900, 900, 900, 1100, 1200), "threads and asyncio are too close to tell apart in the end"),
        ((0.5, 30, 40, 50, 60), "95 % interval below 1 to 93.3"),
    ],
)
def test_lines_that_do_not_cross_within_the_sweep_say_so(places, words):
    results, summary = crossing_results(places=places)
    drawn = draw(results, summary, "n", "cost_s", crossing=("threads", "asyncio"))
    assert words in " ".join(words_in(drawn))
    assert (labelled(drawn, "crossing") == []) == ("interval" not in words)


def test_a_crossing_by_a_factor_says_so():
    results, summary = crossing_results()
    plain, by = (
        labelled(draw(results, summary, "n", "cost_s", crossing=pair), "crossing")[0].get_xdata()[0]
        for pair in (("threads", "asyncio"), ("threads", "asyncio", 2.0))
    )
    assert by > plain
    below = draw(results, summary, "n", "cost_s", crossing=("threads", "asyncio", 2.0))
    assert "asyncio is at least 100 % faster than threads from" in " ".join(words_in(below))
    above = draw(results, summary, "n", "cost_s", crossing=("asyncio", "threads", 2.0))
    assert "asyncio is at least 100 % faster than threads from" in " ".join(words_in(above))


def test_one_round_has_a_crossing_without_an_interval():
    drawn = draw(*crossing_results(places=(40,)), "n", "cost_s", crossing=("threads", "asyncio"))
    assert labelled(drawn, "crossing interval") == [] and len(labelled(drawn, "crossing")) == 1
    words = " ".join(words_in(drawn))
    assert "at 1,000, threads take 25.0× as long" in words and "95 %" not in words


def test_a_level_line_can_be_crossed():
    cases = [{"model": "sequential", "workers": None}, *cases_of(model=["asyncio"], workers=[1, 2, 4, 8])]
    results = measured(cases, lambda case, _: {"makespan_s": 8 / (case["workers"] or 4)}, aa_control=False)
    drawn = draw(*results, "workers", crossing=("sequential", "asyncio"))
    assert labelled(drawn, "crossing")[0].get_xdata()[0] == pytest.approx(4)


def test_the_knee_is_ringed_and_named():
    def one(case, _random):
        return {
            "makespan_s": max(1.0, 8 / case["workers"])
            if case["model"] == "asyncio"
            else 8 / case["workers"]
        }

    results = measured(cases_of(model=["threads", "asyncio"], workers=[1, 2, 4, 8, 16, 32]), one)
    drawn = draw(*results, "workers", knee=True)
    (ring,) = labelled(drawn, "knee")
    assert (ring.get_xdata()[0], ring.get_ydata()[0]) == pytest.approx((8, 1000))
    assert {"knee at 8", "no knee up to 32"} <= set(words_in(drawn))


def test_no_two_texts_of_a_crossing_collide_and_none_leaves_the_page():
    results = crossing_results()
    assert faults_of(lambda: draw(*results, "n", "cost_s", crossing=("threads", "asyncio"))) == []
