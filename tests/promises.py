"""Runs one model through everything it promises, in a process of its own, and prints what became of it.

`main` of the arguments MODEL [START_METHOD] prints one JSON object: scenario -> facts. The tests that look
at the facts are in test_models.py; the process is another so that forked workers come from one that has
one thread and nothing else on its mind. It is not the process's main module, which every spawned worker
would load again.
"""

import gc
import json
import multiprocessing
import os
import socket
import sys
import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import psutil
from promised_work import (
    AwaitedWhere,
    Meet,
    MeetAwaited,
    MeetReady,
    die_on_two,
    fail_on_two,
    get_ready,
    leave_on_two,
    refuse,
    square,
    strange_on_two,
    unpicklable_on_two,
    vanish,
    vanish_on_two,
    where,
)
from segments import mark_segments, segments

from lab.catalog.models import load_model
from lab.core.work import Model, Outcome, Prepare, Workload, peak_in_flight
from lab.cost.helpers import command, is_helper

WORKERS = 2
TASKS = 4


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


def one_after_another(model: Model, options: dict[str, str]) -> dict[str, dict[str, object]]:
    """Run batches of every kind that leaves its workers alive, in one open model."""
    added = 1
    batches = {
        "plain": (Workload(square), TASKS),
        "where": (Workload(where, AwaitedWhere()), 2),
        "nothing": (Workload(square), 0),
        "one": (Workload(square), 1),
        "raises": (Workload(fail_on_two), TASKS),
        "exits": (Workload(leave_on_two), TASKS),
        "strange": (Workload(strange_on_two), TASKS),
    }
    if not model.pickles:
        batches["closure"] = (Workload(lambda item: item + added), TASKS)
    if model.workers_in == "process":
        batches["unpicklable"] = (Workload(unpicklable_on_two), TASKS)
    batches["after the others"] = (Workload(square), TASKS)
    with model.open(WORKERS, **options) as run:
        return {name: facts(run(work, list(range(tasks)))) for name, (work, tasks) in batches.items()}


def forced(model: Model, options: dict[str, str], together: int) -> dict[str, object]:
    """Run tasks that cannot end unless `together` of them are in flight at once."""
    pid, port = meeting_point(together, TASKS // together)
    facts_of = batch(model, options, Workload(Meet(port), MeetAwaited(port)))
    os.waitpid(pid, 0)
    return facts_of


def beside_a_thread(model: Model, options: dict[str, str]) -> dict[str, object]:
    """Run a batch while another thread is there, which a fork leaves behind."""
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        return batch(model, options, Workload(square))
    finally:
        stop.set()
        thread.join()


def prepared(model: Model, options: dict[str, str]) -> dict[str, object]:
    """Prepare here and open a model whose workers prepare too; have all of them say how often they did."""
    get_ready()
    pid, port = meeting_point(WORKERS, TASKS // WORKERS)
    with model.open(WORKERS, prepare=get_ready, **options) as run:
        facts_of = facts(run(Workload(MeetReady(port)), list(range(TASKS))))
    os.waitpid(pid, 0)
    return facts_of


def opening(model: Model, options: dict[str, str], prepare: Prepare) -> str:
    """Return the error of a model whose workers cannot prepare; empty where it opens."""
    try:
        with model.open(WORKERS, prepare=prepare, **options):
            return ""
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def left_over() -> dict[str, object]:
    """Return what is alive and open in this process, and its segments; not the interpreter's helpers."""
    gc.collect()
    children = psutil.Process().children(recursive=True)
    return {
        "threads": threading.active_count(),
        "children": [command(child) for child in children if not is_helper(child)],
        "descriptors": len(os.listdir("/proc/self/fd")) if Path("/proc/self/fd").is_dir() else 0,
        "shared": sorted(segments()),
    }


def main() -> None:
    model = load_model(sys.argv[1])
    options = {"start_method": sys.argv[2]} if len(sys.argv) > 2 else {}
    together = WORKERS if "workers" in model.axes else 1
    scenarios: dict[str, Callable[[], object]] = {"forced": partial(forced, model, options, together)}
    if model.workers_in == "process":
        scenarios["killed"] = partial(batch, model, options, Workload(die_on_two))
        scenarios["vanishes"] = partial(batch, model, options, Workload(vanish_on_two))
    method = options.get("start_method", multiprocessing.get_start_method())
    if method == "fork" or "start_method" not in model.axes:
        scenarios["beside a thread"] = partial(beside_a_thread, model, options)
    if model.prepares:
        scenarios["prepared"] = partial(prepared, model, options)
        scenarios["unprepared"] = partial(opening, model, options, refuse)
        scenarios["dead on arrival"] = partial(opening, model, options, vanish)
    mark_segments()
    batch(
        model, options, Workload(square)
    )  # the interpreter's own helpers start with the first worker and stay
    facts_of: dict[str, object] = {"together": together, "start_method": method, "before": left_over()}
    facts_of |= one_after_another(model, options)
    for name, scenario in scenarios.items():
        facts_of[name] = scenario()
    facts_of["after"] = left_over()
    print(json.dumps(facts_of | {"here": where(0)}))
