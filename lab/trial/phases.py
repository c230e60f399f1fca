"""One case's phases: open, first batch, warm-ups, samples, a look at memory, close.

The first batch is apart from the steady ones, since imports, connections and caches are made in it.
"""

import importlib
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import astuple
from functools import partial
from typing import Any

from lab.core.clock import now
from lab.core.work import Case, Item, Model, Prepare, Run, Value, Workload
from lab.server.asking import Tally
from lab.trial.batch import run_once
from lab.trial.validity import expected_of

Send = Callable[[Mapping[str, Any]], None]

WATCHED_S = 0.03
"""How long tasks are kept in flight for the look at memory: some looks, each of a millisecond or two."""


def workload_samples(
    model: Model, workload: Workload, case: Case, request: Mapping[str, Any], send: Send
) -> None:
    """Open the model, run its batches, close it; each phase is timed apart."""
    gil = gil_is_on()
    open_model = prepared(model, workload)
    items = workload.items(case.tasks)
    workers = case.workers if "workers" in model.axes else 1
    axes = {axis: case[axis] for axis in model.axes if axis in case.params and axis != "workers"}
    expected = expected_of(model, workload, len(items), workers)
    limit_s = workload.limit_s(len(items), workers)
    tally = Tally.of_trial() if workload.uses_server else None
    phases: dict[str, float] = {}
    opening = now()
    with open_model(workers, **axes) as run:
        phases["start_up_s"] = (now() - opening) / 1e9
        for number in range(-request["warmups"], request["samples"]):
            batch = run_once(run, workload, items, tally)
            phases.setdefault("first_batch_s", batch.makespan_s)
            if number >= 0:
                send({"sample": batch.metrics(expected, limit_s), "void": batch.void(expected)})
        if request["memory"]:
            watched_waves(run, workload, items[: expected.in_flight], send)
        closing = now()
    phases["shutdown_s"] = (now() - closing) / 1e9
    spans = [astuple(outcome.span) for outcome in batch.outcomes]
    send({"done": phases, "spans": spans, "facts": facts(gil)})


def prepared(model: Model, workload: Workload) -> Callable[..., AbstractContextManager[Run]]:
    """Prepare this process for a workload, before any clock starts; return what opens the model.

    Workers that do not share this process's memory then prepare themselves in the same way.
    """
    prepare = partial(make_ready, model.packages(workload), workload.prepare, workload.blocking)
    prepare()
    return partial(model.open, prepare=prepare) if model.prepares else model.open


def make_ready(packages: Sequence[str], prepare: Prepare | None, _: object) -> None:
    """Import what tasks need and make their data; the task itself came with its module."""
    for package in packages:
        importlib.import_module(package)
    if prepare is not None:
        prepare()


def watched_waves(run: Run, workload: Workload, items: Sequence[Item], send: Send) -> None:
    """Keep as many tasks in flight as may be, untimed, while the runner looks at the tree's memory.

    Any such wave holds as much memory as a batch at its peak, however many tasks the batch has.
    """
    send({"watch": True})
    end = now() + WATCHED_S * 1e9
    run(workload, items)
    while now() <= end:
        run(workload, items)
    send({"watch": False})


def facts(gil_before: bool) -> dict[str, Value]:
    """Return what holds in this process after its batches: an extension may have turned on the GIL."""
    known: dict[str, Value] = {
        "gil_before": gil_before,
        "gil_after": gil_is_on(),
        "switch_interval_s": sys.getswitchinterval(),
        "development_mode": sys.flags.dev_mode,
        "trace_or_profile": bool(sys.gettrace() or sys.getprofile()),
    }
    if "asyncio" in sys.modules:
        import asyncio

        with asyncio.Runner() as runner:
            loop = runner.get_loop()
            known |= {"event_loop": type(loop).__qualname__, "asyncio_debug": loop.get_debug()}
    if "multiprocessing" in sys.modules and hasattr(os, "fork"):
        from multiprocessing import get_start_method

        known["start_method"] = get_start_method()
    return known


def gil_is_on() -> bool:
    """Return whether the interpreter's lock is in force."""
    return bool(getattr(sys, "_is_gil_enabled", lambda: True)())
