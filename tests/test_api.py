"""`lab.run` and `lab.load`: the command line, from Python."""

import inspect
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from builders import case, new_writer, sample, span, trial
from runs import SLOW, plain_environment, rows_of, written
from typer.main import get_command

import lab
from lab.cli import app

GOOD = """
def measure(case):
    if case["how"] == "raises":
        raise ValueError("no luck")
    return {"x_s": 1.0}
experiment = Experiment(question="Is it?", measure=measure, samples=1, warmups=0,
                        grid={"how": ["works", "also works", "raises"]})
"""


@pytest.fixture
def folder(tmp_path, unloaded):
    """The working directory, with an experiment in it and another elsewhere."""
    written(tmp_path / "experiments", "good", GOOD)
    written(tmp_path / "elsewhere", "other", GOOD)
    return tmp_path


def test_the_options_are_those_of_the_command_with_its_defaults():
    command = {parameter.name: parameter for parameter in get_command(app).commands["run"].params}
    not_here = {"names", "live", "live_url", "dry_run", "as_json", "json_events"}
    ours = inspect.signature(lab.run).parameters
    assert {*ours, "timeout"} - {"name", "quiet", "timeout_s"} == command.keys() - not_here
    for name in ours.keys() & command.keys():
        assert (ours[name].default or None) == (command[name].default or None) or name == "out"
    assert Path(ours["out"].default) == command["out"].default


def test_the_runner_module_is_not_taken_for_the_function():
    import lab.api
    import lab.runner.trials

    assert callable(lab.run) and inspect.ismodule(lab.runner.trials)
    assert "run" in lab.__all__ and "load" in lab.__all__


def test_a_run_writes_what_the_command_writes_and_records_it_as_one(folder, capsys):
    result = lab.run("good", rounds=2, seed=7, only={"how": ["works", "also works"]}, timeout_s=20)
    assert result.folder == Path("results/good")
    assert result.environment["plan"]["command"] == (
        "lab run good --rounds 2 --seed 7 --timeout 20 --only 'how=works,also works'"
    )
    assert (result.trials.height, set(result.trials["status"])) == (4, {"ok"})
    assert result.samples["x_s"].to_list() == [1.0] * 4
    assert (folder / "results" / "good" / "summary.csv").read_text() == result.summary.write_csv()
    printed = capsys.readouterr()
    assert printed.out == "" and "good: round 1 of 2\ngood: round 2 of 2\n" in printed.err


def test_a_file_elsewhere_is_run_by_its_path_and_quietly(folder, capsys):
    result = lab.run(
        folder / "elsewhere" / "other.py", quick=True, only={"how": "works"}, out="out", quiet=True
    )
    assert (result.name, result.folder, result.trials.height) == ("other", Path("out/other"), 1)
    assert repr(result) == "<Findings of other: 1 trial in out/other>"
    assert capsys.readouterr() == ("", "")


def test_a_trial_that_failed_is_a_row_and_a_warning_and_where_nothing_counts_the_rows_are_those_of_now(
    folder,
):
    with pytest.warns(
        UserWarning, match=r"^1 trial failed; the reason is in results/good/trials.csv$"
    ) as warned:
        before = lab.run("good", quick=True, only={"how": ["works", "raises"]}, quiet=True)
    assert warned[0].filename == __file__
    trials = dict(before.trials.select("how", "reason").iter_rows())
    assert trials["raises"] == "ValueError: no luck"
    counts, failed = "nothing that counts was measured; results/good is left", "1 trial failed"
    with pytest.warns(UserWarning, match=counts), pytest.warns(UserWarning, match=failed):
        result = lab.run("good", quick=True, only={"how": "raises"}, quiet=True)
    assert result.folder == Path("results/good.partial")
    assert result.trials["status"].to_list() == ["raised"]
    assert lab.load("results/good").trials.equals(before.trials)


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("god", {}, "no experiment 'god'; did you mean 'good'?"),
        ("all", {}, "lab.run: 'all' is more than one experiment; run one at a time"),
        ("--help", {}, "lab.run: no experiment '--help'; give a name or a path"),
        ("good", {"rounds": 0}, "--rounds"),
        ("good", {"rounds": 3, "quick": True}, "--quick: --rounds has no effect"),
        ("good", {"only": {"hw": "works"}}, "--only: no axis 'hw'; did you mean 'how'?"),
        ("good", {"resume": True}, "results: nothing to resume"),
    ],
)
def test_wrong_usage_is_a_lab_error(folder, name, options, words):
    with pytest.raises(lab.LabError) as caught:
        lab.run(name, **options)
    assert words in str(caught.value) and caught.value.exit_code == 2
    assert not (folder / "results").exists()


