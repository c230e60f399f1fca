"""The timeline as Trace Event JSON, which Perfetto, speedscope and chrome://tracing open.

The format: https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU. A case is a
process, a worker a thread of it, and a task's service a complete event of that thread. Those may nest and
never overlap, and waits do overlap, so each is an async event: Perfetto shows them beside the workers'
lanes. speedscope leaves them out; it shows a service's arguments, and the wait is one of them.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from heapq import heappop, heappush
from typing import Any

from lab.analysis.stats.rounds import by_round
from lab.core.errors import LabError
from lab.present.figures.selection import by_case, key
from lab.present.units import case_words
from lab.store.reading import Results

Event = dict[str, Any]
Span = Mapping[str, Any]  # one row of spans.csv


def trace(results: Results) -> dict[str, Any]:
    """Return the tasks of one sample per case as a trace; LabError where none were recorded."""
    spans, axes = by_case(results.spans, results.axes), results.axes
    if not spans:
        raise LabError("no tasks were recorded", where=results.name)
    cases = [case for case in by_round(results).cases if key(case, axes) in spans]
    shown = [(case_words(case) or results.name, lanes(spans[key(case, axes)].to_dicts())) for case in cases]
    events: list[Event] = []
    tid = len(shown) + 1  # no thread has a number twice, nor a process's: Perfetto takes equal ones for one
    for pid, (name, threads) in enumerate(shown, start=1):
        events += process(pid, name, tid, threads)
        tid += len(threads)
    about = {"experiment": results.name, "question": results.environment["experiment"]["question"]}
    return {"traceEvents": events, "displayTimeUnit": "ms", "otherData": about}


def lanes(spans: Sequence[Span]) -> dict[str, list[Span]]:
    """Return name -> tasks of each lane: one for each worker, and more where its own tasks overlap.

    A task takes the first lane of its worker that is free when it starts.
    """
    tasks: dict[str, list[Span]] = defaultdict(list)
    busy: dict[str, list[tuple[float, int]]] = defaultdict(list)  # a heap: when a lane ends, its number
    free: dict[str, list[int]] = defaultdict(list)
    for span in sorted(spans, key=lambda span: (span["started_s"], span["index"])):
        worker = str(span["worker"])
        while busy[worker] and busy[worker][0][0] <= span["started_s"]:
            heappush(free[worker], heappop(busy[worker])[1])
        number = heappop(free[worker]) if free[worker] else len(busy[worker]) + 1
        heappush(busy[worker], (span["finished_s"], number))
        tasks[worker if number == 1 else f"{worker} ({number})"].append(span)
    return tasks


def process(pid: int, name: str, tid: int, threads: Mapping[str, Sequence[Span]]) -> Iterator[Event]:
    """Yield the events of a case, whose threads are numbered from `tid` on."""
    yield {"ph": "M", "name": "process_name", "pid": pid, "args": {"name": name}}
    for number, (worker, tasks) in enumerate(threads.items(), start=tid):
        yield {"ph": "M", "name": "thread_name", "pid": pid, "tid": number, "args": {"name": worker}}
        for span in tasks:
            yield from task({"pid": pid, "tid": number}, span)


def task(thread: Event, span: Span) -> Iterator[Event]:
    """Yield a task's queue wait, the begin and the end of an async event, and its service."""
    stamps = (span[stamp] for stamp in ("submitted_s", "started_s", "finished_s"))
    submitted, started, finished = (round(seconds * 1e6, 3) for seconds in stamps)
    # The identifier is unique in the whole trace: Perfetto does not tell those of two processes apart.
    identifier = f"{thread['pid']}/{span['index']}"
    wait = {"cat": "queue wait", "name": "queue wait", "id": identifier, **thread}
    yield {"ph": "b", **wait, "ts": submitted, "args": {"task": span["index"]}}
    yield {"ph": "e", **wait, "ts": started}
    arguments = {"queue_wait_us": round(started - submitted, 3)}
    arguments |= {"error": span["error"]} if span["error"] else {}
    service = {"cat": "service", "name": f"task {span['index']}", **thread}
    yield {"ph": "X", **service, "ts": started, "dur": round(finished - started, 3), "args": arguments}
