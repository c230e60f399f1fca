"""A timeline says what the spans say: a panel a model, a lane a worker, a bar a task."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from figure_results import AA_SUFFIX, fake, grid, in_ms, labelled

from lab.core.errors import LabError
from lab.present.figures import lanes
from lab.present.figures.kinds.timeline import draw as draw_timeline


def test_a_panel_a_model_a_lane_a_worker_and_each_task_where_it_was():
    results, summary = fake(grid(("sequential", "threads", "asyncio"), (5, 14), (4, "all")))
    drawn = draw_timeline(results, summary, workers=4)
    assert [axes.get_title() for axes in drawn.axes] == ["sequential", "threads", "asyncio"]
    spans = results.spans.filter(tasks="14", model="threads", workers="4").sort("started_s", "index")
    (boxes,) = (artist for artist in drawn.axes[1].collections if artist.get_label() == "service")
    drawn_spans = [(box.vertices[:, 0].min(), box.vertices[:, 0].max()) for box in boxes.get_paths()]
    assert drawn_spans == [tuple(in_ms(*span)) for span in spans.select("started_s", "finished_s").rows()]
    (waits,) = (artist for artist in drawn.axes[1].collections if artist.get_label() == "wait")
    drawn_waits = [tuple(segment[:, 0]) for segment in waits.get_segments()]
    assert drawn_waits == [tuple(in_ms(*span)) for span in spans.select("submitted_s", "started_s").rows()]
    assert [label.get_text() for label in drawn.axes[1].get_yticklabels()] == ["1", "2", "3", "4"]
    assert len({axes.get_xlim() for axes in drawn.axes}) == 1
    end = spans["finished_s"].max()
    assert drawn.axes[1].texts[0].get_text() == f"{1000 * end:.0f} ms"


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
    assert len(boxes.get_paths()) == 1 and boxes.get_hatch()
    assert cross.get_xdata() == in_ms(*spans.filter(failed)["finished_s"])
    assert [label.get_text() for label in drawn.axes[0].get_yticklabels()][-1] == "lost"


def test_the_baseline_measured_again_is_no_panel_of_its_own():
    results, summary = fake(grid(("asyncio",), (5,), (4,)))
    again = results.spans.with_columns(model=pl.lit(AA_SUFFIX))
    both = replace(results, spans=pl.concat([results.spans, again]))
    assert [axes.get_title() for axes in draw_timeline(both, summary).axes] == ["asyncio"]


def test_no_tasks_recorded_is_said():
    results, summary = fake(grid(("threads",), (5,), (4,)))
    empty = replace(results, spans=results.spans.clear())
    with pytest.raises(LabError, match="no tasks to draw"):
        draw_timeline(empty, summary)