def test_a_fault_of_the_lab_is_a_lab_error_with_the_traceback_as_its_note(folder, monkeypatch):
    (folder / "sitecustomize.py").write_text(
        "import lab.runner.jobs as jobs\njobs.new_jobs = lambda *_: 1 / 0\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(folder))
    with pytest.raises(lab.LabError, match="this is a fault of the lab") as caught:
        lab.run("good", quick=True, quiet=True)
    assert caught.value.exit_code == 3
    assert caught.value.__notes__[0].endswith("ZeroDivisionError: division by zero")


def test_loading_says_where_there_is_nothing_and_where_there_are_several(tmp_path):
    new_writer(tmp_path / "results" / "made").add(trial(), [sample()], [span(0, 0, 1, 2)])
    with pytest.raises(lab.LabError, match=r"is no result's folder; there are: .*results/made"):
        lab.load(tmp_path / "results")
    with pytest.raises(lab.LabError, match=r"nowhere: is no result's folder; lab.run\(NAME\)"):
        lab.load(tmp_path / "nowhere")
    (tmp_path / "results" / "made" / "trials.csv").write_text("damaged\n")
    with pytest.raises(lab.LabError) as caught:
        lab.load(tmp_path / "results" / "made")
    assert caught.value.exit_code == 4


def test_a_result_from_elsewhere_is_loaded_without_running_a_file_it_names(tmp_path, unloaded):
    bomb = written(tmp_path, "bomb", "raise SystemExit('ran')\n")
    writer = new_writer(tmp_path / "made")
    writer.add(trial(of=case(model="<script>alert(1)</script>")), [sample()])
    environment = tmp_path / "made" / "environment.json"
    environment.write_text(environment.read_text().replace('"made"', f'"{bomb}"'))
    result = lab.load(tmp_path / "made")
    assert result.claims.is_empty() and result.experiment is None
    assert "<script>" not in result._repr_html_() and "&lt;script&gt;" in result._repr_html_()


class Script:
    """A program that calls `lab.run`, and whose trial is known to hang."""

    def __init__(self, folder):
        written(folder / "experiments", "slow", SLOW)
        fifo = folder / "fifo"
        os.mkfifo(fifo)
        self.process = subprocess.Popen(
            [sys.executable, "-c", "import lab; lab.run('slow', rounds=1, seed=1, out='kept')"],
            cwd=folder,
            env=plain_environment(LAB_TEST_FIFO=str(fifo)),
            stderr=subprocess.PIPE,
            text=True,
        )
        self.announced = fifo.open()
        assert len([self.announced.readline() for _ in range(2)]) == 2, "the trial and its outlaw hang"

    def ended(self, by):
        """Send it a signal; return the last line it said, when nothing of its trial is left."""
        self.process.send_signal(by)
        _, printed = self.process.communicate(timeout=40)
        with self.announced:
            assert self.announced.read() == "", "the fifo ends when no process of the trial is left"
        return printed.splitlines()[-1] if printed else ""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")
def test_an_interruption_ends_the_trial_keeps_what_was_measured_and_says_how_to_go_on(folder):
    assert Script(folder).ended(signal.SIGINT) == (
        "KeyboardInterrupt: interrupted; what was measured is kept in kept/slow.partial; "
        "to finish: lab.run('slow', out='kept', resume=True)"
    )
    assert [row["status"] for row in rows_of(folder / "kept" / "slow.partial" / "trials.csv")] == ["ok"]
    (folder / "go").touch()
    resumed = lab.run("slow", out="kept", resume=True, quiet=True)
    assert resumed.trials["status"].to_list() == ["ok", "ok"]


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")
def test_a_run_ends_with_the_process_that_called_for_it_even_one_that_is_killed(folder):
    Script(folder).ended(signal.SIGKILL)
    assert [row["status"] for row in rows_of(folder / "kept" / "slow.partial" / "trials.csv")] == ["ok"]
