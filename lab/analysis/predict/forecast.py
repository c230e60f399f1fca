"""Makespan, CPU and memory of tasks that nobody has run: what the constants say, with an interval.

Everything grows with every cost, so the low ends of all intervals give the low end of the forecast.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from lab.analysis.predict.constants import Constants
from lab.analysis.predict.estimate import Estimate
from lab.analysis.predict.loads import LOADS, Load
from lab.analysis.predict.question import Question
from lab.analysis.predict.room import Room
from lab.analysis.predict.sharing import End
from lab.analysis.predict.sizes import BEGINS_ALL
from lab.analysis.predict.waiting import at_once, between, full_from, makespan_bounds
from lab.core.words import interval

ENDS: tuple[End, End, End] = (lambda each: each.low, lambda each: each.value, lambda each: each.high)
WHY_FULL = {
    "sequential": "one task at a time",
    "threads": "one thread at a time holds the GIL",
    "thread_pool": "one thread at a time holds the GIL",
    "process_executor": "one process hands out all tasks",
    "asyncio": "one event loop is one thread",
    "asyncio_processes": "one event loop hands out all tasks",
}
HARDLY = 1.05  # cores: not worth the word "more than one"
COMPUTES = ("process_executor", "asyncio_processes")
"""Models whose computing follows the USL."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """What becomes of a question under one model.

    in_flight: the most that may be, or by Little's law are, at once; full_from: from how many on what
    they share is busy all the time, None where that never is. cores: how many are busy on average.
    memory_bytes: at the peak, beside the interpreter's own; waiting_bytes: while all wait, before answers
    pile up. start_up_s: to open a pool, which is not in the makespan. extrapolated_from: on how many cores
    computing was measured, where there are more; 0 else. impossible: whether there is no room for it.
    cannot: what it cannot, and why, or ""; remark: what it perhaps cannot, or "".
    """

    model: str
    in_flight: Estimate
    makespan_s: Estimate
    cpu_s: Estimate
    cores: Estimate
    memory_bytes: Estimate
    waiting_bytes: Estimate
    full_from: Estimate | None
    start_up_s: Estimate
    extrapolated_from: int
    impossible: bool
    cannot: str
    remark: str


def forecasts(question: Question, known: Constants, room: Room) -> list[Forecast]:
    """Return a forecast for each model."""
    return [forecast(model, question, known, room) for model in LOADS]


def forecast(model: str, question: Question, known: Constants, room: Room) -> Forecast:
    """Return what follows from a model's loads at the low end, in the middle and at the high end."""
    loads = [LOADS[model](question, known, end) for end in ENDS]
    spans = [bounds(question, load) for load in loads]
    there = in_flight(model, question, loads)
    counts = (there.low, there.value, there.high)
    peaks = (
        max(held(load, count), load.peak_fixed_bytes + load.peak_unit_bytes * count)
        for load, count in zip(loads, counts, strict=True)
    )
    memory = estimated(peaks)
    busy = estimated(
        question.tasks * load.cpu_s / takes_s if (takes_s := between(*span)) else 0.0
        for load, span in zip(loads, spans, strict=True)
    )
    waits, processes = question.wait_s > 0, loads[1].processes
    lacks = list(room.lacks(model, there.value, memory, waits=waits, processes=processes))
    cannot, remark = idle_cores(model, question, loads, spans[1][0])
    return Forecast(
        model,
        there,
        Estimate(between(*spans[1]), spans[0][0], spans[2][1]),
        estimated(question.tasks * load.cpu_s for load in loads),
        busy,
        memory,
        estimated(held(load, count) for load, count in zip(loads, counts, strict=True)),
        full(model, question, known, loads),
        estimated(load.start_up_s for load in loads),
        known.cores if model in COMPUTES and question.cores > known.cores else 0,
        bool(lacks),
        "; ".join(filter(None, [*lacks, cannot])),
        remark,
    )


def bounds(question: Question, load: Load) -> tuple[float, float]:
    """Return the least and the most seconds that the tasks take."""
    if not load.overlaps:
        takes_s = question.tasks * (question.wait_s + load.lag_s + load.demand_s)
        return takes_s, takes_s
    return makespan_bounds(
        question.tasks,
        load.in_flight,
        question.wait_s,
        load.begin_s,
        load.demand_s,
        load.lag_s,
        load.service_s,
    )


def in_flight(model: str, question: Question, loads: Iterable[Load]) -> Estimate:
    """Return how many are there at once, at the peak.

    Until the first has waited none ends, and they begin as fast as they can: in the middle it is the most
    that Little's law allows. Where ends slow down the begins before that, it is fewer, down to the least.
    """
    fewest, most = zip(
        *(
            at_once(
                each.in_flight,
                question.wait_s,
                each.begin_s,
                each.demand_s,
                begins_all=model in BEGINS_ALL or not each.overlaps,
            )
            for each in loads
        ),
        strict=True,
    )
    return Estimate(most[1], min(fewest), max(most))


def held(load: Load, count: float) -> float:
    """Return what so many in flight hold while they wait."""
    return load.fixed_bytes + load.unit_bytes * count


def full(model: str, question: Question, known: Constants, loads: list[Load]) -> Estimate | None:
    """Return from how many in flight what they share is always busy; None where nothing is shared.

    What more workers than were asked for would gain is told as well, so all cores are there to gain from.
    """
    if model in COMPUTES and question.processes < min(question.cores, question.tasks):
        question = replace(question, in_flight=question.cores)
        loads = [LOADS[model](question, known, end) for end in ENDS]
    if not all(load.overlaps and load.demand_s > 0 for load in loads):
        return None
    return estimated(full_from(question.wait_s, load.demand_s, load.computing) for load in loads)


def estimated(of_loads: Iterable[float]) -> Estimate:
    """Return a number of the low, the middle and the high load as one, whichever end it is largest at."""
    low, middle, high = of_loads
    return Estimate(middle, min(low, middle, high), max(low, middle, high))


def idle_cores(model: str, question: Question, loads: list[Load], least_s: float) -> tuple[str, str]:
    """Return what a model cannot, or else perhaps cannot, that bounds the makespan while cores are idle.

    It cannot use more only where the most that the interval allows leaves cores idle too. Where one task at
    a time is all that is asked for, no model is to blame.
    """
    middle, enough = loads[1], max(question.cores / 2, HARDLY)
    is_full = question.tasks * middle.demand_s >= least_s and middle.demand_s > 0
    if question.at_once == 1 or question.cores == 1 or not is_full:
        return "", ""
    used = estimated(cores_used(question, load) for load in loads)
    if used.value > enough:
        return "", ""
    why = ", says the USL" if middle.by_law else f": {WHY_FULL[model]}"
    if used.high <= enough:
        return f"cannot use more than {used.high:.1f} of {question.cores} cores{why}", ""
    about = interval(used.value, used.low, used.high)
    return "", f"may not gain from more than about {about} of {question.cores} cores{why}"


def cores_used(question: Question, load: Load) -> float:
    """Return how many cores are busy where what all share is."""
    return min(max(load.cpu_s / load.demand_s, 1.0), question.cores) if load.demand_s else 1.0
