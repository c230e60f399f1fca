"""Predicts makespan, CPU and memory of tasks that were not measured, each with an interval."""

from dataclasses import dataclass, replace
from math import ceil

import numpy as np

from lab.analysis.predict.estimate import HIGH, LOW, MIDDLE, Ends, Estimate, exactly
from lab.analysis.predict.loads import LAWS, CostLaw, Load, at_once
from lab.analysis.predict.measured_costs import Constants
from lab.analysis.predict.models import law_of
from lab.analysis.predict.question import Lack, Question, Room
from lab.catalog import names


@dataclass(frozen=True, slots=True)
class CoresLimit:
    """How many of the cores a model can use, and what bounds it: a reason, or "" for the USL.

    is_certain: even the most that the interval allows leaves cores idle.
    """

    used: Estimate
    cores: int
    bound_by: str
    is_certain: bool


@dataclass(frozen=True, slots=True)
class Forecast:
    """What becomes of a question under one model.

    in_flight: the most that may be, or by Little's law are, at once; saturates_at: from how many on what
    they share is busy all the time, None where that never is. cores: how many are busy on average.
    memory_bytes: at the peak, beside the interpreter's own; waiting_bytes: while all wait, before answers
    pile up. start_up_s: to open a pool, which is not in the makespan. extrapolated_from: on how many cores
    computing was measured, where there are more; 0 else. lacks: what there is no room for.
    cores_limit: what leaves cores idle that it could gain from; None where nothing does.
    """

    model: str
    in_flight: Estimate
    makespan_s: Estimate
    cpu_s: Estimate
    cores: Estimate
    memory_bytes: Estimate
    waiting_bytes: Estimate
    saturates_at: Estimate | None
    start_up_s: Estimate
    extrapolated_from: int
    lacks: list[Lack]
    cores_limit: CoresLimit | None


def forecasts(question: Question, constants: Constants, room: Room) -> list[Forecast]:
    """Return a forecast for each model whose file declares a law; LabError where there is no such law."""
    laws = {model: law for model in names.model_names() if (law := law_of(model))}
    for model, law in laws.items():
        names.known(law, map(str, LAWS), "law", where=model)
    in_order = sorted(laws, key=lambda model: list(LAWS).index(laws[model]))
    return [forecast(model, question, constants, room) for model in in_order]


def forecast(model: str, question: Question, constants: Constants, room: Room) -> Forecast:
    """Return what follows from the load that a question puts on a model."""
    waits = question.wait_s > 0
    law, known = LAWS[law_of(model)], constants.seen_by(model, waits=waits)
    load = law.load(question, known)
    least, most = bounds(law, question, load)
    most_there = in_flight(law, question, load)
    counts = np.array([most_there.low, most_there.value, most_there.high])
    waiting = load.waiting_bytes.of(counts)
    memory = Estimate.of(np.maximum(waiting, load.peak_bytes.of(counts)))
    cpu_s, takes_s = question.tasks * load.cpu_s, np.sqrt(least * most)
    busy = np.divide(cpu_s, takes_s, out=np.zeros(3), where=takes_s > 0)
    return Forecast(
        model,
        in_flight=most_there,
        makespan_s=Estimate(*map(float, (takes_s[MIDDLE], least[LOW], most[HIGH]))),
        cpu_s=Estimate.of(cpu_s),
        cores=Estimate.of(busy),
        memory_bytes=memory,
        waiting_bytes=Estimate.of(waiting),
        saturates_at=saturates_at(law, question, known, load),
        start_up_s=Estimate.of(load.start_up_s),
        extrapolated_from=known.cores if load.processes and question.cores > known.cores else 0,
        lacks=[*room.lacks(law.waits_in, most_there.value, memory, load.processes, waits=waits)],
        cores_limit=cores_limit(law, question, load, float(least[MIDDLE])),
    )


def bounds(law: CostLaw, question: Question, load: Load) -> tuple[Ends, Ends]:
    """Return the least and the most seconds that the tasks take: bounds, not fits.

    The makespan is no shorter than what they share or the waits allow, and no longer than where no wait
    overlaps with any work. (The asymptotic bounds of a closed system: E. D. Lazowska and others,
    Quantitative System Performance, 1984, chapter 5.)
    """
    tasks, wait_s, demand_s, delay_s = question.tasks, question.wait_s, load.demand_s, load.delay_s
    if law.waits_in == "caller":  # nothing overlaps
        takes_s = tasks * (wait_s + delay_s.own + demand_s)
        return takes_s, takes_s
    waves = ceil(tasks / load.in_flight)
    waits_s = waves * (wait_s + delay_s.own)
    begun_s = min(tasks, load.in_flight) * delay_s.each
    least = np.maximum(tasks * demand_s, waits_s + waves * load.service_s + begun_s)
    most = waits_s + tasks * np.maximum(delay_s.each, demand_s)
    return np.minimum(least, most), most


def in_flight(law: CostLaw, question: Question, load: Load) -> Estimate:
    """Return how many are there at once, at the peak.

    Until the first has waited none ends, and they begin as fast as they can: in the middle it is the most
    that Little's law allows. Where ends slow down the begins before that, it is fewer, down to the least.
    A loop begins all tasks before any of them can end.
    """
    if law.waits_in in ("loop", "caller"):
        return Estimate.of(exactly(load.in_flight))
    fewest, most = at_once(load.in_flight, question.wait_s, load.delay_s.each, load.demand_s)
    return Estimate(float(most[MIDDLE]), float(fewest.min()), float(most.max()))


def saturates_at(law: CostLaw, question: Question, known: Constants, load: Load) -> Estimate | None:
    """Return from how many in flight what they share is always busy; None where nothing is shared.

    It shows what more workers than were asked for would gain too, so all cores are there to gain from.
    """
    if load.processes and question.processes < min(question.cores, question.tasks):
        question = replace(question, in_flight=question.cores)
        load = law.load(question, known)
    if law.waits_in == "caller" or not (load.demand_s > 0).all():
        return None
    return Estimate.of(question.wait_s / load.demand_s + load.computing)  # Little's law once more


def cores_limit(law: CostLaw, question: Question, load: Load, least_s: float) -> CoresLimit | None:
    """Return what bounds the makespan while cores are idle; None where nothing does.

    Where one task at a time is all that is asked for, no model is to blame.
    """
    demand_s = load.demand_s
    is_full = demand_s[MIDDLE] > 0 and question.tasks * demand_s[MIDDLE] >= least_s
    if question.at_once == 1 or question.cores == 1 or not is_full:
        return None
    busy = np.divide(load.cpu_s, demand_s, out=np.ones(3), where=demand_s > 0)
    enough = max(question.cores / 2, 1.05)  # a twentieth is not worth the word "more than one"
    used = Estimate.of(np.clip(busy, 1.0, question.cores))
    if used.value > enough:
        return None
    return CoresLimit(
        used, question.cores, "" if load.by_law[MIDDLE] else law.bound_by, used.high <= enough
    )
