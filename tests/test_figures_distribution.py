"""A distribution says what the spans say: each task is a step, and the quantiles are tasks' own times."""

from __future__ import annotations

import sys
from dataclasses import replace

import polars as pl
import pytest
from builders import new_writer, sample, span, trial
from figure_faults import faults_of
from figure_results import MODELS, fake, grid, labelled, words_in
from hypothesis import given
from hypothesis import strategies as st
from measured_results import cases_of, measured

from lab.core.errors import LabError
from lab.core.figures import distribution
from lab.core.work import Span
from lab.present.figures import style
from lab.present.figures.draw import render
from lab.present.figures.kinds.distribution import draw, quantile
from lab.store.reading import read

MS = 1_000_000


def spans_of(case, _random):
    """Return ten tasks: each waits for as many ms as its number, and takes 20 ms, or 40 under fork."""
    takes = 40 if case.get("model") == "fork" else 20
    return [Span(n, 0, n * MS, (n + takes) * MS, "w", None) for n in range(10)]


def made(cases, spans=spans_of):
    return measured(cases, lambda case, _: {"makespan_s": 1.0}, spans=spans)


def ten(**how):
    return made(cases_of(model=["threads", "fork", "asyncio"], tasks=[10]), **how)


@pytest.mark.parametrize(
    ("metric", "first", "last"), [("latency_s", 20, 29), ("service_s", 20, 20), ("queue_wait_s", 0, 9)]
)
def test_each_task_is_a_step_of_its_share(metric, first, last):
    line = labelled(draw(*ten(), metric), "steps")[0]
    assert line.get_drawstyle() == "steps-post"
    assert list(line.get_ydata()) == pytest.approx([0, *[n / 10 for n in range(1, 11)]])
    assert (line.get_xdata()[1], line.get_xdata()[10]) == pytest.approx((first, last))


def test_a_line_ends_at_its_slowest_task_however_wide_the_figure():
    drawn = draw(*ten(), "latency_s")
    line, right = labelled(drawn, "steps")[0], drawn.axes[0].get_xlim()[1]
    assert (line.get_xdata()[0], line.get_xdata()[-1]) == pytest.approx((20, 29)) and right > 30


def test_the_quantiles_are_marked_at_tasks_own_times_and_named():
    drawn = draw(*ten(), "latency_s")
    marked = labelled(drawn, "quantiles")
    assert list(marked[0].get_xdata()) == pytest.approx([24, 29]) and list(marked[0].get_ydata()) == [
        0.5,
        0.99,
    ]
    assert [line.get_marker() for line in marked] == [
        style.look(m).marker for m in ("threads", "fork", "asyncio")
    ]
    assert {"p50 24.0 ms, p99 29.0 ms", "p50 44.0 ms, p99 49.0 ms"} <= set(words_in(drawn))
    assert {"p50", "p99"} <= {label.get_text() for label in drawn.axes[0].get_yticklabels()}


@given(st.lists(st.floats(0, 9), min_size=1, max_size=200), st.sampled_from([0.5, 0.99]))
def test_a_quantile_is_the_shortest_time_that_so_many_kept_to(times, share):
    times_at = quantile(times, share)
    assert sum(time <= times_at for time in times) >= share * len(times) - 1e-9
    assert sum(time < times_at for time in times) < share * len(times)


def test_a_quantile_is_named_in_its_own_unit():
    def spans(case, _random):
        return [Span(n, 0, 3_580 if n < 9 else 7 * MS, 8 * MS, "w", None) for n in range(10)]

    assert "p50 3.58 µs, p99 7.00 ms" in words_in(draw(*ten(spans=spans), "queue_wait_s"))


def test_a_name_is_led_to_from_a_point_of_its_own_line():
    drawn = draw(*ten(), "latency_s")
    lines = {line.get_color(): line for line in labelled(drawn, "steps")}
    for dot in labelled(drawn, "start"):
        line = lines[dot.get_color()]
        x, y = dot.get_xdata()[0], dot.get_ydata()[0]
        below = max(
            (share for at, share in zip(line.get_xdata(), line.get_ydata(), strict=True) if at < x - 1e-9),
            default=0,
        )
        above = max(
            share for at, share in zip(line.get_xdata(), line.get_ydata(), strict=True) if at <= x + 1e-9
        )
        assert below <= y <= above + 1e-9


def test_tasks_that_failed_are_left_out_and_counted():
    def spans(case, random):
        first, *others = spans_of(case, random)
        return [replace(first, error="ValueError: no"), *others]

    drawn = draw(*ten(spans=spans), "latency_s")
    assert len(labelled(drawn, "steps")[0].get_xdata()) == 9 + 1
    assert "3 failed tasks left out" in " ".join(words_in(drawn))


def test_more_than_a_decade_is_logarithmic_and_no_wait_keeps_its_place():
    def spans(case, random):
        return [Span(n, 0, n * n * MS, n * n * MS + 1, "w", None) for n in range(10)]

    panel = draw(*ten(spans=spans), "queue_wait_s").axes[0]
    assert panel.get_xlabel() == "queue wait (ms), logarithmic"
    assert panel.get_xticklabels()[0].get_text() == "0"
    assert draw(*ten(), "latency_s").axes[0].get_xlabel() == "latency (ms)"


