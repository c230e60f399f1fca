"""Experiment files, trials and command lines for the tests of what runs."""

from __future__ import annotations

import csv
import ctypes
import io
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from lab.catalog.experiments import find
from lab.cli import app, guard
from lab.core.work import Span
from lab.runner import jobs
from lab.runner import trials as runner
from lab.runner.process import Report, launch
from lab.runner.reap import PR_SET_CHILD_SUBREAPER
from lab.store.records import Sample, Trial

HEAD = """\"\"\"Made by a test.\"\"\"
import os, signal, sys, threading, time
from lab import Case, Experiment, Measurement, Span, Workload
"""

# Tells the test that a child is there by opening a fifo, which stays open for as long as it lives; its
# end of file therefore says that nobody is left.
BUSY = re.compile(r"^lab: careful: the machine was busy before the run began: .*\n", re.MULTILINE)
ANNOUNCE = """
def announce(word=""):
    fifo = os.open(os.environ["LAB_TEST_FIFO"], os.O_WRONLY)
    os.set_inheritable(fifo, True)
    os.write(fifo, f"{os.getpid()} {word}\\n".encode())

def hang():
    while True:
        time.sleep(1000)
"""

# The second trial of seed 1 hangs, with a forked worker and an outlaw, until there is a file named "go".
SLOW = (
    ANNOUNCE
    + """
def measure(case):
    if case["how"] == "slow" and not os.path.exists("go"):
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                os.setsid()
                signal.signal(signal.SIGINT, signal.SIG_IGN)
                announce()
                hang()
            os._exit(0)
        announce()
        hang()
    return {"x": 1}
experiment = Experiment(question="How slow?", measure=measure, grid={"how": ["quick", "slow"]}, samples=1,
                        warmups=0)
"""
)


def written(folder: Path, name: str, source: str) -> Path:
    """Write an experiment's file and return its path."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.py"
    path.write_text(HEAD + source)
    return path


@contextmanager
def contained() -> Iterator[None]:
    """Undo what running trials inside this process changes in it."""
    before = experiment_modules()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAB_EXPERIMENTS", "")
        try:
            yield
        finally:
            for name in experiment_modules():
                del sys.modules[name]
            sys.modules.update(before)
            if sys.platform == "linux":
                ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


def experiment_modules() -> dict[str, ModuleType]:
    """Return the modules that are loaded of experiments' folders, by their names."""
    return {name: module for name, module in sys.modules.items() if name.startswith("lab.experiments.")}


@dataclass
class Rows:
    """A writer that keeps what it is given."""

    committed: set[int] = field(default_factory=set)
    trials: list[Trial] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    spans: dict[int, list[Span]] = field(default_factory=dict)
    environment: dict[str, Any] = field(default_factory=dict)

    def annotate(self, part: str, facts: Any) -> None:
        self.environment[part] = facts

    def add(self, trial: Trial, samples: list[Sample], spans: Any = ()) -> None:
        self.trials.append(trial)
        self.samples += samples
        self.spans[trial.trial] = list(spans)

    def of(self, **params: Any) -> Trial:
        """Return the one trial of a case that has these values."""
        (trial,) = [each for each in self.trials if params.items() <= each.case.params.items()]
        return trial

    def samples_of(self, trial: Trial) -> list[Sample]:
        return [sample for sample in self.samples if sample.trial == trial.trial]


def measured(path: Path, pause: Any = None, **settings: Any) -> Rows:
    """Run an experiment's trials, by default one round, and return their rows."""
    rows = Rows()
    with contained(), runner.ServerWhenNeeded() as server:
        (job,) = jobs.new_jobs([find(str(path))], jobs.Settings(**{"rounds": 1} | settings))
        for _ in runner.measure(job, rows, server, pause or unexpected_pause):  # type: ignore[arg-type]
            pass
    return rows


def unexpected_pause(seconds: float) -> None:
    raise AssertionError("a pause without --live")


def launched(path: Path, timeout_s: float = 50, environment: Mapping[str, str] | None = None) -> Report:
    """Launch a trial of the first case of an experiment that has no axis but `how`."""
    with contained():
        runner.adopt_orphans()
        return launch(
            {
                "experiment": path.stem,
                "path": str(path),
                "params": {"how": "x"},
                "samples": 1,
                "warmups": 0,
                "memory": False,
                "environment": dict(environment or {}),
            },
            timeout_s=timeout_s,
        )


def lab_command(*args: str) -> list[str]:
    return [sys.executable, "-m", "lab", *args]


def plain_environment(**more: str) -> dict[str, str]:
    """Return an environment in which nothing of the terminal or of another test is left."""
    ours = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE")
    ours += ("LAB_EXPERIMENTS", "LAB_LIVE", "LAB_SERVER", "LAB_TAG")
    return {name: value for name, value in os.environ.items() if name not in ours} | more


@dataclass(frozen=True)
class Ended:
    """How a command ended, and its output."""

    code: int
    out: str
    err: str


def run_lab(*args: str, cwd: Path, **environment: str) -> Ended:
    """Run a command line of `lab` in this process, which spares it the loading, and say how it ended.

    That this machine is busy, which the lab warns of, is left out of its output.
    """
    out, err = io.StringIO(), io.StringIO()
    interrupt = signal.getsignal(signal.SIGINT)
    with contained(), pytest.MonkeyPatch.context() as patch:
        patch.chdir(cwd)
        patch.setattr(sys, "argv", ["lab", *args])
        patch.setattr(sys, "dont_write_bytecode", True)
        for name in os.environ.keys() - plain_environment().keys():
            patch.delenv(name)
        for name, value in environment.items():
            patch.setenv(name, value)
        try:
            with redirect_stdout(out), redirect_stderr(err):
                code = guard.run(app)
        except SystemExit as ended:  # how the completion of the shell ends
            code = int(ended.code or 0)
        finally:
            signal.signal(signal.SIGINT, interrupt)
    return Ended(code, out.getvalue(), BUSY.sub("", err.getvalue()))


def run_lab_process(*args: str, cwd: Path, **environment: str) -> Ended:
    """Run `lab` as a process of its own, without a terminal, and say how it ended, as `run_lab` does."""
    ended = subprocess.run(
        lab_command(*args),
        cwd=cwd,
        env=plain_environment(**environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=55,
        check=False,
    )
    return Ended(ended.returncode, ended.stdout, BUSY.sub("", ended.stderr))


def rows_of(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def on_terminal(*args: str, cwd: Path, columns: int = 80, **environment: str) -> tuple[int, str]:
    """Run `lab` on a terminal of so many columns; return its exit code and all that was shown there."""
    import pty
    import termios

    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, columns))
    shown = b""
    with subprocess.Popen(
        lab_command(*args),
        cwd=cwd,
        env=plain_environment(TERM="xterm-256color", **environment),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    ) as process:
        os.close(theirs)
        try:
            while piece := os.read(ours, 65536):
                shown += piece
        except OSError:  # how Linux says that nobody has the terminal any more
            pass
        finally:
            os.close(ours)
    return process.returncode, shown.decode()
