"""Lines say what the CSV says: every median, round, band and limit is at its place."""

from __future__ import annotations

from math import ceil, isfinite

import pytest
from figure_faults import faults_of
from figure_results import MODELS, fake, grid, labelled, words_in
from measured_results import cases_of, measured

from lab.analysis.stats.rounds import by_round
from lab.core.errors import LabError
from lab.present.figures.kinds.lines import draw
from lab.present.figures.selection import round_values


def pool(case, random):
    if case["model"] == "fork":
        return "skipped: needs more memory" if case["workers"] == 32 else "timeout: no result within 60 s"
    workers = 200 if case["workers"] == "all" else case["workers"] or 1
    ideal = ceil(200 / workers) * 0.05
    return {"makespan_s": ideal * (1.02 + random.random() / 50), "limit_s": ideal, "lost": 0}


NO_WORKERS = [{"model": "sequential", "workers": None}]
POOL = measured(
    NO_WORKERS + cases_of(model=["queue_pool", "fork", "asyncio"], workers=[1, 2, 4, 8, 16, 32, "all"]),
    pool,
)


def test_every_median_stands_at_its_place_and_so_does_every_round():
    results, summary = POOL
    (panel,) = draw(results, summary, "workers").axes
    medians = {tuple(line.get_xdata()): line.get_ydata() for line in labelled_in(panel, "median")}
    (places,) = medians
    assert places == pytest.approx([1, 2, 4, 8, 16, 32, 32**1.14])
    rows = summary.filter(metric="makespan_s", model="asyncio")
    last = [line.get_ydata() for line in labelled_in(panel, "median")][-1]
    assert list(last) == pytest.approx(rows["median"].to_list())
    dots = [y for line in labelled_in(panel, "rounds") for y in line.get_ydata()]
    values = round_values(by_round(results), "makespan_s")
    expected = [
        v for (model, _), mine in values.items() if model in ("queue_pool", "asyncio") for v in mine
    ]
    assert sorted(dots) == pytest.approx(sorted(expected)) and len(dots) == 70
    assert (panel.get_xscale(), panel.get_yscale()) == ("log", "log")


def labelled_in(panel, label: str):
    return [artist for artist in panel.get_children() if artist.get_label() == label]


def test_the_band_is_the_interval_and_one_round_has_none():
    results, summary = POOL
    drawn = draw(results, summary, "workers", model="asyncio")
    (band,) = labelled(drawn, "interval")
    rows = summary.filter(metric="makespan_s", model="asyncio")
    edges = {round(float(y), 9) for y in band.get_paths()[0].vertices[:, 1]}
    assert edges == {round(value, 9) for side in ("low", "high") for value in rows[side]}
    once = draw(*measured(cases_of(model=["asyncio"], workers=[1, 2]), pool, rounds=1), "workers")
    assert labelled(once, "interval") == [] and not any("band" in text for text in words_in(once))


def test_the_limit_is_drawn_once_and_named_and_what_has_no_such_axis_is_a_level_line():
    results, summary = POOL
    drawn = draw(results, summary, "workers")
    (limit,) = labelled(drawn, "limit")
    assert limit.get_linestyle() == "--"
    assert list(limit.get_ydata())[:2] == pytest.approx([10, 5])
    (level,) = labelled(drawn, "level")
    sequential = summary.filter(metric="makespan_s", model="sequential")["median"][0]
    assert level.get_ydata()[0] == pytest.approx(sequential)
    assert [text.get_text() for text in drawn.axes[0].texts] == [
        "sequential",
        "queue_pool",
        "asyncio",
        "limit",
    ]
    assert any("level: sequential, without workers" in text for text in words_in(drawn))


def test_limits_that_agree_are_one_and_another_is_named_after_its_line():
    def one(case, _random):
        limit = {"sequential": 2.0, "threads": 1.0, "asyncio": 1.0}[case["model"]]
        return {"makespan_s": 3.0, "limit_s": limit}

    cases = [*cases_of(model=["threads", "sequential"], n=[1, 2]), {"model": "asyncio", "n": 4}]
    results = measured(cases, one, aa_control=False)
    drawn = draw(*results, "n")
    assert [list(line.get_xdata()) for line in labelled(drawn, "limit")] == [[1, 2, 4], [1, 2]]
    assert [text.get_text() for text in drawn.axes[0].texts][-2:] == [
        "limit of threads",
        "limit of sequential",
    ]
    (alone,) = labelled(draw(*results, "n", model="asyncio"), "limit")
    assert alone.get_marker() == "_"  # a line of one point would not be seen


def test_panels_stand_in_the_order_of_numbers_though_a_thinned_grid_does_not():
    cases = [
        {"unit": "task", "alive": 100},
        {"unit": "task", "alive": 10},
        {"unit": "fork", "alive": "all"},
    ]
    cases = [{**case, "n": n} for case in cases for n in (1, 2)]
    drawn = draw(*measured(cases, lambda case, _: {"cost_s": 1.0}), "n", "cost_s")
    assert [axes.get_title("left") for axes in drawn.axes] == ["alive=10", "alive=100", "alive=all"]


def test_a_case_without_a_number_is_named_with_the_reason():
    text = " ".join(words_in(draw(*POOL, "workers")))
    assert "fork at 1, 2, 4, 8, 16, all (void: 5 trials); fork at 32 (skipped)." in text


