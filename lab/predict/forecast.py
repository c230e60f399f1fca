"""Makespan, CPU and memory of tasks that nobody has run: what the constants say, with an interval.

A task waits, and computes in pure Python. What all tasks share, and so queue for, differs by model:

    asyncio             one loop, on one core
    threads             the GIL, held for the share that Amdahl's law finds for threads
    process_executor    the one who hands tasks over; then the cores, as far as the USL lets them help
    asyncio_processes   the loop, which waits and hands over; then the cores

Everything grows with every cost, so the low ends of all intervals give the low end of the forecast.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from lab.predict.constants import Constants
from lab.predict.estimate import Estimate
from lab.predict.room import Room
from lab.predict.waiting import at_once, between, full_from, makespan_bounds

End = Callable[[Estimate], float]


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be predicted; `in_flight` is None for all at once, or as many processes as cores."""

    tasks: int
    wait_s: float
    cpu_s: float
    cores: int
    in_flight: int | None = None


@dataclass(frozen=True, slots=True)
class Forecast:
    """What becomes of a question under one model.

    in_flight: the most that may be, or by Little's law are, at once; full_from: from how many on what
    they share is busy all the time. cores: how many are busy on average. start_up_s: to open a pool,
    which is not in the makespan. cannot: why not, or "".
    """

    model: str
    in_flight: Estimate
    makespan_s: Estimate
    cpu_s: Estimate
    cores: Estimate
    memory_bytes: Estimate
    full_from: Estimate
    start_up_s: Estimate
    cannot: str


@dataclass(frozen=True, slots=True)
class Load:
    """A model's costs at one end of their intervals: of a task, of a worker, of all."""

    in_flight: float
    lag_s: float
    begin_s: float
    demand_s: float
    cpu_s: float
    memory_bytes: float
    start_up_s: float = 0.0


def forecasts(question: Question, known: Constants, room: Room) -> list[Forecast]:
    """Return a forecast for each model whose costs are known."""
    found = []
    for model, load in LOADS.items():
        if BASED_ON[model] in known.of_each:
            low, middle, high = (load(question, known, end) for end in ENDS)
            found.append(forecast(model, question, (low, middle, high), room))
    return found


def forecast(model: str, question: Question, loads: tuple[Load, Load, Load], room: Room) -> Forecast:
    """Return what follows from a model's loads at the low end, in the middle and at the high end."""
    _, load, _ = loads
    spans = [
        makespan_bounds(
            question.tasks, each.in_flight, question.wait_s, each.begin_s, each.demand_s, each.lag_s
        )
        for each in loads
    ]
    makespan = Estimate(between(*spans[1]), spans[0][0], spans[2][1])
    cpu = estimated(question.tasks * each.cpu_s for each in loads)
    fewest, most = zip(
        *(
            at_once(
                each.in_flight,
                question.wait_s,
                each.begin_s,
                each.demand_s,
                begins_all=model not in STARTS_EACH,
            )
            for each in loads
        ),
        strict=True,
    )
    there = Estimate(between(fewest[1], most[1]), min(fewest), max(most))
    memory = estimated(each.memory_bytes for each in loads)
    takes_s = [between(*each) for each in spans]
    busy = estimated(
        question.tasks * each.cpu_s / seconds if seconds else 0.0
        for each, seconds in zip(loads, takes_s, strict=True)
    )
    lacks = room.lacks(model, there.value, memory, waits=question.wait_s > 0)
    cannot = "; ".join(filter(None, [*lacks, idle_cores(model, question, load, spans[1][0])]))
    return Forecast(
        model,
        there,
        makespan,
        cpu,
        busy,
        memory,
        estimated(full_from(question.wait_s, each.demand_s) for each in loads),
        estimated(each.start_up_s for each in loads),
        cannot,
    )


def estimated(of_loads: Iterable[float]) -> Estimate:
    """Return a number of the low, the middle and the high load as one, whichever end it is largest at."""
    low, middle, high = of_loads
    return Estimate(middle, min(low, middle, high), max(low, middle, high))


def idle_cores(model: str, question: Question, load: Load, least_s: float) -> str:
    """Return the words for a model that bounds the makespan while cores are idle; "" for others."""
    full = question.tasks * load.demand_s >= least_s
    if not full or question.cores == 1 or load.cpu_s / load.demand_s > 0.5 * question.cores:
        return ""
    used = max(load.cpu_s / load.demand_s, 1.0)
    return f"cannot use more than {used:.1f} of {question.cores} cores: {WHY_FULL[model]}"


def of_loop(question: Question, known: Constants, end: End) -> Load:
    """Return the load of one event loop."""
    costs = known.of_each["asyncio"]
    there = float(question.in_flight or question.tasks)
    each_s = end(costs.estimate("cpu_s")) + question.cpu_s
    memory = end(costs.estimate("base_bytes")) + there * end(unit_bytes(known, "asyncio"))
    return Load(there, end(costs.estimate("lag_s")), end(costs.estimate("begin_s")), each_s, each_s, memory)


