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

from lab.predict.constants import Constants
from lab.predict.estimate import Estimate
from lab.predict.question import Question

End = Callable[[Estimate], float]


@dataclass(frozen=True, slots=True)
class Load:
    """A model's costs at one end of their intervals.

    demand_s: of what all share; cpu_s: of any core. fixed_bytes: whatever is in flight; unit_bytes and
    peak_unit_bytes: of each that is, while it waits and when answers pile up. overlaps: whether one task's
    wait is another's time to work. by_law: whether it is the law of scaling that bounds what all share.
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


def of_sequential(question: Question, known: Constants, end: End) -> Load:
    """Return the load of one task after another."""
    each_s = question.cpu_s + (end(known.blocking_s) if question.wait_s else 0.0)
    return Load(1.0, each_s, each_s, overlaps=False)


def of_loop(question: Question, known: Constants, end: End) -> Load:
    """Return the load of one event loop; those that wait for a place are tasks too, and held as such."""
    there, waiting = float(question.at_once), question.tasks - question.at_once
    held = waiting * end(known.task_bytes)
    if not question.wait_s:
        each_s = end(known.task_cpu_s) + question.cpu_s
        unit = end(known.task_bytes)
        return Load(there, each_s, each_s, 0.0, 0.0, held, held, unit, unit)
    costs = known.of_each["asyncio"]
    start_s = end(costs.at("start_cpu_s", there)) / question.tasks
    each_s = end(costs.at("cpu_s", there)) + end(known.extra_of("asyncio")) + question.cpu_s
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
    )


def of_threads(question: Question, known: Constants, end: End) -> Load:
    """Return the load of a thread for each task."""
    there = float(question.at_once)
    if not question.wait_s:
        begin_s = end(known.thread_cpu_s)
        each_s, unit = begin_s + question.cpu_s, end(known.thread_bytes)
        demand_s = of_gil(each_s, question, known, end)
        return Load(there, demand_s, each_s, 0.0, begin_s, 0.0, 0.0, unit, unit)
    costs = known.of_each["threads"]
    start_s = end(costs.at("start_cpu_s", there)) / question.tasks
    each_s = end(costs.at("cpu_s", there)) + end(known.extra_of("thread_pool")) + question.cpu_s
    return Load(
        there,
        of_gil(each_s, question, known, end),
        each_s + start_s,
        end(costs.at("lag_s", there)),
        end(costs.at("begin_s", there)),
        end(costs.at("base_bytes", there)),
        end(costs.at("peak_base_bytes", there)),
        end(costs.at("unit_bytes", there)),
        end(costs.at("peak_unit_bytes", there)),
    )


def of_pool(question: Question, known: Constants, end: End) -> Load:
    """Return the load of a pool of threads, opened beforehand; a hand-over costs no more than a start."""
    workers = float(question.threads)
    own = known.blocking_s if question.wait_s else known.handed_to_thread_s
    each_s = end(own) + question.cpu_s
    if question.wait_s:
        unit = end(known.of_each["threads"].at("peak_unit_bytes", workers))
    else:
        unit = end(known.thread_bytes)
    held, start_up_s = workers * unit, workers * end(known.thread_cpu_s)
    demand_s = of_gil(each_s, question, known, end)
    return Load(
        workers,
        demand_s,
        each_s,
        fixed_bytes=held,
        peak_fixed_bytes=held,
        start_up_s=start_up_s,
    )


def of_executor(question: Question, known: Constants, end: End) -> Load:
    """Return the load of a pool of processes, each with one task in flight; it was opened beforehand."""
    workers = float(question.processes)
    handing_s = end(known.handing_s["process_executor"])
    each_s = (end(known.blocking_s) if question.wait_s else 0.0) + question.cpu_s + handing_s
    helped = helped_by(known, "process_executor", workers, question.cores, end)
    demand_s = max(handing_s, each_s / helped)
    held, start_up_s = workers * end(known.worker_bytes), workers * end(known.worker_start_s)
    return Load(
        workers,
        demand_s,
        each_s,
        fixed_bytes=held,
        peak_fixed_bytes=held,
        start_up_s=start_up_s,
        by_law=demand_s > handing_s,
    )


def of_loop_with_processes(question: Question, known: Constants, end: End) -> Load:
    """Return the load of an event loop that waits, with a process for each core that computes."""
    loop = of_loop(question, known, end)
    workers = float(min(question.cores, question.tasks))
    handing_s = end(known.handing_s["asyncio_processes"])
    on_loop_s = loop.demand_s - question.cpu_s + handing_s
    helped = helped_by(known, "asyncio_processes", workers, question.cores, end)
    held = workers * end(known.worker_bytes)
    demand_s = max(on_loop_s, (on_loop_s + question.cpu_s) / helped)
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
    )


def of_gil(each_s: float, question: Question, known: Constants, end: End) -> float:
    """Return what a thread's task takes of all that others need too: the GIL, or a share of the cores."""
    held = end(ends_of(known, "thread_pool", "Amdahl", "serial", 1.0))
    return each_s * (held + (1 - held) / question.cores)


def helped_by(known: Constants, model: str, workers: float, cores: int, end: End) -> float:
    """Return how many times as fast up to so many workers compute as one, by the USL.

    Of as many as help most: beyond those, the law says, more of them do less. Where there are more cores
    than were measured, the law is fitted to none of them. Then the interval is what can be known: no less
    than on the measured cores, and no more than a core's worth for each core.
    """
    fits = known.laws.get(model, {})
    most_workers = int(min(workers, cores))
    if "USL" not in fits or most_workers == 1:
        return float(most_workers)

    def best(up_to: int) -> tuple[float, ...]:
        speedups = (fits["USL"].speedup(n, cores) for n in range(1, up_to + 1))
        return tuple(max(ends) for ends in zip(*speedups, strict=True))

    middle, least, most = best(most_workers)
    if most_workers > known.cores:
        _, least, _ = best(known.cores)
        most = float(most_workers)
    return 1 / end(Estimate(1 / middle, 1 / most, 1 / least))  # the high end of costs is little help


def ends_of(known: Constants, model: str, law: str, parameter: str, default: float) -> Estimate:
    """Return a law's parameter, with its interval; the default where it was not fitted."""
    fit = known.laws.get(model, {}).get(law)
    if fit is None:
        return Estimate.exactly(default)
    value = fit.values[parameter]
    low, high = fit.low[parameter], fit.high[parameter]
    return Estimate(value, value if low != low else low, value if high != high else high)


LOADS: dict[str, Callable[[Question, Constants, End], Load]] = {
    "sequential": of_sequential,
    "threads": of_threads,
    "thread_pool": of_pool,
    "process_executor": of_executor,
    "asyncio": of_loop,
    "asyncio_processes": of_loop_with_processes,
}
