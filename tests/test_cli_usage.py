"""The command line: what it says of itself, and what it says to whoever mistypes."""

import errno
import re
import shlex
import signal
import sys

import pytest
import typer
import typer.main
from runs import rows_of, run_lab, run_lab_process, written

import lab.cli.guard as guard
from lab.catalog.experiments import experiment_names
from lab.catalog.names import model_names, sentences
from lab.cli import app
from lab.core.errors import LabError
from lab.core.pythons import unserved

COMMANDS = typer.main.get_command(app).commands

GOOD = """
experiment = Experiment(question="Is it good?", measure=lambda case: {"x": 1}, samples=1, warmups=0,
                        grid={"kind": ["small", "large"]})
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with one experiment that runs, and several that do not."""
    folder = tmp_path_factory.mktemp("usage")
    written(folder / "experiments", "good", GOOD)
    written(folder / "other", "good", GOOD)
    written(folder / "experiments", "broken", "import no_such_module_here\n" + GOOD)
    written(folder / "experiments", "unclosed", "experiment = Experiment(\n")
    written(folder / "experiments", "nameless", "experimnt = 3\n")
    written(folder / "experiments", "gridless", GOOD.replace('{"kind": ["small", "large"]}', "{}"))
    return folder


MISTAKES = [
    ("run god", "experiments: no experiment 'god'; did you mean 'good'?"),
    ("run good --only knd=small", "--only: no axis 'knd'; did you mean 'kind'?"),
    ("run good --only kind=smal", "--only: no kind 'smal'; did you mean 'small'?"),
    ("run good --only kind", "--only: 'kind' is no filter; write AXIS=VALUE[,VALUE...]"),
    ("run good --round 3", "run: no option '--round'; did you mean '--rounds'?"),
    ("run good --rounds 0", "--rounds"),
    ("run good --rounds many", "--rounds"),
    ("run ./nowhere.py", "./nowhere.py: no such experiment file; give the path of a .py file"),
    ("run good ./other/good.py", "other/good.py: is a second experiment 'good'; their results would share"),
    ("run", "Missing argument"),
    ("rum", "Did you mean 'run'?"),
    ("demo thread", "no model 'thread'; did you mean 'threads'?"),
    ("demo threads euro", "no currency 'euro'; did you mean 'eur'?"),
    ("show good", "results/good: nothing measured yet; lab run good"),
    ("plot", "results: nothing measured yet; lab run all"),
    ("run good --resume", "results: nothing to resume; start a run without --resume"),
    ("run good --resume --rounds 3", "--resume: --rounds has no effect: the run that was interrupted has"),
    ("run good --quick --samples 3", "--quick: --samples has no effect: everything runs once"),
    ("run good --live-url http://127.0.0.1:9", "--live-url has no effect: it needs --live"),
    ("run good --live", "good: no case fetches from a server"),
    ("run broken", "broken.py: does not import: ModuleNotFoundError: No module named 'no_such_module"),
    ("run unclosed", "unclosed.py: does not import: SyntaxError: "),
    ("run nameless", "nameless.py: has no `experiment`; assign one"),
    ("run gridless", "gridless.py: has an empty grid; give it an axis"),
    ("run good --out experiments/good.py", "good.py: results cannot be written: "),
]


@pytest.fixture(scope="module")
def mistakes(folder):
    """How a command line with each mistake ended, and the files before and after."""
    before = files(folder)
    ended = {args: run_lab(*args.split(), cwd=folder) for args, _ in MISTAKES}
    return ended, before, files(folder)


def files(folder):
    return sorted(path for path in folder.rglob("*") if "__pycache__" not in path.parts)


@pytest.mark.parametrize(("args", "line"), MISTAKES)
def test_a_mistake_is_one_line_and_exit_code_2(mistakes, args, line):
    ended = mistakes[0][args]
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("lab: ") and line in ended.err
    assert ended.err.count("\n") == 1


def test_a_mistake_writes_nothing(mistakes):
    _, before, after = mistakes
    assert after == before


def test_a_listing_runs_no_file_and_names_the_faults_that_reading_shows(folder):
    ended = run_lab("list", "experiments", cwd=folder)
    listed = ("broken    Is it good?", "good      Is it good?", "gridless  Is it good?")
    assert (ended.code, ended.out.splitlines()) == (0, list(listed))
    lines = ended.err.splitlines()
    assert len(lines) == 2
    for name in ("unclosed", "nameless"):
        assert any(line.startswith("lab: ") and f"{name}.py: " in line for line in lines)


