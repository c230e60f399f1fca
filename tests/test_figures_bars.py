"""Bars say what the CSV says: every dot, whisker, limit and word is where its number is."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from figure_results import MODELS, WAITING, fake, grid, in_ms, labelled, spread_wide, words_in

from lab.analysis.stats.rounds import by_round
from lab.present.figures.kinds.bars import draw as draw_bars
from lab.present.figures.selection import round_values


def test_every_rounds_value_is_a_dot_at_its_place():
    results, summary = fake(grid(WAITING))
    dots = [x for line in labelled(draw_bars(results, summary), "rounds") for x in line.get_xdata()]
    values = round_values(by_round(results), "makespan_s")
    assert len(dots) == 5 * len(summary) == 5 * 48
    assert sorted(dots) == in_ms(*sorted(value for case in values.values() for value in case))


def test_only_trials_that_are_ok_and_samples_that_are_not_void_count():
    results, _ = fake(grid(("threads",), (5,), (4,)))
    void = results.samples["sample"] != 2
    samples = results.samples.with_columns(
        pl.when(void).then(pl.lit("wrong")).otherwise(pl.lit("")).alias("void")
    )
    trials = results.trials.with_columns(status=pl.Series(["ok", "void", "ok", "timeout", "ok"]))
    values = round_values(by_round(replace(results, samples=samples, trials=trials)), "makespan_s")
    second = results.samples.filter((pl.col("sample") == 2) & pl.col("round").is_in([1, 3, 5]))
    assert {case: line.tolist() for case, line in values.items()} == {
        ("threads", "5", "4"): second["makespan_s"].to_list()
    }


def test_a_bar_is_as_long_as_the_median_and_its_whisker_ends_at_the_interval():
    results, summary = fake(grid(("threads", "asyncio"), (14,), (4,)))
    drawn = draw_bars(results, summary)
    assert [bar.get_width() for bar in drawn.axes[0].patches if bar.get_label() == "median"] == []
    widths = [bars[0].get_width() for bars in drawn.axes[0].containers]
    assert widths == in_ms(*summary["median"])
    (whiskers,) = labelled(drawn, "interval")
    ends = [tuple(segment[:, 0]) for segment in whiskers.get_segments()]
    assert ends == [tuple(in_ms(*row)) for row in summary.select("low", "high").rows()]


def test_fewer_than_five_rounds_have_dots_and_no_whisker():
    drawn = draw_bars(*fake(grid(("threads",), (14,), (4,)), rounds=4))
    assert labelled(drawn, "interval") == [] and len(labelled(drawn, "rounds")[0].get_xdata()) == 4
    assert not any("whisker" in text for text in words_in(drawn))


def test_the_limit_is_a_dashed_line_in_each_panel_and_named():
    drawn = draw_bars(*fake(grid(WAITING)))
    lines = labelled(drawn, "limit")
    assert [line.get_xdata()[0] for line in lines] == pytest.approx([100, 50, 200, 50])
    assert all(line.get_linestyle() == "--" for line in lines)
    assert [text for text in words_in(drawn) if text.startswith("limit")] == [
        f"limit {n} ms" for n in ("100", "50.0", "200", "50.0")
    ]


def test_there_is_a_panel_for_every_combination_and_one_after_another_stands_in_each():
    drawn = draw_bars(*fake(grid()))
    titles = [f"tasks={n}, workers={w}" for n in (5, 14) for w in (4, "all")]
    assert [axes.get_title("left") for axes in drawn.axes] == titles
    assert len(labelled(drawn, "median")) == 4 * 13
    assert drawn.axes[0].get_yticklabels()[0].get_text() == "sequential"


def test_medians_more_than_a_decade_apart_are_markers_and_each_panel_has_its_own_range():
    results, summary = fake(grid(MODELS))
    drawn = draw_bars(results, summary)
    assert {axes.get_xscale() for axes in drawn.axes} == {"log"}
    assert not any(axes.containers for axes in drawn.axes)
    first, last = drawn.axes[0].get_xlim(), drawn.axes[3].get_xlim()
    assert first[0] < 100 < 250 < first[1] < 700 < last[1]
    row = summary.filter(model="threads", tasks="14", workers="all").row(0, named=True)
    ends = labelled(drawn, "interval")[3].get_segments()[1][:, 0]
    assert list(ends) == in_ms(row["low"], row["high"])
    assert any("median makespan" in text and text.startswith("Marker") for text in words_in(drawn))


def test_values_too_wide_for_bars_become_markers_on_a_logarithmic_axis():
    results, summary = spread_wide()
    drawn = draw_bars(results, summary)
    assert drawn.axes[0].get_xscale() == "log" and drawn.axes[0].containers == []
    assert [line.get_xdata()[0] for line in labelled(drawn, "median")] == in_ms(*summary["median"])
    assert [line.get_marker() for line in labelled(drawn, "median")] == ["^", "D", "o", "o"]


def test_panels_that_are_alike_share_an_axis_and_others_do_not():
    alike = draw_bars(*fake(grid(WAITING, (14,), (4, 5))))
    assert len({axes.get_xlim()[0] for axes in alike.axes}) == 1
    ends = [axes.get_xlim()[1] for axes in alike.axes]
    assert ends[0] == pytest.approx(ends[1])
    unlike = draw_bars(*fake(grid(WAITING, (14,), (4, "all"))))
    assert unlike.axes[0].get_xlim()[1] > 3 * unlike.axes[1].get_xlim()[1]


def test_void_and_skipped_cases_are_words_and_not_bars():
    drawn = draw_bars(
        *fake(grid(("threads", "fork", "asyncio"), (14,), (4,)), void=("threads",), skipped=("fork",))
    )
    assert "void: 5 trials" in words_in(drawn) and "skipped" in words_in(drawn)
    assert [
        bars[0].get_y() + bars[0].get_height() / 2 for bars in drawn.axes[0].containers
    ] == pytest.approx([2, 3])


def test_an_experiment_of_which_nothing_counted_is_still_drawn():
    drawn = draw_bars(*fake(grid(("threads",), (14,), (4,)), void=("threads",)))
    assert "void: 5 trials" in words_in(drawn)


def test_some_void_trials_stand_beside_the_verdict():
    results, summary = fake(grid(("threads", "asyncio"), (14,), (4,)))
    summary = summary.with_columns(verdict=pl.lit("tie"), void=pl.Series([2, 0, 0]))
    texts = words_in(draw_bars(results, summary))
    assert "tie, 2 void" in texts and texts.count("tie") == 2


def test_the_band_spans_the_baseline_against_itself_and_again_is_hollow():
    results, summary = fake(grid(("threads", "asyncio"), (14,), (4,)))
    drawn = draw_bars(results, summary)
    (band,) = labelled(drawn, "band")
    baseline = 1000 * summary["median"][1]
    assert [band.get_x(), band.get_x() + band.get_width()] == pytest.approx(
        [0.98 * baseline, 1.03 * baseline]
    )
    first, again = (bars[0] for bars in drawn.axes[0].containers[1:])
    assert first.get_hatch() is None and again.get_hatch() and again.get_facecolor()[:3] == (1, 1, 1)


def test_without_a_model_the_first_axis_names_the_rows_and_no_rows_is_one_row():
    cases = [{"lock": lock, "size": size} for lock in ("no", "yes") for size in ("1", "2")]
    drawn = draw_bars(*fake(cases, limits=False))
    assert [axes.get_title("left") for axes in drawn.axes] == ["size=1", "size=2"]
    assert [label.get_text() for label in drawn.axes[0].get_yticklabels()] == ["no", "yes"]


def test_zero_is_a_bar_of_no_length_on_a_plain_axis():
    results, summary = fake(grid(("threads", "fork", "asyncio"), (14,), (4,)), limits=False)
    summary = summary.with_columns(median=pl.Series([0.0, 0.05, 0.01, 0.01]), low=None, high=None)
    drawn = draw_bars(results, summary)
    assert drawn.axes[0].get_xscale() == "linear" and drawn.axes[0].containers[0][0].get_width() == 0


def test_the_page_says_the_question_and_how_it_was_measured_and_every_warning():
    texts = words_in(draw_bars(*fake(grid(("threads",), (14,), (4,)), warnings=("the machine was busy",))))
    assert texts[-4] == "Which model fetches fourteen currencies fastest?"
    assert texts[-2:] == [
        "5 rounds of 3 samples · CPython 3.11.7 · 2 cores · Intel Xeon · Linux 6.1 x86_64 · 2026-11-23",
        "Warning: the machine was busy",
    ]


def test_the_limit_of_a_void_case_stretches_no_axis():
    models = ("sequential", "threads", "asyncio")
    drawn = draw_bars(*fake(grid(models, (14,), ("all",)), void=("sequential",)))
    assert drawn.axes[0].get_xlim()[1] < 100 and not any("700" in text for text in words_in(drawn))


def test_a_zero_among_medians_of_many_decades_keeps_its_place_on_a_logarithmic_axis():
    results, summary = fake(grid(("threads", "fork"), (14,), (4, "all")), limits=False)
    summary = summary.with_columns(median=pl.Series([1e-6, 0.0, 1.0, 0.001]), low=None, high=None)
    drawn = draw_bars(replace(results, samples=results.samples.clear()), summary)
    zeros = [line for line in labelled(drawn, "median") if line.get_xdata()[0] == 0]
    assert len(zeros) == 1 and zeros[0].axes.get_xscale() == "symlog"
    assert zeros[0].axes.get_xlim()[0] < 0 and "0" in tick_texts(zeros[0].axes)


def tick_texts(axes):
    return [label.get_text() for label in axes.get_xticklabels()]


def test_where_two_cases_of_a_model_fit_a_panel_the_one_that_names_its_axes_stands():
    cases = [{"model": "fork", "tasks": "5", "workers": workers} for workers in ("4", None, "8")]
    results, summary = fake(cases, limits=False)
    drawn = draw_bars(results, summary)
    assert [axes.get_title("left") for axes in drawn.axes] == ["workers=4", "workers=8"]
    widths = [axes.containers[0][0].get_width() for axes in drawn.axes]
    assert widths == in_ms(summary["median"][0], summary["median"][2])


def uneven():
    """Two panels with one model each and one with both; in the middle one all is zero."""
    cases = [{"model": "threads", "gap": "1"}, {"model": "fork", "gap": "2"}]
    both = [{"model": model, "gap": "3"} for model in ("threads", "fork")]
    results, summary = fake([*cases, *both], limits=False)
    summary = summary.with_columns(median=pl.Series([0.1, 0.0, 0.12, 0.1]), low=None, high=None)
    return replace(results, samples=results.samples.clear()), summary


def test_a_panel_shows_only_the_rows_that_it_has_cases_for():
    drawn = draw_bars(*uneven())
    rows = [[label.get_text() for label in axes.get_yticklabels()] for axes in drawn.axes]
    assert rows == [["threads"], ["fork"], ["threads", "fork"]]
    assert [axes.get_ylim() for axes in drawn.axes] == [(0.5, -0.5), (0.5, -0.5), (1.5, -0.5)]
    heights = [axes.get_position().height for axes in drawn.axes]
    assert heights[2] == pytest.approx(2 * heights[0]) == pytest.approx(2 * heights[1])
    assert len({axes.get_position().x0 for axes in drawn.axes}) == 1


def test_a_panel_in_which_all_is_zero_has_the_others_scale():
    drawn = draw_bars(*uneven())
    assert len({axes.get_xlim() for axes in drawn.axes}) == 1 and drawn.axes[1].get_xlim()[1] > 100


def test_panels_that_share_a_logarithmic_axis_span_the_same():
    cases = [{"model": "threads", "gap": str(gap)} for gap in (1, 2)]
    cases += [{"model": "fork", "gap": "2"}]
    results, summary = fake(cases, limits=False)
    summary = summary.with_columns(median=pl.Series([1e-6, 0.0001, 0.1]), low=None, high=None)
    drawn = draw_bars(replace(results, samples=results.samples.clear()), summary)
    assert [axes.get_xscale() for axes in drawn.axes] == ["log", "log"]
    assert len({axes.get_xlim() for axes in drawn.axes}) == 1


def test_large_numbers_have_separators_between_thousands():
    results, summary = fake([{"gap": "1"}], limits=False)
    summary = summary.with_columns(metric=pl.lit("cost_ns"), median=pl.Series([1_114_000.0]))
    drawn = draw_bars(
        replace(results, samples=results.samples.clear()),
        summary.with_columns(low=None, high=None),
        "cost_ns",
    )
    drawn.canvas.draw()
    assert "1,110,000 ns" in words_in(drawn)
    assert "400,000" in tick_texts(drawn.axes[0])
