"""The lab from Python: `lab.run` runs the command `lab run`, and returns its findings.

The run is the command itself, in a process of its own. A notebook's kernel has threads, children, signal
handlers and an event loop of its own, and a runner ends every process that a trial leaves behind. The
measurement is then the same too, down to the command in environment.json.
"""

import json
import os
import subprocess
import sys
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any

from lab.catalog.experiments import ALL, find
from lab.core.child import start
from lab.core.errors import INTERRUPTED, SOME_FAILED, UNEXPECTED, LabError
from lab.core.work import Value
from lab.store.folders import RESULTS

if TYPE_CHECKING:
    from lab.present.findings import Findings

Event = Mapping[str, Any]
"""An event of the run, as `lab.present.events` describes it."""
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
) -> "Findings":
    """Measure an experiment, given by its name or its file's path, and return the findings.

    The options are those of `lab run`, and what happens is the same: the results are in `out`, the
    figures are drawn, and progress is one line for each round on stderr, unless `quiet`. `only` maps an
    axis to the value, or the values, to keep: only={"model": ["threads", "asyncio"]}.

    A trial that failed is a row of `trials`, and a warning. Raises LabError for wrong usage and damaged
    data. An interruption ends the trial in flight and keeps the trials before it; the KeyboardInterrupt
    says how to go on.
    """
    name, out = os.fspath(name), os.fspath(out)
    if name == ALL:
        raise LabError(f"{ALL!r} is more than one experiment", where="lab.run", remedy="run one at a time")
    if name.startswith("-"):
        raise LabError(f"no experiment {name!r}", where="lab.run", remedy="give a name or a path")
    options = {"rounds": rounds, "samples": samples, "warmups": warmups, "seed": seed, "timeout": timeout_s}
    flags = {"--quick": quick, "--resume": resume}
    words = [*words_of(options, only or {}), *(flag for flag, given in flags.items() if given)]
    words += [] if out == str(RESULTS) else ["--out", out]
    exit_code, events, stderr = attended(["run", name, *words], quiet=quiet)
    if exit_code == INTERRUPTED:
        raise KeyboardInterrupt(how_to_go_on(name, out, events))
    problems = [event["text"] for event in events if is_problem(event)]
    folders = [Path(event["folder"]) for event in events if event["event"] == "experiment_ended"]
    if exit_code not in (0, SOME_FAILED) or not folders:
        raise failure(exit_code, problems, stderr)
    for problem in problems:
        warnings.warn(problem, stacklevel=2)
    from lab.present.findings import findings
    from lab.store.reading import read

    # Summarised here too: the child's data frames end with it, and its events hold only a part of them.
    return findings(folders[0], read(folders[0]), find(name).experiment)


def failure(exit_code: int, problems: Sequence[str], stderr: str) -> LabError:
    """Return the error of a run that measured nothing, with the rest of its output as a note."""
    what = problems[-1] if problems else f"the run ended with exit code {exit_code}"
    error = LabError(what, exit_code=exit_code if exit_code > 0 else UNEXPECTED)
    if stderr:
        error.add_note(stderr)
    return error


def words_of(options: Mapping[str, object], only: Only) -> Iterator[str]:
    """Yield the options as words of the command line; None leaves one out."""
    for option, value in options.items():
        if value is not None:
            yield from (f"--{option}", str(value))
    for axis, values in only.items():
        each = [values] if isinstance(values, Value) else values
        yield from ("--only", f"{axis}={','.join(map(str, each))}")


def attended(words: Sequence[str], *, quiet: bool) -> tuple[int, list[Event], str]:
    """Run the command line as a child, and show its progress unless `quiet`.

    Return its exit code, its events, and the rest of its stderr. It is interrupted when this is: its
    input ends then, as it does when this process dies.
    """
    events: list[Event] = []
    command = ("lab.cli.attended", *words, "--json-events")
    with TemporaryFile() as stderr, start(*command, stdout=subprocess.PIPE, stderr=stderr) as child:
        assert child.stdin and child.stdout
        interrupted = False
        try:
            follow(child.stdout, events, quiet=quiet)
        except KeyboardInterrupt:
            interrupted = True
        finally:
            child.stdin.close()
            follow(child.stdout, events, quiet=True)  # until it has ended all that it started
        exit_code = INTERRUPTED if interrupted else child.wait()
        stderr.seek(0)
        return exit_code, events, stderr.read().decode(errors="replace").rstrip()


def follow(lines: Iterable[bytes], events: list[Event], *, quiet: bool) -> None:
    """Collect the events that a run prints, and show its progress unless `quiet`."""
    for line in lines:
        if not (line.startswith(b'{"event": ') and line.endswith(b"\n")):
            continue  # an experiment's file printed it, or the run was killed meanwhile
        event = json.loads(line)
        events.append(event)
        if event["line"] and not (quiet or is_problem(event)):
            sys.stderr.write(f"{event['line']}\n")


def is_problem(event: Event) -> bool:
    """Return whether an event says that something went wrong."""
    return event["event"] == "warned" and not event["advice"]


def how_to_go_on(name: str, out: str, events: Iterable[Event]) -> str:
    """Return in words what an interruption left, and the call that goes on from there."""
    kept = [event["folder"] for event in events if event["event"] == "interrupted" and event["resume"]]
    if not kept:
        return f"interrupted; nothing is left unfinished in {out}"
    call = f"lab.run({name!r}, " + ("" if out == str(RESULTS) else f"out={out!r}, ") + "resume=True)"
    return f"interrupted; what was measured is kept in {kept[0]}; to finish: {call}"
