"""The timeline as Trace Event JSON, which Perfetto, speedscope and chrome://tracing open.

The format: https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU. A case is a
process, a worker a thread of it, and a task's service a complete event of that thread. Events of one
thread may nest and never overlap, and queue waits do overlap, so each wait is an async event: Perfetto
shows them beside the workers' lanes. speedscope knows no async events and leaves them out; it shows a
service's arguments, and the wait is one of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lab.core.errors import LabError
from lab.core.work import AA_SUFFIX
from lab.present.figures.lanes import SpanRow, lanes_of
from lab.store.reading import Results

Event = dict[str, Any]
Values = tuple[str | None, ...]
Lane = list[SpanRow]


def trace(results: Results) -> dict[str, Any]:
    """Return the tasks of one sample a case as a trace; LabError where none were recorded."""
    cases = spans_by_case(results)
    if not cases:
        raise LabError("no tasks were recorded", where=results.name)
    events: list[Event] = []
    for pid, (values, spans) in enumerate(cases.items(), start=1):
        # No thread may have a number twice, nor that of a process: Perfetto takes threads alike for one.
        free = len(cases) + 1 + sum(event["name"] == "thread_name" for event in events)
        events += process(pid, named(results.axes, values) or results.name, free, lanes(spans))
    experiment = results.environment["experiment"]
    about = {"experiment": results.name, "question": experiment["question"]}
    return {"traceEvents": events, "displayTimeUnit": "ms", "otherData": about}


def spans_by_case(results: Results) -> dict[Values, list[SpanRow]]:
    """Return the axes' values of each case that has spans -> its spans, in the grid's order."""
    grid = [
        tuple(str(case[axis]) if axis in case else None for axis in results.axes)
        for case in results.environment["experiment"]["cases"]
    ]
    found: dict[Values, list[SpanRow]] = {}
    for row in results.spans.iter_rows(named=True):
        found.setdefault(tuple(row[axis] for axis in results.axes), []).append(row)

    def place(values: Values) -> tuple[int, bool]:
        plain = tuple(value and value.removesuffix(AA_SUFFIX) for value in values)
        return grid.index(plain) if plain in grid else len(grid), plain != values

    return {values: found[values] for values in sorted(found, key=place)}


def named(axes: Sequence[str], values: Values) -> str:
    """Return a case in words: "model=threads tasks=14"."""
    return " ".join(
        f"{axis}={value}" for axis, value in zip(axes, values, strict=True) if value is not None
    )


def lanes(spans: Sequence[SpanRow]) -> dict[str, Lane]:
    """Return name -> tasks of each lane: a lane a worker, and more where its own tasks overlap."""
    found: dict[str, Lane] = {}
    for lane, span in (drawn := lanes_of("", spans)).tasks:
        worker, number = drawn.workers[lane], 1
        name = worker
        while name in found and found[name][-1]["finished_s"] > span["started_s"]:
            number += 1
            name = f"{worker} ({number})"
        found.setdefault(name, []).append(span)
    return found


def process(pid: int, name: str, free: int, found: Mapping[str, Lane]) -> Iterator[Event]:
    """Yield the events of a case, whose threads are numbered from `free` on."""
    yield {"ph": "M", "name": "process_name", "pid": pid, "args": {"name": name}}
    for tid, (worker, tasks) in enumerate(found.items(), start=free):
        yield {"ph": "M", "name": "thread_name", "pid": pid, "tid": tid, "args": {"name": worker}}
        for span in tasks:
            yield from task(pid, tid, span)


def task(pid: int, tid: int, span: SpanRow) -> Iterator[Event]:
    """Yield a task's queue wait, the begin and the end of an async event, and its service."""
    submitted, started, finished = (
        microseconds(span[stamp]) for stamp in ("submitted_s", "started_s", "finished_s")
    )
    name = f"task {span['index']}"
    # The identifier is unique in the whole trace: Perfetto does not tell those of two processes apart.
    wait = {
        "cat": "queue wait",
        "name": "queue wait",
        "id": f"{pid}/{span['index']}",
        "pid": pid,
        "tid": tid,
    }
    yield {"ph": "b", **wait, "ts": submitted, "args": {"task": span["index"]}}
    yield {"ph": "e", **wait, "ts": started}
    said = {"queue_wait_us": round(started - submitted, 3)}
    said |= {"error": span["error"]} if span["error"] else {}
    yield {
        "ph": "X",
        "cat": "service",
        "name": name,
        "pid": pid,
        "tid": tid,
        "ts": started,
        "dur": round(finished - started, 3),
        "args": said,
    }


def microseconds(seconds: float) -> float:
    """Return seconds as the format's microseconds, with nanoseconds as decimals."""
    return round(seconds * 1e6, 3)
