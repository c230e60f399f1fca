"""The lab from Python: `lab.run` does what the command `lab run` does, and returns what was found.

The run is the command itself, in a process of its own. A notebook's kernel has threads, children, signal
handlers and an event loop that are no business of a runner, which ends whatever process a trial leaves
behind. What is measured is then also the same, to the letter of the command in environment.json.
"""

from __future__ import annotations

import os
import subprocess
import sys
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import lab
from lab.catalog.experiments import ALL, find
from lab.core.errors import LabError
from lab.core.work import Value

if TYPE_CHECKING:
    from lab.present.notebook import Findings

SOME_FAILED, FAULT, INTERRUPTED = 1, 3, 130
RESULTS = "results"
COMPLAINT, CAREFUL = "lab: ", "lab: careful: "
"""What the lines that are more than progress start with, and those of them that belong to it."""
SHOWY = ("FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE")
"""What makes a pipe pass for a terminal; a notebook's kernel sets the first."""

Only = Mapping[str, Value | Sequence[Value]]


def run(
    name: str | os.PathLike[str],
    *,
    rounds: int | None = None,
    samples: int | None = None,
    warmups: int | None = None,
    seed: int | None = None,
    only: Only | None = None,
    quick: bool = False,
    timeout_s: float | None = None,
    out: str | os.PathLike[str] = RESULTS,
    resume: bool = False,
    quiet: bool = False,
) -> Findings:
    """Measure an experiment, given by its name or its file's path, and return what was found.

    The options are those of `lab run`, and what happens is the same: the results are in `out`, the
    figures are drawn, and progress is a line a round on stderr, unless `quiet`. `only` maps an axis to
    the value, or the values, to keep: only={"model": ["threads", "asyncio"]}.

    A trial that failed is a row of `trials`, and a warning. Raises LabError for wrong usage and damaged
    data. An interruption ends the trial in flight and keeps what was measured; how to go on, the
    KeyboardInterrupt says.
    """
    name, out = os.fspath(name), os.fspath(out)
    options = {"rounds": rounds, "samples": samples, "warmups": warmups, "seed": seed, "timeout": timeout_s}
    words = [
        *words_of(options, only or {}),
        *(["--quick"] if quick else []),
        *(["--resume"] if resume else []),
    ]
    words += [] if out == RESULTS else ["--out", out]
    finished = Path(out, Path(checked(name)).stem)
    partial = finished.with_name(f"{finished.name}.partial")
    try:
        code, complaints, others = attended(["run", name, *words], quiet)
    except KeyboardInterrupt:
        code = INTERRUPTED
    if code == INTERRUPTED:
        raise KeyboardInterrupt(how_to_go_on(name, out, partial)) from None
    if code not in (0, SOME_FAILED):
        raise failure(code, complaints, others if quiet else [])
    for complaint in complaints:
        warnings.warn(complaint, stacklevel=2)
    from lab.present.notebook import findings
    from lab.store.reading import read

    folder = partial if partial.is_dir() else finished  # of nothing that counts, nothing is finished
    return findings(folder, read(folder), find(name).experiment)


def checked(name: str) -> str:
    """Return a name that can stand for one experiment on a command line; LabError for another."""
    if name == ALL:
        raise LabError(f"{ALL!r} is more than one experiment", where="lab.run", remedy="run one at a time")
    if name.startswith("-"):
        raise LabError(f"no experiment {name!r}", where="lab.run", remedy="give a name or a path")
    return name


def words_of(options: Mapping[str, object], only: Only) -> Iterator[str]:
    """Yield the options as words of the command line; None leaves one out."""
    for option, value in options.items():
        if value is not None:
            yield from (f"--{option}", str(value))
    for axis, values in only.items():
        each = [values] if isinstance(values, Value) else values
        yield from ("--only", f"{axis}={','.join(map(str, each))}")


def attended(words: Sequence[str], quiet: bool) -> tuple[int, list[str], list[str]]:
    """Run the command line; return its exit code, what it complained of, and what else it said.

    It is interrupted when this is: its input ends then, as it does when this process dies.
    """
    root = str(Path(lab.__file__).parents[1])
    path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))
    environment = {name: value for name, value in os.environ.items() if name not in SHOWY}
    complaints: list[str] = []
    others: list[str] = []
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "lab.cli.attended", *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**environment, "PYTHONPATH": path},
        text=True,
        errors="replace",
        start_new_session=True,  # a Ctrl-C is for this process, which then interrupts the other
    ) as runner:
        assert runner.stdin and runner.stderr
        try:
            hear(runner.stderr, complaints, others, quiet)
        finally:
            runner.stdin.close()
            for _ in runner.stderr:  # until it has ended all that it started
                pass
            runner.wait()
    return runner.returncode, complaints, others


def hear(lines: Iterable[str], complaints: list[str], others: list[str], quiet: bool) -> None:
    """Sort the lines that the run says, and pass its progress on unless `quiet`."""
    for line in lines:
        if line.startswith(COMPLAINT) and not line.startswith(CAREFUL):
            complaints.append(line.removeprefix(COMPLAINT).rstrip())
        else:
            others.append(line)
            if not quiet:
                sys.stderr.write(line)


def failure(code: int, complaints: Sequence[str], others: Sequence[str]) -> LabError:
    """Return the error of a run that measured nothing, with what else it said as a note."""
    what = complaints[-1] if complaints else f"the run ended with exit code {code}"
    error = LabError(what, exit_code=code if code > 0 else FAULT)
    if others:
        error.add_note("".join(others).rstrip())
    return error


def how_to_go_on(name: str, out: str, partial: Path) -> str:
    """Return in words what an interruption left, and the call that goes on from there."""
    if not partial.is_dir():
        return f"interrupted; nothing is left unfinished in {out}"
    again = f"lab.run({name!r}, " + ("" if out == RESULTS else f"out={out!r}, ") + "resume=True)"
    return f"interrupted; what was measured is kept in {partial}; to finish: {again}"
