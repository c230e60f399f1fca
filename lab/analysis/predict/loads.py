"""What a question's tasks put on each model: read off the constants, at one end of their intervals.

A task waits for an answer, and computes in pure Python. What all tasks share, and so queue for:

    sequential          one thread: nothing overlaps at all
    threads             the GIL, held for the share that Amdahl's law finds for threads
    thread_pool         the same, with so many threads and no more, which are there already
    process_executor    the one who hands tasks over; then the cores, as far as the USL lets them help
    asyncio             one loop, on one core
    asyncio_processes   the loop, which waits and hands over; then the cores

Without a wait there is nothing to fetch: then a task costs what it takes to start and end one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite

from lab.analysis.predict.constants import Constants
from lab.analysis.predict.estimate import Estimate
from lab.analysis.predict.question import Question
from lab.analysis.predict.sharing import End, helped_by, of_gil
from lab.analysis.predict.waiting import at_once


@dataclass(frozen=True, slots=True)
class Load:
    """A model's costs at one end of their intervals.

    demand_s: of what all share; cpu_s: of any core; service_s: of the task's own place beside its wait.
    lag_s: by which each wait is longer; begin_s: to begin one more.
    fixed_bytes: whatever is in flight; unit_bytes and peak_unit_bytes: of each that is, while it waits and
    when answers pile up.
    overlaps: whether one task's wait is another's time to work.
    by_law: whether it is the law of scaling that bounds what all share.
    processes: how many there are beside the one that asks.
    computing: how many tasks are beside their wait at once, where what all share is busy.
    """

    in_flight: float
    demand_s: float
    cpu_s: float
    lag_s: float = 0.0
    begin_s: float = 0.0
    fixed_bytes: float = 0.0
    peak_fixed_bytes: float = 0.0
    unit_bytes: float = 0.0
    peak_unit_bytes: float = 0.0
    start_up_s: float = 0.0
    overlaps: bool = True
    by_law: bool = False
    service_s: float = 0.0
    processes: float = 0.0
    computing: float = 1.0


def of_sequential(question: Question, known: Constants, end: End) -> Load:
    """Return the load of one task after another."""
    each_s = computing(question, known, end) + (end(known.blocking_s) if question.wait_s else 0.0)
    return Load(1.0, each_s, each_s, latency(question, known, end), overlaps=False)


def of_loop(question: Question, known: Constants, end: End) -> Load:
    """Return the load of one event loop; those that wait for a place are tasks too, and held as such."""
    there, waiting = float(question.at_once), question.tasks - question.at_once
    held = waiting * end(known.task_bytes)
    if not question.wait_s:
        each_s = end(known.task_cpu_s) + computing(question, known, end)
        unit = end(known.task_bytes)
        return Load(there, each_s, each_s, 0.0, 0.0, held, held, unit, unit)
    costs = known.of_each["asyncio"]
    start_s = end(costs.at("start_cpu_s", there)) / question.tasks
    own_s = end(known.extra_of("asyncio")) + computing(question, known, end)
    each_s = end(costs.at("cpu_s", there)) + own_s
    return Load(
        there,
        each_s,
        each_s + start_s,
        end(costs.at("lag_s", there)),
        end(costs.at("begin_s", there)),
        held + end(costs.at("base_bytes", there)),
        held + end(costs.at("peak_base_bytes", there)),
        end(costs.at("unit_bytes", there)),
        end(costs.at("peak_unit_bytes", there)),
        service_s=own_s,
    )


def of_threads(question: Question, known: Constants, end: End) -> Load:
    """Return the load of a thread for each task."""
    there = float(question.at_once)
    if not question.wait_s:
        begin_s = end(known.thread_cpu_s)
        each_s, unit = begin_s + computing(question, known, end), end(known.thread_bytes)
        demand_s = of_gil(each_s, question, known, end)
        return Load(there, demand_s, each_s, 0.0, begin_s, 0.0, 0.0, unit, unit)
    costs, alive = known.of_each["threads"], threads_alive(question, known)
    start_s = end(costs.at("start_cpu_s", alive)) / question.tasks
    own_s = end(known.extra_of("thread_pool")) + computing(question, known, end)
    each_s = end(costs.at("cpu_s", alive)) + own_s
    return Load(
        there,
        of_gil(each_s, question, known, end),
        each_s + start_s,
        end(costs.at("lag_s", alive)),
        end(costs.at("begin_s", alive)),
        end(costs.at("base_bytes", alive)),
        end(costs.at("peak_base_bytes", alive)),
        end(costs.at("unit_bytes", alive)),
        end(costs.at("peak_unit_bytes", alive)),
        service_s=own_s,
    )


def threads_alive(question: Question, known: Constants) -> float:
    """Return how many threads there are at once, at most: those that are started before the first ends.

    What each of them costs is read off for so many, and not for all that are asked for.
    """
    begin_s = known.of_each["threads"].at("begin_s", 0).value
    return at_once(question.at_once, question.wait_s, begin_s, begin_s, begins_all=False)[1]


def of_pool(question: Question, known: Constants, end: End) -> Load:
    """Return the load of a pool of threads, opened beforehand; a hand-over costs no more than a start."""
    workers = float(question.threads)
    own = known.blocking_s if question.wait_s else known.handed_to_thread_s
    each_s = end(own) + computing(question, known, end)
    each_bytes = pooled_bytes(known, workers) if question.wait_s else known.thread_bytes
    held, start_up_s = workers * end(each_bytes), workers * end(known.thread_cpu_s)
    demand_s = of_gil(each_s, question, known, end)
    return Load(
        workers,
        demand_s,
        each_s,
        latency(question, known, end),
        fixed_bytes=held,
        peak_fixed_bytes=held,
        start_up_s=start_up_s,
        service_s=each_s,
    )


def pooled_bytes(known: Constants, workers: float) -> Estimate:
    """Return what each waiting thread of a pool holds: as measured of a pool, else of threads."""
    for model in ("thread_pool", "threads"):
        if model in known.of_each:
            costs = known.of_each[model]
            each = costs.at("peak_unit_bytes", workers)
            if isfinite(each.value):
                base = Estimate.over(costs.peak_base_bytes / workers)
                return Estimate(each.value + base.value, each.low + base.low, each.high + base.high)
    return known.thread_bytes


def of_executor(question: Question, known: Constants, end: End) -> Load:
    """Return the load of a pool of processes, each with one task in flight; it was opened beforehand."""
    workers = float(question.processes)
    handing_s = end(known.handing_s["process_executor"])
    each_s = computing(question, known, end) + handing_s
    if question.wait_s:
        each_s += end(known.blocking_s)
    helped, best = helped_by(known, "process_executor", workers, question.cores, end)
    demand_s = max(handing_s, each_s / helped)
    held, start_up_s = workers * end(known.worker_bytes), workers * end(known.worker_start_s)
    return Load(
        workers,
        demand_s,
        each_s,
        latency(question, known, end),
        fixed_bytes=held,
        peak_fixed_bytes=held,
        start_up_s=start_up_s,
        service_s=each_s,
        by_law=demand_s > handing_s,
        processes=workers,
        computing=best if demand_s > handing_s else each_s / handing_s,
    )


def of_loop_with_processes(question: Question, known: Constants, end: End) -> Load:
    """Return the load of an event loop that waits, with a process for each core that computes."""
    loop = of_loop(question, known, end)
    workers = float(min(question.cores, question.at_once))
    handing_s = end(known.handing_s["asyncio_processes"])
    on_loop_s = loop.demand_s - computing(question, known, end) + handing_s
    helped, best = helped_by(known, "asyncio_processes", workers, question.cores, end)
    held = workers * end(known.worker_bytes)
    each_s = loop.demand_s + handing_s
    demand_s = max(on_loop_s, each_s / helped)
    return Load(
        loop.in_flight,
        demand_s,
        loop.cpu_s + handing_s,
        loop.lag_s,
        loop.begin_s,
        loop.fixed_bytes + held,
        loop.peak_fixed_bytes + held,
        loop.unit_bytes,
        loop.peak_unit_bytes,
        workers * end(known.worker_start_s),
        by_law=demand_s > on_loop_s,
        service_s=loop.service_s + handing_s,
        processes=workers,
        computing=best if demand_s > on_loop_s else each_s / on_loop_s,
    )


def computing(question: Question, known: Constants, end: End) -> float:
    """Return what a task computes, at the pace of one more run."""
    return question.cpu_s * end(known.pace)


def latency(question: Question, known: Constants, end: End) -> float:
    """Return by how much a fetch takes longer than its wait, where there is one."""
    return end(known.latency_s) if question.wait_s else 0.0


LOADS: dict[str, Callable[[Question, Constants, End], Load]] = {
    "sequential": of_sequential,
    "threads": of_threads,
    "thread_pool": of_pool,
    "process_executor": of_executor,
    "asyncio": of_loop,
    "asyncio_processes": of_loop_with_processes,
}
