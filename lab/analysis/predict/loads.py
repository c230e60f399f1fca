"""The load that a question puts on a model, by its law: read off the constants.

A task waits for an answer, and computes in pure Python. What all tasks share, and so queue for:

    sequential                    one thread: nothing overlaps at all
    thread for each task          the GIL, held for the share that Amdahl's law finds for threads
    thread pool                   the same, with so many threads and no more, which are there already
    process pool                  the process that hands tasks over; then the cores, as the USL allows
    event loop                    one loop, on one core
    event loop and process pool   the loop, which waits and hands over; then the cores

Without a wait there is nothing to fetch: then a task costs what it takes to start and end one.
"""

from collections.abc import Callable
from typing import NamedTuple, Self

import numpy as np

from lab.analysis.predict.estimate import HIGH, LOW, MIDDLE, NOTHING, ONE, Ends, exactly
from lab.analysis.predict.measured_costs import Constants, UnitCost
from lab.analysis.predict.models import Law
from lab.analysis.predict.question import Question
from lab.analysis.predict.waiting_costs import CPU, MAKESPAN, PEAK, WAITING, Costs, Linear
from lab.analysis.stats.intervals import Mask


class Load(NamedTuple):
    """What a question's tasks need under a model.

    demand_s: of what all share; cpu_s: of any core; service_s: of the task's own worker beside its wait.
    delay_s: by which each wait is longer, and to begin each task.
    waiting_bytes, peak_bytes: of those in flight, while all wait and when answers pile up.
    start_up_s: to open a pool; processes: how many there are beside the one that asks.
    by_law: where it is the law of scaling that bounds what all share.
    computing: how many tasks are beside their wait at once, where what all share is busy.
    """

    in_flight: int
    demand_s: Ends
    cpu_s: Ends
    delay_s: Linear = Linear()
    service_s: Ends = NOTHING
    waiting_bytes: Linear = Linear()
    peak_bytes: Linear = Linear()
    start_up_s: Ends = NOTHING
    processes: int = 0
    by_law: Mask = NOTHING > 0
    computing: Ends = ONE

    def holding(self, more_bytes: Ends) -> Self:
        """Return the load with more memory, which does not depend on how many are in flight."""
        held = (self.waiting_bytes, self.peak_bytes)
        waiting, peak = (Linear(more_bytes + own, each) for own, each in held)
        return self._replace(waiting_bytes=waiting, peak_bytes=peak)


def of_sequential(question: Question, known: Constants) -> Load:
    """Return the load of one task after another."""
    each_s = computing(question, known) + known.blocking_s
    return Load(1, each_s, each_s, delay(known))


def of_threads(question: Question, known: Constants) -> Load:
    """Return the load of a thread for each task."""
    own_s = computing(question, known) + known.extra_s.get(Law.THREAD_POOL, NOTHING)
    if question.wait_s:
        costs = known.waiting[Law.THREAD_EACH]
        # Each costs what one of so many does as are alive: those that are started before the first ends.
        begin_s = costs.at(MAKESPAN, 0).each
        _, alive = at_once(question.at_once, question.wait_s, begin_s, begin_s)
        load = of_waiting(question, costs, float(alive[MIDDLE]), own_s)
    else:
        load = of_starting(question, known.thread, own_s)._replace(delay_s=Linear(each=known.thread.cpu_s))
    return load._replace(demand_s=of_gil(load.demand_s, question, known))


def of_loop(question: Question, known: Constants) -> Load:
    """Return the load of one event loop. The tasks beyond those in flight exist too, and hold memory."""
    own_s = computing(question, known) + known.extra_s.get(Law.EVENT_LOOP, NOTHING)
    if question.wait_s:
        load = of_waiting(question, known.waiting[Law.EVENT_LOOP], question.at_once, own_s)
    else:
        load = of_starting(question, known.task, own_s)
    return load.holding((question.tasks - question.at_once) * known.task.bytes)


def of_thread_pool(question: Question, known: Constants) -> Load:
    """Return the load of a pool of threads; a hand-over costs more than nothing, and less than a start."""
    workers, start_s = question.threads, known.thread.cpu_s
    handed_s = np.array([0.0, start_s[MIDDLE] / 2, start_s[HIGH]])
    each_s = (known.blocking_s if question.wait_s else handed_s) + computing(question, known)
    demand_s = of_gil(each_s, question, known)
    load = Load(workers, demand_s, each_s, delay(known), each_s, start_up_s=workers * start_s)
    # While they wait its threads hold what was measured of a pool, or else of threads.
    pools = (known.waiting[law] for law in (Law.THREAD_POOL, Law.THREAD_EACH) if law in known.waiting)
    held = (pool.at(PEAK, workers).of(workers) for pool in pools)
    idle = workers * known.thread.bytes
    return load.holding(next((each for each in held if np.isfinite(each).all()), idle))


def of_process_pool(question: Question, known: Constants) -> Load:
    """Return the load of a pool of processes, each with one task in flight."""
    workers, handing_s = question.processes, known.handing_s[Law.PROCESS_POOL]
    each_s = computing(question, known) + handing_s + known.blocking_s
    load = Load(workers, each_s, each_s, delay(known), each_s, processes=workers)
    return in_processes(load, question, known, Law.PROCESS_POOL, handing_s)


