"""Figures are pages: nothing collides, the same numbers give the same bytes, mistakes are named."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import matplotlib
import pytest
from figure_faults import faults_of
from figure_results import AA_SUFFIX, MODELS, fake, grid, spread_wide
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import to_rgb

from lab.analysis.stats.counterparts import agrees
from lab.catalog.models import load_model
from lab.catalog.names import model_names
from lab.core.errors import LabError
from lab.core.figures import Figure, bars, distribution, lines, matrix, timeline
from lab.core.work import Model
from lab.present.figures import selection, style
from lab.present.figures.draw import render
from lab.present.figures.kinds.bars import draw as draw_bars
from lab.present.figures.kinds.timeline import draw as draw_timeline
from lab.present.units import unit_of

SHAPES = {
    "a logarithmic axis": spread_wide(),
    "46 cases": fake(grid()),
    "a trial in every state": fake(grid(), void=("fork",), skipped=("thread_pool",)),
    "three columns": fake(grid(MODELS, (5, 14), (2, 4, "all"))),
    "three cases": fake(grid(("threads", "asyncio"), (14,), (4,))),
    "one case": fake(grid(("threads",), (14,), (4,))),
}


DRAWN = [(draw_bars, shape) for shape in SHAPES] + [
    (draw_timeline, "46 cases"),
    (draw_timeline, "three cases"),
]


@pytest.mark.parametrize(("draw", "shape"), DRAWN)
def test_no_two_texts_collide_and_none_leaves_the_page(draw, shape):
    assert faults_of(lambda: draw(*SHAPES[shape])) == []


@pytest.mark.parametrize(
    ("figure", "message"),
    [
        (
            Figure("bar"),
            "figures: no kind of figure 'bar'; did you mean 'bars'?",
        ),
        (
            bars("makespan"),
            "fetch: no metric 'makespan' to draw; did you mean 'makespan_s'? there are makespan_s",
        ),
        (
            timeline(task=14),
            "fetch: no axis 'task' to draw; did you mean 'tasks'? there are model, tasks, workers",
        ),
        (timeline(tasks=15), "fetch: no tasks '15' to draw; did you mean '5'? there are 5, 14"),
        (
            timeline(model="thread"),
            "fetch: no model 'thread' to draw; did you mean 'threads'? there are threads",
        ),
    ],
)
def test_a_figure_that_cannot_be_drawn_says_what_there_is(figure, message, tmp_path):
    with pytest.raises(LabError) as raised:
        render(figure, *fake(grid(("threads",), (5, 14), (4,))), tmp_path)
    assert str(raised.value) == message and list(tmp_path.iterdir()) == []


def test_the_two_files_are_named_by_kind_and_options_and_nothing_else_is_left(tmp_path):
    paths = render(bars(), *SHAPES["three cases"], tmp_path)
    assert [path.name for path in paths] == ["bars-makespan_s.png", "bars-makespan_s.svg"]
    assert sorted(tmp_path.iterdir()) == paths
    assert paths[0].read_bytes().startswith(b"\x89PNG") and b">threads</text>" in paths[1].read_bytes()
    assert timeline().stem == "timeline"
    assert (
        lines("workers", crossing=("threads", "asyncio"), knee=True, model=("threads", "asyncio")).stem
        == "lines-workers-makespan_s-crossing-threads-asyncio-knee-model-threads-asyncio"
    )
    assert matrix("ending", ("lost", "known_after_s")).stem == "matrix-ending-lost-known_after_s"
    assert timeline(tasks=14, start="../fork server").stem == "timeline-tasks-14-start-..-fork-server"


def test_a_file_name_that_would_be_too_long_ends_in_a_digest_and_stays_apart_from_its_like():
    one, other = (matrix("ending", tuple(f"metric_{n}" for n in range(most))).stem for most in (20, 21))
    assert len(one) == len(other) == 120 and one != other


DRAW = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import test_figures as figures
figures.draw_all(Path(sys.argv[2]))
"""


def draw_all(folder: Path) -> list[bytes]:
    folder.mkdir(exist_ok=True)
    results = fake(grid(("sequential", "threads", "fork", "asyncio"), (5, 14)), void=("fork",))
    figures = (
        bars(),
        timeline(),
        lines("tasks", crossing=("sequential", "threads"), knee=True),
        matrix("model", "tasks", "makespan_s"),
        distribution("latency_s"),
    )
    return [path.read_bytes() for figure in figures for path in render(figure, *results, folder)]


def test_the_same_numbers_give_the_same_bytes_here_and_in_another_process(tmp_path):
    settings = tmp_path / "matplotlibrc"  # a reader's own
    settings.write_text("font.size: 20\naxes.grid: True\n")
    other = {**os.environ, "PYTHONHASHSEED": "7", "MATPLOTLIBRC": str(settings)}
    script = [sys.executable, "-c", DRAW, str(Path(__file__).parent), str(tmp_path / "there")]
    subprocess.run(script, check=True, env=other)
    drawn_here = draw_all(tmp_path / "here")
    assert sorted(path.read_bytes() for path in (tmp_path / "there").iterdir()) == sorted(drawn_here)


def test_the_largest_drawing_stays_small(tmp_path):
    assert render(bars(), *SHAPES["46 cases"], tmp_path)[1].stat().st_size < 300_000