def test_times_that_are_all_alike_are_one_step():
    def spans(case, random):
        return [Span(n, 0, 0, 20 * MS, "w", None) for n in range(10)]

    drawn = draw(*ten(spans=spans), "service_s")
    assert [*labelled(drawn, "steps")[0].get_xdata()] == pytest.approx([20] * 11)
    assert drawn.axes[0].get_xlim()[0] < 20 < drawn.axes[0].get_xlim()[1]


def test_other_axes_are_panels_or_picked_and_the_baseline_again_is_no_line():
    results = made(cases_of(model=["threads", "asyncio"], workers=[4, 8]))
    drawn = draw(*results, "latency_s")
    assert [axes.get_title("left") for axes in drawn.axes] == ["workers=4", "workers=8"]
    assert len(labelled(drawn, "steps")) == 4
    assert len(labelled(draw(*results, "latency_s", workers=8, model="asyncio"), "steps")) == 1


def test_without_a_model_the_axis_that_varies_names_the_lines_in_neutral_shades():
    drawn = draw(*made(cases_of(kind=["one"], unit=["task", "thread"])), "latency_s")
    assert [text.get_text() for text in drawn.axes[0].texts][::2] == ["task", "thread"]
    assert [line.get_color() for line in labelled(drawn, "steps")] == list(style.SHADES[:2])


@pytest.mark.parametrize(
    ("metric", "where", "message"),
    [
        ("latency", {}, "no metric 'latency' to draw; did you mean 'latency_s'"),
        ("latency_s", {"task": 5}, "no axis 'task' to draw; did you mean 'tasks'"),
        ("latency_s", {"model": "thread"}, "no model 'thread' to draw; did you mean 'threads'"),
    ],
)
def test_a_figure_that_cannot_be_drawn_is_named(metric, where, message):
    with pytest.raises(LabError, match=message):
        draw(*ten(), metric, **where)


def test_no_tasks_recorded_is_said():
    with pytest.raises(LabError, match="no tasks to draw"):
        draw(*ten(spans=None), "latency_s")


def all_failed(case, random):
    return [replace(span, error="ValueError: no") for span in spans_of(case, random)]


def test_tasks_that_all_failed_are_said():
    with pytest.raises(LabError, match="no tasks to draw: all failed"):
        draw(*ten(spans=all_failed), "latency_s")


def test_the_drawing_of_ten_thousand_tasks_stays_small(tmp_path):
    def spans(_case, random):
        return [Span(n, 0, 0, int(random.lognormvariate(0, 1) * MS), "w", None) for n in range(10_000)]

    paths = render(distribution("latency_s"), *ten(spans=spans), tmp_path)
    assert paths[1].stat().st_size < 300_000


SHAPES = {
    "every model in four panels": (fake(grid()), "latency_s"),
    "three lines": (ten(), "latency_s"),
    "zeros": (ten(), "queue_wait_s"),
    "one line": (made([{"model": "threads"}]), "service_s"),
    "every model": (fake(grid(MODELS, (14,), (4,))), "queue_wait_s"),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_no_two_texts_collide_and_none_leaves_the_page(shape):
    results, metric = SHAPES[shape]
    assert faults_of(lambda: draw(*results, metric)) == []


MANY = 200_000


def stored(folder, tasks):
    """Write a result whose only sample has so many tasks, of eight workers; return its folder."""
    new_writer(folder).add(trial(), [sample()], [span(0, 0, 0, 1)])
    path = folder / "spans.csv"
    header = path.read_text().splitlines()[0]
    assert header == "model,trial,index,submitted_s,started_s,finished_s,worker,error"
    lines = (f"threads,1,{n},0,{n}e-6,{n}e-6,w{n % 8}," for n in range(tasks))
    path.write_text("\n".join([header, *lines, ""]))
    return folder


def counted(function, *arguments):
    """Return how many functions were called while one ran, and what it returned."""
    calls = 0

    def count(_frame, event, _argument):
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        returned = function(*arguments)
    finally:
        sys.setprofile(None)
    return calls, returned


def test_very_many_tasks_are_read_and_drawn_with_a_few_calls_each_and_no_more_artists_than_few_tasks(
    tmp_path,
):
    few = read(stored(tmp_path / "few", 20))
    drawn_few = draw(few, pl.DataFrame(), "latency_s")  # which also loads what only the first figure loads
    calls, many = counted(read, stored(tmp_path / "many", MANY))
    assert many.spans.height == MANY and calls < 10 * MANY
    calls, drawn = counted(draw, many, pl.DataFrame(), "latency_s")
    assert calls < 10 * MANY
    assert len(drawn.axes[0].get_children()) == len(drawn_few.axes[0].get_children())
    (line,) = labelled(drawn, "steps")
    assert len(line.get_xdata()) == MANY + 1
    assert labelled(drawn, "quantiles")[0].get_xdata()[0] == pytest.approx(99.999, abs=1e-6)