def of_loop_and_pool(question: Question, known: Constants) -> Load:
    """Return the load of an event loop that waits, with a process for each core that computes."""
    loop, handing_s = of_loop(question, known), known.handing_s[Law.LOOP_AND_POOL]
    demand_s, cpu_s, service_s = (each + handing_s for each in (loop.demand_s, loop.cpu_s, loop.service_s))
    processes = min(question.cores, question.at_once)
    load = loop._replace(demand_s=demand_s, cpu_s=cpu_s, service_s=service_s, processes=processes)
    on_loop_s = loop.demand_s - computing(question, known) + handing_s
    return in_processes(load, question, known, Law.LOOP_AND_POOL, on_loop_s)


class CostLaw(NamedTuple):
    """What tasks need under all models of a law, and why these can use no more cores.

    waits_in: where a task waits: "thread", "process", "loop", or "caller" for one at a time.
    """

    load: Callable[[Question, Constants], Load]
    waits_in: str
    bound_by: str


GIL, LOOP = "one thread at a time holds the GIL", "one event loop is one thread"
LAWS: dict[str, CostLaw] = {
    Law.SEQUENTIAL: CostLaw(of_sequential, "caller", "one task at a time"),
    Law.THREAD_EACH: CostLaw(of_threads, "thread", GIL),
    Law.THREAD_POOL: CostLaw(of_thread_pool, "thread", GIL),
    Law.PROCESS_POOL: CostLaw(of_process_pool, "process", "one process hands out all tasks"),
    Law.EVENT_LOOP: CostLaw(of_loop, "loop", LOOP),
    Law.LOOP_AND_POOL: CostLaw(of_loop_and_pool, "loop", "one event loop hands out all tasks"),
}
"""In the order in which predictions are shown."""


def of_waiting(question: Question, costs: Costs, alive: float, own_s: Ends) -> Load:
    """Return the load of tasks that wait, `alive` of them at once, and need `own_s` of CPU beside that."""
    cpu_s = costs.at(CPU, alive)
    each_s = cpu_s.each + own_s
    in_all_s = each_s + cpu_s.own / question.tasks
    begin_s, waiting, peak = (costs.at(metric, alive) for metric in (MAKESPAN, WAITING, PEAK))
    return Load(question.at_once, each_s, in_all_s, begin_s, own_s, waiting, peak)


def of_starting(question: Question, unit: UnitCost, own_s: Ends) -> Load:
    """Return the load of tasks that only compute, each with a task or thread that is started and ended."""
    each_s, held = unit.cpu_s + own_s, Linear(each=unit.bytes)
    return Load(question.at_once, each_s, each_s, waiting_bytes=held, peak_bytes=held)


def of_gil(each_s: Ends, question: Question, known: Constants) -> Ends:
    """Return what a thread's task takes of all that others need too: the GIL, or a share of the cores."""
    fits = known.laws.get(Law.THREAD_POOL, {})
    held = fits["Amdahl"].ends()[:, 0] if "Amdahl" in fits else ONE
    return each_s * (held + (1 - held) / question.cores)


def in_processes(load: Load, question: Question, known: Constants, law: Law, alone_s: Ends) -> Load:
    """Return a load whose tasks compute in its processes, and take its `demand_s` in all.

    alone_s: what a task takes of the one process that hands all of them out.
    """
    speedup, helpers = helped_by(load.processes, question.cores, known, law)
    demand_s = np.maximum(alone_s, load.demand_s / speedup)
    by_law = demand_s > alone_s
    busy = np.divide(load.demand_s, alone_s, out=helpers.copy(), where=~by_law & (alone_s > 0))
    start_up_s = load.processes * known.process.until_runs_s
    load = load.holding(load.processes * known.process.bytes)
    return load._replace(demand_s=demand_s, start_up_s=start_up_s, by_law=by_law, computing=busy)


def helped_by(processes: int, cores: int, known: Constants, law: Law) -> tuple[Ends, Ends]:
    """Return how many times as fast up to so many processes compute as one, by the USL, and how many do.

    Of as many as help most: beyond those, the law says, more of them do less. Where there are more cores
    than were measured, the law is fitted to none of them. Then the interval is what can be known: no less
    than on the measured cores, and no more than a core's worth for each core.
    """
    fits, workers = known.laws.get(law, {}), min(processes, cores)
    if "USL" not in fits or workers == 1:
        return exactly(workers), exactly(workers)
    speedups = fits["USL"].speedups(np.arange(1.0, workers + 1), cores)
    most, helpers = speedups.max(axis=1), speedups.argmax(axis=1) + 1.0
    if workers > known.cores:
        least = speedups[HIGH, : known.cores]
        most[[LOW, HIGH]], helpers[[LOW, HIGH]] = (workers, least.max()), (workers, least.argmax() + 1)
    return most, helpers  # computing costs least with the most help


def at_once(asked: float, wait_s: float, begin_s: Ends, demand_s: Ends) -> tuple[Ends, Ends]:
    """Return the least and the most of `asked` tasks that are in flight: by Little's law, rate x wait.

    The most are there where they begin as fast as they can, the least where each has to end, too, at the
    cost of what all share. (J. D. C. Little, Operations Research 9, 1961.)
    """
    each_s = np.array([np.maximum(begin_s, demand_s), begin_s])
    most = np.divide(wait_s, each_s, out=np.full(each_s.shape, np.inf), where=each_s > 0)
    fewest, all_there = np.minimum(asked, np.maximum(most, 1.0))
    return fewest, all_there


def computing(question: Question, known: Constants) -> Ends:
    """Return what a task computes, at the pace of one more run."""
    return question.cpu_s * known.pace


def delay(known: Constants) -> Linear:
    """Return by how much a fetch takes longer than its wait: the server has work of its own."""
    loop = known.waiting.get(Law.EVENT_LOOP)
    return Linear(loop.at(MAKESPAN, 1).own) if loop else Linear()
