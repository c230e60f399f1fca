"""Ctrl-C keeps what is measured, and `--resume` goes on from there; two runs never write in one folder."""

import os
import signal
import subprocess
import sys
from types import SimpleNamespace

import pytest
from runs import (
    BUSY,
    SLOW,
    Ended,
    lab_command,
    plain_environment,
    rows_of,
    run_lab,
    run_lab_process,
    written,
)

from lab.cli import guard

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")

SEED = "1"


class Run:
    """A run in a process of its own whose trial is known to hang."""

    def __init__(self, folder, *args):
        self.fifo = folder / "fifo"
        self.process = subprocess.Popen(
            lab_command(*args),
            cwd=folder,
            env=plain_environment(LAB_TEST_FIFO=str(self.fifo)),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.announced = self.fifo.open()
        assert len([self.announced.readline() for _ in range(2)]) == 2, "the trial and its outlaw hang"

    def interrupted(self, again=False):
        """Interrupt it, or go on doing so; return how it ended, when nothing of it is left."""
        self.process.send_signal(signal.SIGINT)
        while again and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        out, err = self.process.communicate(timeout=40)
        with self.announced:
            assert self.announced.read() == "", "the fifo ends when no process of the trial is left"
        return Ended(self.process.returncode, out, BUSY.sub("", err))


def test_an_interruption_writes_the_page_over_what_was_finished(tmp_path):
    written(tmp_path / "experiments", "slow", SLOW)
    source = SLOW.replace("How slow?", "How early?").replace('["quick", "slow"]', '["quick"]')
    written(tmp_path / "experiments", "early", source)
    os.mkfifo(tmp_path / "fifo")
    ended = Run(tmp_path, "run", "early", "slow", "--rounds", "1").interrupted()
    assert ended.code == 130
    assert ended.err.splitlines()[-3:] == [
        "lab: interrupted; what was measured is kept in results/slow.partial",
        "lab: to finish: lab run slow --resume",
        "Report: results/index.html",
    ]
    page = (tmp_path / "results" / "index.html").read_text()
    assert "How early?" in page and "lab run slow --resume" in page and "How slow?" not in page


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    """Interrupted; resumed and interrupted again and again; changed; resumed to the end."""
    folder = tmp_path_factory.mktemp("interrupted")
    path = written(folder / "experiments", "slow", SLOW)
    os.mkfifo(folder / "fifo")
    kept = folder / "results" / "slow.partial" / "trials.csv"
    outcome = SimpleNamespace(folder=folder, path=path)

    run = Run(folder, "run", "slow", "--rounds", "2", "--seed", SEED)
    outcome.beside = run_lab_process("run", "slow", "--quick", cwd=folder)
    outcome.first = run.interrupted()
    outcome.kept = kept.read_text()
    outcome.second = Run(folder, "run", "slow", "--resume").interrupted(again=True)
    outcome.kept_twice = kept.read_text()

    source = path.read_text()
    path.write_text(source + "# changed\n")
    outcome.changed = run_lab("run", "slow", "--resume", cwd=folder)
    outcome.shown = run_lab("show", "slow", cwd=folder)
    path.write_text(source)
    (folder / "go").touch()
    outcome.resumed = run_lab_process("run", "slow", "--resume", cwd=folder)
    outcome.again = run_lab("run", "slow", "--resume", cwd=folder)
    return outcome


def test_an_interruption_says_what_is_kept_and_how_to_go_on_and_exits_with_130(story):
    assert story.first.code == 130
    assert story.first.err.splitlines() == [
        "lab: interrupted; what was measured is kept in results/slow.partial",
        "lab: to finish: lab run slow --resume",
    ]
    assert story.first.out == ""


def test_an_interruption_keeps_what_was_measured(story):
    _, row = story.kept.splitlines()
    assert row.startswith("slow,1,1,quick,ok,1,")


def test_interruptions_while_everything_is_being_ended_change_nothing(story):
    assert (story.second.code, story.second.err) == (130, story.first.err)
    assert story.kept_twice == story.kept


def test_a_second_run_in_the_same_folder_is_one_line(story):
    assert story.beside.code == 2
    assert story.beside.err == (
        "lab: results: another run is writing here; wait for it, or choose another folder with --out\n"
    )


def test_an_unfinished_run_can_be_shown(story):
    assert story.shown.code == 0 and "slow: How slow?" in story.shown.out


def test_a_run_is_not_resumed_after_its_experiment_changed(story):
    assert story.changed.code == 2
    assert story.changed.err == (
        "lab: results/slow.partial: cannot resume: the experiment changed since; "
        "measure again without --resume\n"
    )


def test_a_resumed_run_is_completed_and_leaves_the_rows_of_before_as_they_were(story):
    assert story.resumed.code == 0 and "slow: How slow?" in story.resumed.out
    finished = story.folder / "results" / "slow" / "trials.csv"
    assert finished.read_text().startswith(story.kept)
    trials = rows_of(finished)
    assert [(row["trial"], row["status"]) for row in trials] == [(str(n), "ok") for n in (1, 2, 3, 4)]
    assert sorted((row["round"], row["how"]) for row in trials) == [
        (number, how) for number in ("1", "2") for how in ("quick", "slow")
    ]
    assert len(rows_of(finished.with_name("samples.csv"))) == 4
    assert not (story.folder / "results" / "slow.partial").exists()


def test_there_is_nothing_to_resume_when_all_is_finished(story):
    assert story.again.code == 2 and "nothing to resume" in story.again.err


def test_an_interruption_that_strikes_a_destructor_is_not_the_last_one():
    class Ends:
        def __del__(self):
            guard._interrupt(signal.SIGINT, sys._getframe())

    before = signal.getsignal(signal.SIGINT)
    guard.interrupt_once()
    try:
        Ends().__del__()
        assert signal.getsignal(signal.SIGINT) is guard._interrupt
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, before)