def test_faulty_experiments_are_a_line_each_and_the_others_run(folder, tmp_path):
    ended = run_lab("run", "all", "--quick", "--out", str(tmp_path), cwd=folder)
    assert ended.code == 0
    assert ended.err.count("\nlab: ") + ended.err.startswith("lab: ") == 4
    assert [row["status"] for row in rows_of(tmp_path / "good" / "trials.csv")] == ["ok", "ok"]


def test_where_there_is_no_experiments_folder_the_shipped_ones_are_found(tmp_path):
    ended = run_lab_process("list", cwd=tmp_path)
    names = [*experiment_names(), *model_names(), *sentences("workloads")]
    listed = re.findall(r"^(\w+)  ", ended.out, re.MULTILINE)
    assert (ended.code, ended.err, listed) == (0, "", names)


def test_the_help_of_every_command_shows_an_example(tmp_path):
    ended = run_lab("--help", cwd=tmp_path)
    assert ended.code == 0 and "Example: lab run" in ended.out
    for command in COMMANDS:
        assert re.search(rf"│ {command} ", ended.out)
        assert f"Example: lab {command}" in run_lab(command, "--help", cwd=tmp_path).out


@pytest.mark.parametrize("command", COMMANDS)
def test_every_argument_and_option_is_described_in_a_sentence_and_the_example_is_a_command_line(command):
    described = COMMANDS[command]
    for parameter in described.params:
        assert re.fullmatch(r"[A-Z].*\.", parameter.help), parameter.name
    example = described.help.partition(f"Example: lab {command}")[2].partition(", then:")[0]
    described.make_context("lab", shlex.split(example))  # raises for a wrong option or value


def test_the_shell_completes_experiments_of_this_folder_and_models(folder):
    def completed(words):
        environment = {"_LAB_COMPLETE": "complete_bash", "COMP_WORDS": words}
        return run_lab(cwd=folder, **environment, COMP_CWORD=str(len(words.split()))).out.split()

    assert completed("lab run ") == ["broken", "good", "gridless", "nameless", "unclosed", "all"]
    assert completed("lab demo ") == model_names()


def test_a_fault_of_the_lab_is_told_with_its_traceback_and_exit_code_3(tmp_path):
    (tmp_path / "sitecustomize.py").write_text(
        "import lab.catalog.names\nlab.catalog.names.model_names = lambda: 1 / 0\n"
    )
    ended = run_lab_process("demo", "threads", cwd=tmp_path, PYTHONPATH=str(tmp_path))
    assert ended.code == 3
    assert "ZeroDivisionError: division by zero\nlab: this is a fault of the lab" in ended.err


@pytest.mark.parametrize(
    ("raised", "code", "line"),
    [
        (LabError("is damaged", where="x.csv", exit_code=4), 4, "lab: x.csv: is damaged\n"),
        (
            OSError(errno.ENOSPC, "No space left", "x.csv"),
            2,
            "lab: x.csv: cannot be written: No space left\n",
        ),
        (
            ModuleNotFoundError("No module named 'polars'", name="polars"),
            2,
            f"lab: polars: is not installed; {unserved()}\n",
        ),
        (KeyboardInterrupt(), 130, ""),
        (typer.Exit(7), 7, ""),
    ],
)
def test_however_a_command_ends_it_is_an_exit_code_and_at_most_a_line(
    raised, code, line, capsys, monkeypatch
):
    def command():
        raise raised

    monkeypatch.setattr(guard, "interrupt_once", lambda: None)
    with pytest.raises(typer.Exit) as caught:
        guard.guarded(command)()
    assert caught.value.exit_code == code
    assert capsys.readouterr().err == line


def test_under_an_interpreter_that_the_lab_does_not_run_on_every_command_says_so_first(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["lab", "list", "models"])
    monkeypatch.setattr(guard, "IS_SERVED", False)
    assert guard.run(app) == 0
    printed = capsys.readouterr()
    assert printed.err == f"lab: {unserved()}\n" and "threads" in printed.out
    monkeypatch.setattr(guard, "IS_SERVED", True)
    assert (guard.run(app), capsys.readouterr().err) == (0, "")


def test_only_the_first_interruption_interrupts_and_one_more_where_it_may():
    before = signal.getsignal(signal.SIGINT)
    guard.interrupt_once()
    try:
        guard.interrupt_again(once_more=True)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        guard.interrupt_again(once_more=True)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_process_that_ignores_interruptions_goes_on_ignoring_them():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        guard.guarded(lambda: None)()
        guard.interrupt_again(once_more=True)
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)
