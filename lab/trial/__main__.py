"""The child process: measures one case and ends.

It reads one line of JSON, its request, from standard input, and writes lines of JSON, its frames, to
what was its standard output: {"sample": ...} for each sample, {"watch": ...} where the runner begins to
look at its memory and where it stops, {"done": ...} at the end, or {"error": ...}. The output of
the measured code goes to standard error, from where the runner keeps a bounded tail. Standard library
only: each import here delays every trial.
"""

import gc
import json
import os
import signal
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import astuple
from math import isfinite
from pathlib import Path
from select import select
from typing import Any

from lab.catalog.experiments import imported
from lab.catalog.models import load_model
from lab.catalog.names import SLUG
from lab.core.errors import LabError, clipped
from lab.core.experiment import Experiment, Measurement
from lab.core.work import Case, Span, Value
from lab.trial.phases import Send, facts, gil_is_on, workload_samples

COLUMNS = ("experiment", "round", "trial", "sample", "void")  # of samples.csv, besides axes and metrics


def main() -> None:
    """Answer the request on standard input."""
    channel = os.dup(1)
    os.dup2(2, 1)
    close_in_forked(channel)
    request = json.loads(first_line(0))
    die_with_runner()

    def send(frame: Mapping[str, Any]) -> None:
        message = json.dumps(frame).encode() + b"\n"
        while message:
            message = message[os.write(channel, message) :]

    try:
        answer(request, send)
    except LabError as error:
        send({"error": str(error)})
        sys.exit(1)
    except BaseException as error:  # whatever the measured code raises is the trial's result
        import traceback  # only when there is one to print

        traceback.print_exc()
        send({"error": clipped(f"{type(error).__name__}: {error}")})
        sys.exit(1)
    gc.freeze()  # else the interpreter, on its way out, looks for garbage in all that it has loaded: 5 ms


def close_in_forked(channel: int) -> None:
    """Close the channel in every forked worker: one that outlives the trial must not hold it open.

    Once in each: a worker that forks again may have another file under that number by then.
    """
    still_open = [channel]

    def close() -> None:
        while still_open:
            os.close(still_open.pop())

    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=close)


def first_line(fd: int) -> bytes:
    """Return the line that the runner sends; it sends no more than that."""
    with open(fd, "rb", closefd=False) as standard_input:
        line = standard_input.readline()
    return line if line.endswith(b"\n") else sys.exit("the request ended before its line did")


def die_with_runner() -> None:
    """Let the system kill this process group when the runner's end of standard input closes.

    The runner holds it open for as long as it lives, and closes it without a word when it is killed.
    A signal on input needs no thread here, which would be part of what is measured.
    """
    lifeline = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    if sys.platform == "linux" and os.getpgrp() == os.getpid():
        import fcntl

        fcntl.fcntl(lifeline, fcntl.F_SETOWN, -os.getpgrp())
        fcntl.fcntl(lifeline, fcntl.F_SETSIG, signal.SIGKILL)
        fcntl.fcntl(lifeline, fcntl.F_SETFL, os.O_ASYNC)
        if select([lifeline], [], [], 0)[0]:  # the runner was gone before the signal was set
            os.killpg(0, signal.SIGKILL)


def answer(request: Mapping[str, Any], send: Send) -> None:
    """Measure the case that the request names."""
    os.environ.update(request["environment"])
    case = Case(request["experiment"], request["params"])
    experiment = imported(Path(request["path"]))
    workload = experiment.workload_of(case)
    if workload is None:
        measured_samples(experiment, case, request, send)
    else:
        model = load_model(experiment.model_of(case))
        workload_samples(model, workload, case, request, send)


def measured_samples(experiment: Experiment, case: Case, request: Mapping[str, Any], send: Send) -> None:
    """Call the experiment's `measure` for each warm-up and sample."""
    assert experiment.measure is not None
    named = {"model": experiment.model_of(case)} if "model" in case.params else {}
    plain = Case(case.experiment, {**case.params, **named})
    spans: Sequence[Span] = ()
    gil = gil_is_on()
    for number in range(-request["warmups"], request["samples"]):
        measured = experiment.measure(plain)
        spans = measured.spans if isinstance(measured, Measurement) else ()
        numbers = measured.numbers if isinstance(measured, Measurement) else measured
        known = known_numbers(numbers, taken={*case.params, *COLUMNS})
        if number >= 0:
            send({"sample": known, "void": ""})
    send({"done": {}, "spans": [astuple(span) for span in spans], "facts": facts(gil)})


def known_numbers(numbers: object, taken: Collection[str]) -> dict[str, Value]:
    """Return the named numbers without those that are None; LabError for what a row cannot hold.

    None stands for a number that cannot be known on this system. No name may be one that is `taken`.
    """
    known = {}
    for name, value in numbers.items() if isinstance(numbers, Mapping) else ():
        if not isinstance(name, str) or not SLUG.fullmatch(name) or name in taken:
            remedy = f"use letters, digits, _ and -, but none of {', '.join(sorted(taken))}"
            raise LabError(f"{name!r} cannot name a number", where="measure", remedy=remedy)
        if value is not None and not isinstance(value, (str, bool, int, float)):
            remedy = "give an int, a float, a bool or a str"
            raise LabError(f"{name} is {clipped(repr(value))}", where="measure", remedy=remedy)
        if isinstance(value, float) and not isfinite(value):
            raise LabError(f"{name} is {value}", where="measure", remedy="give a finite number")
        if value is not None:
            known[name] = value
    if not known:
        what = f"returned {clipped(repr(numbers))}"
        raise LabError(what, where="measure", remedy='return named numbers, like {"makespan_s": 0.1}')
    return known


if __name__ == "__main__":
    main()
