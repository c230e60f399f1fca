"""The table and the figures again, from the CSV; on a terminal; and CSV that is damaged."""

import json
import re

import pytest
from runs import contained, on_terminal, rows_of, run_lab, written

from lab.catalog.experiments import find
from lab.runner.jobs import Settings, begin, new_jobs
from lab.store.folders import ResultsFolder
from lab.store.records import Sample, Trial
from lab.store.writing import Writer

WIDE = """
from lab import bars
experiment = Experiment(
    question="Is every line of this table short enough for a terminal of eighty columns, as it has to be?",
    measure=lambda case: {"makespan_s": 1.0}, figures=[bars("makespan_s")],
    grid={"model": ["sequential", "asyncio", "asyncio_processes", "process_executor"], "tasks": [14]},
)
"""
COLOUR = re.compile(r"\x1b\[[\d;]*[39][0-7]m")
STYLE = re.compile(r"\x1b\[[\d;?]*[A-Za-z]")
SECONDS = {"sequential": 0.7, "asyncio": 0.05, "asyncio_processes": 0.06, "process_executor": 0.00456}
COSTS = {"service_s": 0.1, "asked_in_flight": 14, "peak_in_flight": 14, "cpu_s": 0.01234}
COSTS |= {"cores_busy": 0.5, "server_peak_in_flight": 13, "limit_s": 0.0045}
PHASES = {"start_up_s": 0.0214, "first_batch_s": 0.09, "shutdown_s": 0.003, "peak_memory_bytes": 108 << 20}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with a finished result of six rounds whose numbers are made up."""
    folder = tmp_path_factory.mktemp("again")
    path = written(folder / "experiments", "wide", WIDE)
    store = ResultsFolder(folder / "results")
    with contained():
        (job,) = new_jobs([find(str(path))], Settings(rounds=6, seed=1))
        begin([job], store)
        writer = Writer(store.partial("wide"))
        for each in job.trials():
            seconds = SECONDS[str(each.case["model"]).removesuffix(" (A/A)")] * (1 + each.trial % 7 / 100)
            sample = Sample(each.round, each.trial, 1, each.case, {"makespan_s": seconds} | COSTS)
            writer.add(Trial(each.round, each.trial, each.case, "ok", 1, **PHASES), [sample])
        store.publish("wide")
    return folder


@pytest.fixture(scope="module")
def shown(folder):
    return run_lab("show", "wide", cwd=folder)


def test_show_prints_the_table_from_the_csv_alone(folder, shown):
    assert (shown.code, shown.err) == (0, "")
    for words in ("makespan", "95 %", "speedup", "asyncio", "baseline", "faster", "slower", "714"):
        assert words in shown.out
    assert not (folder / "results" / "wide" / "summary.csv").exists(), "show writes nothing"


def test_a_table_is_no_wider_than_80_columns_and_its_lines_are_whole(folder, shown):
    code, text = on_terminal("show", "wide", cwd=folder)
    lines = STYLE.sub("", text).replace("\r", "").splitlines()
    assert code == 0
    assert max(map(len, lines)) <= 80
    for model in (*SECONDS, "asyncio (A/A)"):
        mine = [line.rstrip() for line in lines if re.match(rf"{re.escape(model)} +\d", line)]
        makespan, limit, costs = mine  # what has no room beside the makespans stands below them
        assert re.search(r" [\d.]+ +[\d.]+-[\d.]+ +[\d.]+×.* (faster|slower|tie|baseline)$", makespan)
        assert re.search(r" [\d.]+×$", limit)
        assert re.search(r" 21.4 +90.0 +3.00 +12.3 +0.500 +108 +14 +14 +13$", costs)
    assert "…" not in text


def test_no_color_is_obeyed(folder):
    assert COLOUR.search(on_terminal("show", "wide", cwd=folder)[1])
    assert not COLOUR.search(on_terminal("show", "wide", cwd=folder, NO_COLOR="1")[1])


def test_show_and_plot_give_the_rows_and_the_files_as_json(folder):
    shown = json.loads(run_lab("show", "wide", "--json", cwd=folder).out)
    plotted = json.loads(run_lab("plot", "--json", cwd=folder).out)
    summary = rows_of(folder / "results" / "wide" / "summary.csv")
    assert [row["model"] for row in shown if row["metric"] == "makespan_s"] == [
        row["model"] for row in summary if row["metric"] == "makespan_s"
    ]
    assert plotted == {"wide": [f"results/wide/bars-makespan_s.{kind}" for kind in ("png", "svg")]}


def test_a_result_whose_experiment_is_elsewhere_does_not_keep_the_others_from_their_figures(folder):
    other = folder / "results" / "elsewhere"
    other.mkdir()
    (other / "trials.csv").write_text("\n")
    try:
        ended = run_lab("plot", cwd=folder)
    finally:
        (other / "trials.csv").unlink()
        other.rmdir()
    assert ended.code == 0
    complaint, figures = ended.err.splitlines()
    assert complaint == (
        "lab: results/elsewhere: no experiment 'elsewhere' here; give the path of its file: lab plot PATH"
    )
    assert figures == "Figures: results/wide/bars-makespan_s.png"


def test_damaged_csv_is_one_line_with_its_number_and_exit_code_4(folder):
    path = folder / "results" / "wide" / "samples.csv"
    content = path.read_text()
    lines = content.splitlines(keepends=True)
    try:
        path.write_text("".join([*lines[:3], lines[3].replace("0.", "O.", 1), *lines[4:]]))
        ended = [run_lab(*args, cwd=folder) for args in (("show", "wide"), ("plot",))]
    finally:
        path.write_text(content)
    for each in ended:
        assert (each.code, each.out) == (4, "")
        assert each.err.startswith("lab: results/wide/samples.csv: line 4 is damaged: ")
        assert each.err.count("\n") == 1


QUICK = """
experiment = Experiment(question="Is there a bar?", measure=lambda case: {"x": 1}, samples=1, warmups=0,
                        grid={"kind": ["small", "large"]})
"""


def test_on_a_terminal_a_bar_shows_the_experiment_the_round_the_case_and_the_time_left(tmp_path):
    written(tmp_path / "experiments", "quick", QUICK)
    code, text = on_terminal("run", "quick", "--rounds", "2", cwd=tmp_path)
    plain = STYLE.sub("", text)
    assert code == 0
    assert re.search(r"quick 2/2 kind=(small|large) .*4/4 +\d+:\d\d", plain)
    assert "round 1 of 2" not in plain
