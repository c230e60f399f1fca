"""Runs one model through everything it promises, in a process of its own, and prints what became of it.

`main` of the arguments MODEL [START_METHOD] prints one JSON object: scenario -> facts. The tests that look
at the facts are in test_models.py; the process is another so that forked workers come from one that has
one thread and nothing else on its mind. It is not the process's main module, which every spawned worker
would load again.
"""

import gc
import json
import os
import socket
import sys
import threading
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import psutil
from promised_work import (
    AwaitedWhere,
    Meet,
    MeetAwaited,
    die_on_two,
    fail_on_two,
    leave_on_two,
    square,
    strange_on_two,
    unpicklable_on_two,
    vanish_on_two,
    where,
)
from segments import mark_segments, segments

from lab.catalog.models import load_model
from lab.core.work import Model, Outcome, Workload, peak_in_flight

WORKERS = 3
TASKS = 6
HELPERS = ("multiprocessing.resource_tracker", "multiprocessing.forkserver")


def meeting_point(together: int, groups: int) -> tuple[int, int]:
    """Fork a process that answers its callers only when `together` of them wait; return pid and port."""
    listener = socket.create_server(("127.0.0.1", 0))
    pid = os.fork()
    if pid:
        port = listener.getsockname()[1]
        listener.close()
        return pid, port
    try:
        for _ in range(groups):
            callers = [listener.accept()[0] for _ in range(together)]
            for caller in callers:
                caller.sendall(b"!")
                caller.close()
    finally:
        os._exit(0)


def facts(outcomes: Sequence[Outcome]) -> dict[str, object]:
    spans = [outcome.span for outcome in outcomes]
    return {
        "indexes": [span.index for span in spans],
        "results": [outcome.result for outcome in outcomes],
        "errors": [span.error for span in spans],
        "stamps": [[span.submitted_ns, span.started_ns, span.finished_ns] for span in spans],
        "workers": [span.worker for span in spans],
        "peak": peak_in_flight(spans),
    }


def batch(
    model: Model, options: dict[str, str], workload: Workload, tasks: int = TASKS
) -> dict[str, object]:
    with model.open(WORKERS, **options) as run:
        return facts(run(workload, list(range(tasks))))


def forced(model: Model, options: dict[str, str], together: int) -> dict[str, object]:
    """Run tasks that cannot end unless `together` of them are in flight at once."""
    pid, port = meeting_point(together, TASKS // together)
    found = batch(model, options, Workload(Meet(port), MeetAwaited(port)))
    os.waitpid(pid, 0)
    return found


def twice(model: Model, options: dict[str, str]) -> dict[str, object]:
    with model.open(WORKERS, **options) as run:
        run(Workload(square), [7])
        return facts(run(Workload(square), [1, 2, 3, 4]))


def left_over() -> dict[str, object]:
    """Return what is alive and open in this process, and its segments; not the interpreter's helpers."""
    gc.collect()
    children = [" ".join(child.cmdline()) for child in psutil.Process().children(recursive=True)]
    return {
        "threads": threading.active_count(),
        "children": [child for child in children if not any(helper in child for helper in HELPERS)],
        "descriptors": len(os.listdir("/proc/self/fd")) if Path("/proc/self/fd").is_dir() else 0,
        "shared": sorted(segments()),
    }


def main() -> None:
    model = load_model(sys.argv[1])
    options = {"start_method": sys.argv[2]} if len(sys.argv) > 2 else {}
    together = WORKERS if "workers" in model.axes else 1
    scenarios = {
        "plain": partial(batch, model, options, Workload(square)),
        "where": partial(batch, model, options, Workload(where, AwaitedWhere()), 2),
        "nothing": partial(batch, model, options, Workload(square), 0),
        "one": partial(batch, model, options, Workload(square), 1),
        "twice": partial(twice, model, options),
        "raises": partial(batch, model, options, Workload(fail_on_two)),
        "exits": partial(batch, model, options, Workload(leave_on_two)),
        "strange": partial(batch, model, options, Workload(strange_on_two)),
        "forced": partial(forced, model, options, together),
    }
    if not model.pickles:
        scenarios["closure"] = partial(closure, model, options)
    if model.workers_in == "process":
        scenarios["unpicklable"] = partial(batch, model, options, Workload(unpicklable_on_two))
        scenarios["killed"] = partial(batch, model, options, Workload(die_on_two))
        scenarios["vanishes"] = partial(batch, model, options, Workload(vanish_on_two))
    mark_segments()
    scenarios["plain"]()  # the interpreter's own helpers start with the first worker and stay
    found: dict[str, object] = {"together": together, "before": left_over()}
    for name, scenario in scenarios.items():
        found[name] = scenario()
    found["after"] = left_over()
    print(json.dumps(found | {"here": where(0)}))


def closure(model: Model, options: dict[str, str]) -> dict[str, object]:
    """Run a task that does not pickle."""
    added = 1
    return batch(model, options, Workload(lambda item: item + added))
