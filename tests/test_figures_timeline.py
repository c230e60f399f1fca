"""A timeline shows the spans: a panel for each model, a lane for each worker, a bar for each task."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import polars as pl
import pytest
from figure_results import AA_SUFFIX, fake, grid, in_ms, labelled, words_in
from matplotlib.path import Path

from lab.core.errors import LabError
from lab.core.figures import timeline
from lab.present.figures import lanes
from lab.present.figures.draw import render
from lab.present.figures.kinds.timeline import draw as draw_timeline


def test_a_panel_a_model_a_lane_a_worker_and_each_task_where_it_was():
    results, summary = fake(grid(("sequential", "threads", "asyncio"), (5, 14), (4, "all")))
    drawn = draw_timeline(results, summary, workers=4)
    assert [axes.get_title("left") for axes in drawn.axes] == ["sequential", "threads", "asyncio"]
    spans = results.spans.filter(tasks="14", model="threads", workers="4").sort("started_s", "index")
    services, waits = (ends_of(labelled(drawn, label)[1]) for label in ("tasks", "waits"))
    assert services == [tuple(in_ms(*span)) for span in spans.select("started_s", "finished_s").rows()]
    assert waits == [tuple(in_ms(*span)) for span in spans.select("submitted_s", "started_s").rows()]
    assert [label.get_text() for label in drawn.axes[1].get_yticklabels()] == ["1", "2", "3", "4"]
    assert len({axes.get_xlim() for axes in drawn.axes}) == 1
    end = spans["finished_s"].max()
    assert drawn.axes[1].texts[0].get_text() == f"{1000 * end:.0f} ms"


def ends_of(patch) -> list[tuple[float, float]]:
    """Return where each of the shapes of a path starts and ends."""
    path = patch.get_path()
    starts = [n for n, code in enumerate(path.codes) if code == Path.MOVETO]
    shapes = [path.vertices[a:b, 0] for a, b in pairwise([*starts, len(path.codes)])]
    return [(shape.min(), shape.max()) for shape in shapes]


def test_lanes_are_numbered_in_the_order_of_first_starts():
    rows = [
        {"worker": worker, "index": index, "started_s": started, "finished_s": started + 1}
        for index, (worker, started) in enumerate([("b", 0.3), ("a", 0.1), ("b", 1.5), ("c", 0.1)])
    ]
    mine = lanes.lanes_of("threads", rows)
    assert mine.workers == ["a", "c", "b"] and mine.makespan_s == 2.5
    assert [(lane, span["index"]) for lane, span in mine.tasks] == [(0, 1), (1, 3), (2, 0), (2, 2)]


def test_an_open_axis_is_held_at_its_largest_by_size_and_all_is_the_largest():
    results, _ = fake(grid(("sequential", "threads"), (5, 14, 9), (16, "all", 4)))
    assert lanes.pick(results, {})[1] == {"tasks": "14", "workers": "all"}
    chosen, held = lanes.pick(results, {"model": "threads", "tasks": 9})
    assert held == {"model": "threads", "tasks": "9", "workers": "all"}
    assert [(panel.name, len(panel.workers)) for panel in chosen] == [("threads", 9)]


def test_a_task_that_failed_is_hatched_and_crossed_and_lost_work_says_so():
    results, summary = fake(grid(("processes",), (5,), (4,)))
    failed = pl.col("index") == 3
    spans = results.spans.with_columns(
        error=pl.when(failed).then(pl.lit("ValueError: no")),
        worker=pl.when(failed).then(pl.lit("lost")).otherwise("worker"),
    )
    changed = replace(results, spans=spans)
    drawn = draw_timeline(changed, summary)
    (boxes,) = labelled(drawn, "failed")
    (cross,) = labelled(drawn, "cross")
    assert len(ends_of(boxes)) == 1 and boxes.get_hatch()
    assert list(cross.get_xdata()) == in_ms(*spans.filter(failed)["finished_s"])
    assert [label.get_text() for label in drawn.axes[0].get_yticklabels()][-1] == "lost"


def test_the_baseline_measured_again_is_no_panel_of_its_own():
    results, summary = fake(grid(("asyncio",), (5,), (4,)))
    again = results.spans.with_columns(model=pl.lit(AA_SUFFIX))
    both = replace(results, spans=pl.concat([results.spans, again]))
    assert [axes.get_title("left") for axes in draw_timeline(both, summary).axes] == ["asyncio"]


def test_no_tasks_recorded_is_said():
    results, summary = fake(grid(("threads",), (5,), (4,)))
    empty = replace(results, spans=results.spans.clear())
    with pytest.raises(LabError, match="no tasks to draw"):
        draw_timeline(empty, summary)


class Worker(str):
    """The name of a worker that counts how often it is compared."""

    __slots__ = ()
    compared = 0
    __hash__ = str.__hash__

    def __eq__(self, other):
        Worker.compared += 1
        return str.__eq__(self, other)


MANY = 200_000


def many_spans(worker_of: Callable[[int], str]):
    """Return tasks of 10 µs, a new one each microsecond, that run by these workers."""
    return [
        {
            "index": n,
            "worker": worker_of(n),
            "submitted_s": n * 1e-6,
            "started_s": n * 1e-6,
            "finished_s": (n + 10) * 1e-6,
            "error": None,
        }
        for n in range(MANY)
    ]


def test_lanes_of_many_tasks_compare_each_workers_name_a_few_times_however_many_workers_there_are():
    spans = many_spans(lambda n: Worker(f"worker-{n // 2}"))
    Worker.compared = 0
    threads_lanes = lanes.lanes_of("threads", spans)
    assert len(threads_lanes.workers) == MANY / 2 and len(threads_lanes.tasks) == MANY
    assert Worker.compared < 3 * MANY


def many_results():
    results, summary = fake(grid(("threads",), (5,), (4,)))
    spans = pl.DataFrame(many_spans(lambda n: f"worker-{n % 8}"))
    case = {"model": "threads", "tasks": "5", "workers": "4", "trial": 1}
    spans = spans.with_columns(pl.lit(value).alias(axis) for axis, value in case.items())
    return replace(results, spans=spans.with_columns(pl.col("error").cast(pl.String))), summary


def test_of_very_many_tasks_some_are_drawn_in_few_artists_and_the_subtitle_says_so(tmp_path):
    results, summary = many_results()
    drawn = draw_timeline(results, summary)
    (panel,) = drawn.axes
    (tasks,) = labelled(drawn, "tasks")
    ends = ends_of(tasks)
    assert 1480 < len(ends) < 1510 and len(panel.get_children()) < 30
    assert len(set(tasks.get_path().vertices[:, 1])) == 8 * 2  # in each lane, a top and a bottom
    assert ends[0] == tuple(in_ms(0, 10e-6))
    assert panel.texts[0].get_text() == "200 ms"  # of all tasks
    assert "only one task in 134 is drawn" in " ".join(words_in(drawn))
    _, svg = render(timeline(), results, summary, tmp_path)
    assert svg.stat().st_size < 300_000


def test_the_tasks_of_a_panel_are_one_group_of_the_svg_by_a_name_of_their_own(tmp_path):
    _, svg = render(timeline(), *fake(grid(("threads", "asyncio"), (14,), (4,))), tmp_path)
    groups = re.findall(r'<g id="((?:tasks|waits)-[^"]*)">\s*<path', svg.read_text(encoding="utf-8"))
    assert sorted(groups) == ["tasks-asyncio", "tasks-threads", "waits-asyncio", "waits-threads"]
