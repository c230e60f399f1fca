"""What was measured well is not lost to what went wrong later."""

import os

import pytest
from runs import contained, rows_of, run_lab, written

from lab.catalog.experiments import find
from lab.cli.terminal import Terminal, handled
from lab.pipeline import run
from lab.runner.jobs import Settings, new_jobs
from lab.store.folders import ResultsFolder

FAILS_WHEN_ASKED = """
import os
def measure(case):
    if os.environ.get("FAIL"):
        raise ValueError("as asked")
    return {"makespan_s": 1.0}
experiment = Experiment(question="Does it?", measure=measure, grid={"model": ["asyncio"]}, claims=CLAIMS)
"""
CLAIMED = """
from lab import claim, ratio
CLAIMS = [claim("Nothing is faster than itself", ratio("asyncio", to="asyncio") < 1)]
"""

ONE = 'experiment = Experiment(question="?", measure=measure, grid={"how": ["so"]})\n'


@pytest.fixture
def folder(tmp_path):
    written(tmp_path / "experiments", "once", CLAIMED + FAILS_WHEN_ASKED)
    assert run_lab("run", "once", "--rounds", "2", cwd=tmp_path).code == 0
    return tmp_path


def test_a_run_of_which_nothing_counts_leaves_the_earlier_result_as_it_was(folder):
    before = (folder / "results" / "once" / "trials.csv").read_text()
    failed = run_lab("run", "once", "--quick", cwd=folder, FAIL="1")
    assert failed.code == 1
    assert "nothing that counts was measured; results/once is left as it was" in failed.err
    assert "results/once.partial/trials.csv" in failed.err
    assert (folder / "results" / "once" / "trials.csv").read_text() == before
    assert [row["status"] for row in rows_of(folder / "results" / "once.partial" / "trials.csv")] == [
        "raised"
    ]


def test_a_longer_result_is_kept_beside_the_shorter_one_that_takes_its_place(folder):
    longer = (folder / "results" / "once" / "trials.csv").read_text()
    for _ in range(2):  # the second is no shorter than the first, and what was kept stays
        shorter = run_lab("run", "once", "--quick", cwd=folder)
        assert shorter.code == 0
        assert (folder / "results" / "once.earlier" / "trials.csv").read_text() == longer
        assert len(rows_of(folder / "results" / "once" / "trials.csv")) == 1
    assert "the earlier, longer result is kept" not in shorter.err


def test_a_result_that_cannot_be_read_is_kept_beside_the_one_that_takes_its_place(folder):
    (folder / "results" / "once" / "trials.csv").write_text("damaged")
    assert run_lab("run", "once", "--rounds", "2", cwd=folder).code == 0
    assert (folder / "results" / "once.earlier" / "trials.csv").read_text() == "damaged"


def test_a_run_as_long_as_the_one_before_takes_its_place(folder):
    again = run_lab("run", "once", "--rounds", "2", cwd=folder)
    assert (again.code, (folder / "results" / "once.earlier").exists()) == (0, False)


def test_a_result_that_lost_its_trials_is_damaged_and_not_unmeasured(folder):
    (folder / "results" / "once" / "trials.csv").unlink()
    shown = run_lab("show", "once", cwd=folder)
    assert (shown.code, shown.out) == (4, "")
    assert "results/once/trials.csv: " in shown.err


def test_an_unfinished_result_says_so_when_it_is_shown(folder):
    (folder / "results" / "once").rename(folder / "results" / "once.partial")
    shown = run_lab("show", "once", cwd=folder)
    assert shown.code == 0
    assert "once is unfinished: 4 trials so far; lab run once --resume" in shown.err


def test_a_claim_has_its_verdict_below_the_table(folder):
    assert "Undecided: Nothing is faster than itself (" in run_lab("show", "once", cwd=folder).out


def test_a_busy_machine_is_told_before_anything_is_measured(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(os, "getloadavg", lambda: (7.0, 0.0, 0.0))
    path = written(tmp_path, "busy", "def measure(case): return {'x': 1}\n" + ONE)
    with contained():
        jobs = new_jobs([find(str(path))], Settings(rounds=1))
        assert handled(run(jobs, ResultsFolder(tmp_path / "out")), Terminal(as_json=True)) == 0
    warning, measured, *_ = capsys.readouterr().err.splitlines()
    assert warning.startswith("lab: careful: the machine was busy before the run began: load 7.0 on ")
    assert measured == "busy: round 1 of 1"