def test_a_line_is_dotted_and_its_band_cut_where_a_case_between_was_not_measured():
    def holed(case, random):
        return "skipped: left out" if case["workers"] in (1, 4) else {"makespan_s": 1 + random.random()}

    whole = measured(cases_of(model=["threads"], workers=[2, 8, 32, "all"]), holed)
    results, summary = measured(cases_of(model=["threads"], workers=[1, 2, 4, 8, 32, "all"]), holed)
    drawn = draw(results, summary, "workers")
    (solid,), (dotted,), (band,) = (labelled(drawn, label) for label in ("line", "dotted", "interval"))
    assert (solid.get_linestyle(), dotted.get_linestyle()) == ("-", ":")
    assert list(dotted.get_xdata()) == [2, 8, 32, pytest.approx(32**1.14)]
    assert list(solid.get_xdata()) == [1, 2, 4, 8, 32]  # without a number at 1 and 4, and not to the word
    assert [bool(isfinite(y)) for y in solid.get_ydata()] == [False, True, False, True, True]
    assert [len(set(path.vertices[:, 0])) for path in band.get_paths()] == [1, 3]
    assert "dotted: not measured in between" in " ".join(words_in(drawn))
    drawn = draw(*whole, "workers")
    (solid,) = labelled(drawn, "line")
    assert list(solid.get_xdata()) == [2, 8, 32] and all(map(isfinite, solid.get_ydata()))
    assert "not measured" not in " ".join(words_in(drawn))


def test_an_experiment_of_which_nothing_counted_is_still_drawn():
    drawn = draw(
        *fake(grid(("fork", "threads"), (5, 14), (4,)), void=("fork",), skipped=("threads",)), "tasks"
    )
    assert labelled(drawn, "median") == []
    assert any(
        "fork at 5, 14 (void: 5 trials); threads at 5, 14 (skipped)" in text for text in words_in(drawn)
    )


def test_a_metric_that_is_always_zero_is_a_line_on_the_floor():
    (panel,) = draw(*POOL, "workers", "lost").axes
    assert {y for line in labelled_in(panel, "median") for y in line.get_ydata()} == {0}
    assert panel.get_ylim()[0] == 0 and [tick.get_text() for tick in panel.get_yticklabels()] == ["0", "1"]


def test_an_axis_that_only_follows_the_swept_one_makes_no_panels():
    cases = [
        {**case, "tasks": 400 // case["task_ms"]}
        for case in cases_of(model=["fork", "asyncio"], task_ms=[1, 10])
    ]
    drawn = draw(*measured(cases, lambda case, _: {"makespan_s": 1.0}, aa_control=False), "task_ms")
    assert len(drawn.axes) == 1 and [len(line.get_xdata()) for line in labelled(drawn, "median")] == [2, 2]


def test_without_a_model_the_first_axis_that_varies_names_the_lines_and_the_rest_are_panels():
    cases = cases_of(kind=["one"], guard=["none", "lock"], gap=["none", "call"], n=[1, 2])
    drawn = draw(*measured(cases, lambda case, _: {"lost_percent": case["n"]}), "n", "lost_percent")
    assert [axes.get_title("left") for axes in drawn.axes] == ["gap=none", "gap=call"]
    assert [text.get_text() for text in drawn.axes[0].texts] == ["none", "lock"]
    assert any("All with kind=one." in text for text in words_in(drawn))


def test_where_picks_one_value_or_several_and_the_baseline_again_is_no_line():
    results, summary = POOL
    drawn = draw(results, summary, "workers", model=("asyncio", "queue_pool"), workers=(1, "all"))
    assert [text.get_text() for text in drawn.axes[0].texts] == ["queue_pool", "asyncio", "limit"]
    assert [len(line.get_xdata()) for line in labelled(drawn, "median")] == [2, 2]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"x": "worker"}, "no axis 'worker' to draw; did you mean 'workers'"),
        ({"x": "workers", "metric": "makespan"}, "no metric 'makespan' to draw; did you mean 'makespan_s'"),
        ({"x": "workers", "model": "thread"}, "no model 'thread' to draw; did you mean"),
        (
            {"x": "workers", "crossing": ("queuepool", "asyncio")},
            "no line 'queuepool' to draw; did you mean 'queue_",
        ),
    ],
)
def test_a_figure_that_cannot_be_drawn_is_named(options, message):
    with pytest.raises(LabError, match=message):
        draw(*POOL, **options)


def test_values_that_no_case_has_together_are_named():
    cases = [{"model": "asyncio", "n": 1}, {"model": "fork", "n": 2}]
    results = measured(cases, lambda case, _: {"makespan_s": 1.0}, aa_control=False)
    with pytest.raises(LabError, match="no case has all of these values"):
        draw(*results, "n", model="asyncio", n=2)


SHAPES = {
    "every model in four panels": (fake(grid()), {"x": "tasks", "knee": True}),
    "by workers": (fake(grid(MODELS, (5, 14), (1, 2, 4, 8, "all"))), {"x": "workers"}),
    "the pool": (POOL, {"x": "workers", "knee": True, "crossing": ("queue_pool", "asyncio")}),
    "one line": (POOL, {"x": "workers", "model": "asyncio"}),
    "zeros": (POOL, {"x": "workers", "metric": "lost"}),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_no_two_texts_collide_and_none_leaves_the_page(shape):
    results, options = SHAPES[shape]
    assert faults_of(lambda: draw(*results, **options)) == []


def test_a_line_looks_alike_in_every_figure_of_its_experiment():
    sweep = measured(cases_of(how=["in_process", "pipe", "shared"], size=[1, 10, 100]), pool_of_sizes)

    def looks(**where):
        lines = labelled(draw(*sweep, "size", **where), "median")
        return [(line.get_markerfacecolor(), line.get_marker()) for line in lines]

    every = looks()
    assert len(set(every)) == 3
    assert looks(how=("pipe", "shared")) == every[1:]
    assert looks(how="shared") == every[2:]


def pool_of_sizes(case, random):
    return {"makespan_s": case["size"] * (1.0 + random.random())}