def of_threads(question: Question, known: Constants, end: End) -> Load:
    """Return the load of a thread for each task, or of a pool of as many."""
    costs = known.of_each["threads"]
    begin_s = end(costs.estimate("begin_s"))
    there = float(question.in_flight or question.tasks)
    each_s = end(costs.estimate("cpu_s")) + question.cpu_s
    held = end(Estimate(*ends_of(known, "thread_pool", "Amdahl", "serial", 1.0)))
    demand_s = each_s * (held + (1 - held) / question.cores)
    fewest, most = at_once(there, question.wait_s, begin_s, demand_s, begins_all=False)
    alive = end(Estimate(between(fewest, most), fewest, most))
    memory = end(costs.estimate("base_bytes")) + alive * end(costs.estimate("unit_bytes"))
    return Load(there, end(costs.estimate("lag_s")), begin_s, demand_s, each_s, memory)


def of_executor(question: Question, known: Constants, end: End) -> Load:
    """Return the load of a pool of processes, each with one task in flight; it was opened beforehand."""
    workers = float(min(question.in_flight or question.cores, question.tasks))
    handing_s = end(known.handing_s["process_executor"])
    each_s = end(known.of_each[BASED_ON["process_executor"]].estimate("cpu_s")) + question.cpu_s + handing_s
    demand_s = max(handing_s, each_s / helped_by(known, "process_executor", workers, question.cores, end))
    start_up_s = workers * end(known.worker_start_s)
    return Load(workers, 0.0, 0.0, demand_s, each_s, workers * end(known.worker_bytes), start_up_s)


def of_loop_with_processes(question: Question, known: Constants, end: End) -> Load:
    """Return the load of an event loop that waits, with a process for each core that computes."""
    loop = of_loop(question, known, end)
    handing_s = end(known.handing_s["asyncio_processes"])
    on_loop_s = loop.cpu_s - question.cpu_s + handing_s
    helped = helped_by(known, "asyncio_processes", question.cores, question.cores, end)
    demand_s = max(on_loop_s, (on_loop_s + question.cpu_s) / helped)
    memory = loop.memory_bytes + question.cores * end(known.worker_bytes)
    cpu_s, start_up_s = on_loop_s + question.cpu_s, question.cores * end(known.worker_start_s)
    return Load(loop.in_flight, loop.lag_s, loop.begin_s, demand_s, cpu_s, memory, start_up_s)


def unit_bytes(known: Constants, model: str) -> Estimate:
    """Return what a task in flight holds: at least while it waits, at most when answers pile up."""
    costs = known.of_each[model]
    waiting, peak = costs.estimate("unit_bytes"), costs.estimate("peak_unit_bytes")
    return Estimate(waiting.value, waiting.low, max(waiting.high, peak.high))


def helped_by(known: Constants, model: str, workers: float, cores: int, end: End) -> float:
    """Return how many times as fast up to so many workers compute as one, by the USL.

    Of as many as help most: beyond those, the law says, more of them do less.
    """
    fits = known.laws.get(model, {})
    if "USL" not in fits:
        return min(workers, cores)
    counts = range(1, int(min(workers, cores)) + 1)
    middle, least, most = (
        max(ends) for ends in zip(*(fits["USL"].speedup(n, cores) for n in counts), strict=True)
    )
    return 1 / end(Estimate(1 / middle, 1 / most, 1 / least))  # the high end of costs is little help


def ends_of(known: Constants, model: str, law: str, parameter: str, default: float) -> tuple[float, ...]:
    """Return a law's parameter, with its interval; the default where it was not fitted."""
    fit = known.laws.get(model, {}).get(law)
    if fit is None:
        return default, default, default
    value = fit.values[parameter]
    low, high = fit.low[parameter], fit.high[parameter]
    return value, value if low != low else low, value if high != high else high


ENDS: tuple[End, End, End] = (lambda each: each.low, lambda each: each.value, lambda each: each.high)
LOADS: dict[str, Callable[[Question, Constants, End], Load]] = {
    "threads": of_threads,
    "process_executor": of_executor,
    "asyncio": of_loop,
    "asyncio_processes": of_loop_with_processes,
}
BASED_ON = {
    "threads": "threads",
    "process_executor": "threads",  # what a blocking fetch costs, wherever it blocks
    "asyncio": "asyncio",
    "asyncio_processes": "asyncio",
}
STARTS_EACH = ("threads",)
WHY_FULL = {
    "threads": "one thread at a time holds the GIL",
    "process_executor": "one process hands out all tasks",
    "asyncio": "one event loop is one thread",
    "asyncio_processes": "one event loop hands out all tasks",
}