def test_drawing_leaves_matplotlibs_settings_as_they_were(tmp_path):
    before = dict(matplotlib.rcParams)
    render(bars(), *SHAPES["one case"], tmp_path)
    assert dict(matplotlib.rcParams) == before


def test_the_package_itself_loads_nothing_heavy():
    code = "import sys, lab.present.figures\n"
    code += "print(sorted({'matplotlib', 'polars', 'numpy'} & set(sys.modules)))"
    assert (
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True).stdout.strip()
        == b"[]"
    )


def lightness(colour: str) -> float:
    """Return the CIELAB L* of a colour: what is left of it in grey (ISO/CIE 11664-4)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    y = sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    return 116 * y ** (1 / 3) - 16


def test_every_model_of_the_lab_has_a_colour_that_stays_apart_in_grey_and_a_marker_of_its_own():
    known = {name: load_model(name) for name in model_names()}
    assert all(model.colour and model.marker for model in known.values())
    assert all(style.look(name) == style.Look(m.colour, m.marker) for name, m in known.items())
    greys = sorted(lightness(model.colour) for model in known.values())
    assert min(after - before for before, after in pairwise(greys)) > 4
    assert len({model.marker for model in known.values()}) == len(known)


def test_the_baseline_again_looks_like_the_baseline_but_hollow():
    once, again = style.look("asyncio"), style.look(AA_SUFFIX)
    assert (again.colour, again.marker, again.hollow) == (once.colour, once.marker, True)


def test_an_unknown_model_has_a_look_that_follows_from_its_name():
    assert style.look("trio") == style.Look("#723894", "H")
    assert style.look("gevent") != style.look("trio")


@pytest.mark.parametrize(
    ("workers_in", "strongest"), [("thread", "blue"), ("process", "red"), ("loop", "green")]
)
def test_a_model_whose_file_names_no_colour_has_the_hue_of_its_family(monkeypatch, workers_in, strongest):
    made = Model(open=print, workers_in=workers_in, marker="d")
    monkeypatch.setattr(style, "load_model", lambda name: made)
    shown_as = style.look.__wrapped__("somebody")
    parts = dict(zip(("red", "green", "blue"), to_rgb(shown_as.colour), strict=True))
    assert max(parts, key=parts.get) == strongest and shown_as.marker == "d"


@given(st.floats(1e-7, 1e5))
def test_a_value_in_words_is_the_value_to_three_figures(seconds):
    unit = unit_of("makespan_s", [seconds])
    number, name = unit.show(seconds * unit.factor).replace(",", "").split()
    scale = {"s": 1, "ms": 1e-3, "µs": 1e-6, "ns": 1e-9}[name]
    assert float(number) * scale == pytest.approx(seconds, rel=0.006)


@pytest.mark.parametrize(
    ("metric", "value", "label", "shown"),
    [
        ("makespan_s", 0.0593, "makespan (ms)", "59.3 ms"),
        ("start_up_s", 12.0, "start up (s)", "12.0 s"),
        ("peak_memory_bytes", 3 * 2**20, "peak memory (MiB)", "3.00 MiB"),
        ("requests_per_s", 1234.0, "requests (per second)", "1230 per second"),
        ("copied_bytes_per_s", 3 * 2**20, "copied (MiB per second)", "3.00 MiB per second"),
        ("peak_in_flight", 14123, "peak in flight", "14123"),
        ("lost_updates", 0, "lost updates", "0"),
        ("cost_ns", 40.6, "cost (ns)", "40.6 ns"),
    ],
)
def test_a_metric_is_labelled_in_the_unit_a_reader_wants(metric, value, label, shown):
    unit = unit_of(metric, [value])
    assert (unit.label, unit.show(value * unit.factor)) == (label, shown)


@given(st.lists(st.tuples(st.sampled_from("abc"), *[st.sampled_from([None, "1", "2"])] * 2), min_size=1))
def test_every_case_stands_in_some_panel(rows):
    cases = [dict(zip(("model", "tasks", "workers"), row, strict=True)) for row in rows]
    shown_as = selection.panels(cases, ("tasks", "workers"))
    assert all(any(agrees(case, panel) for panel in shown_as) for case in cases)
    assert len({tuple(panel.values()) for panel in shown_as}) == len(shown_as)


def test_a_figures_own_question_is_its_title_and_changes_neither_its_file_nor_the_results(tmp_path):
    results, summary = fake(grid(("threads",), (5,), (4,)))
    asked = results.environment["experiment"]["question"]
    whole, own = (
        render(figure, results, summary, tmp_path) for figure in (bars(), bars().asking("What of it?"))
    )
    assert own == whole
    drawn = own[1].read_text(encoding="utf-8")
    assert ">What of it?</text>" in drawn and f">{asked}</text>" not in drawn
    render(bars(), results, summary, tmp_path)
    assert f">{asked}</text>" in own[1].read_text(encoding="utf-8")


def test_a_dollar_sign_in_a_question_is_a_dollar_sign(tmp_path):
    results, summary = fake(grid(("threads",), (5,), (4,)))
    results.environment["experiment"]["question"] = "Do $5 buy more than $4?"
    assert b">Do $5 buy more than $4?</text>" in render(bars(), results, summary, tmp_path)[1].read_bytes()
