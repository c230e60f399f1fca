"""A map of the fastest model: 1 to 256 tasks of 20 ms, which only wait, only compute, or do both.

## The question

Real tasks do both: they wait for a server, then work on its answer. Here a task takes 20 ms, of which 0 to
100 % is computing in pure Python, and 1 to 256 of them are in flight. Which model is fastest in each case,
and by how much?

## What to expect

- With one in flight nothing can overlap, and most fields are ties. An event loop may wake up to a
  millisecond later than a plain call, which is a twentieth of 20 ms: in a run that can show such a
  difference, the plain call is ahead.
- At the left, where tasks only wait, every model that overlaps waits comes near 20 ms. asyncio wins because
  starting a task costs it less: by 8 % with 16 in flight, which not every run can distinguish from a tie;
  by a quarter or more with 64; and with 256, threads take more than twice its time.
- To the right, computing dominates. Threads, and asyncio on its loop, share one core, however many tasks
  there are; processes have all cores. On two cores they cannot win by more than a factor of two.
- asyncio with processes combines the two: the loop waits, and a pool of as many processes as there are
  cores computes. It needs no process for each task in flight, so it also works with many tasks.
- A pool of processes that is as large as the number in flight is just as good: mostly the two tie. It needs
  a process for each task in flight, also for those that wait, so it is measured only up to four or the
  number of cores.

## What to look at

The colour shows the fastest model, the number how many times as long the next one takes. A hatched field is
a tie: the interval does not show which of the two is faster, and you may take the simpler one.

## What is left out

In every field each model has a limit that follows from arithmetic: the time that it cannot overlap. One
after another, all tasks take their 20 ms. On one core, the computing of all tasks comes one after another;
on N cores, it takes an N-th of that. A model whose limit is above 80 ms, and above one and a half times
another's, is left out of that field: it cannot win. Instead, the field shows with a "≥" the shortest time
that it would need (`one_core_least_s`), which follows from the measured CPU time of one task. Since that is
a limit, it favours the models that are left out.

With one in flight only the plain call and asyncio are measured, since there is nothing to distribute; and
the plain call is measured nowhere else. A pool of processes stops at four: beyond that, asyncio with
processes is the only one with several cores, and a pool as large would tie with it.

If even the best limit is above 700 ms, nothing is measured: on two cores these are 256 tasks that compute
for half of their time or more. There all parts of the limits grow in the same proportion, so a model that
is ahead with fewer tasks or a smaller share stays ahead, at least as far.

## What not to conclude

That the tasks take 20 ms to the millisecond. Their waiting does; their computing is the same work
everywhere, 20 ms on the machine on which it was set, and a tenth or two longer under Python 3.13 or on
another machine. The second figure shows how long one task alone really takes, for each share of computing.

And that the borders are at the same numbers for your tasks. They move with the length of a task: handing it
to another process costs the same for 2 ms and for 200 (`cpu_scaling`). With fewer rounds more fields are
hatched.
"""

from collections.abc import Mapping
from time import process_time

from lab import (
    Case,
    Experiment,
    Workload,
    batch,
    claim,
    cores,
    lines,
    load_model,
    prepared,
    ratio,
    winners,
    work,
)

from . import _mixed as mixed

TASK_MS = 20
MOST_PROCESSES = max(4, cores())
MAX_LIMIT_MS = 700
MODELS = ["sequential", "threads", "process_executor", "asyncio", "asyncio_processes"]
IN_POOLS = ("process_executor", "asyncio_processes")
HOPELESS_RATIO = 1.5
ALWAYS_MEASURED_MS = 80
"""A model is left out if its limit is above ALWAYS_MEASURED_MS and above HOPELESS_RATIO times another's."""


def measure(case: Case) -> Mapping[str, float]:
    """Run the tasks, all in flight at once; return the makespan, and what models left out would need."""
    name, in_flight = str(case["model"]), int(case["in_flight"])
    hands_over = name == "asyncio_processes"  # only the computing: the loop does the waiting
    work = mixed.tasks(TASK_MS, float(case["cpu_percent"]), processes=cores() if hands_over else 0)
    with prepared(load_model("asyncio" if hands_over else name), work)(in_flight) as run:
        run(work, [mixed.OPENING] * cores())  # the pool of asyncio opens with its first tasks
        numbers = {"makespan_s": batch(run, work, work.items(in_flight)).makespan_s}
    if name in IN_POOLS and not keep({**case.params, "model": "threads"}):
        numbers["one_core_least_s"] = one_core_least_s(work, float(case["cpu_percent"]), in_flight)
    return numbers


def one_core_least_s(work: Workload, cpu_percent: float, in_flight: int) -> float:
    """Return the shortest makespan that is possible on one core, from the CPU time of one task."""
    assert isinstance(work.blocking, mixed.Mixed)
    began = process_time()
    work.blocking.compute(0)
    return TASK_MS / 1000 * (1 - cpu_percent / 100) + in_flight * (process_time() - began)


def limit_ms(model: str, cpu_percent: float, in_flight: int) -> float:
    """Return the shortest time in which a model can run a field's tasks: what it cannot overlap."""
    cpu_ms = TASK_MS * cpu_percent / 100
    if model == "sequential":
        return float(TASK_MS * in_flight)
    at_once = min(cores(), in_flight) if model in IN_POOLS else 1
    return TASK_MS - cpu_ms + in_flight * cpu_ms / at_once


def keep(params: Mapping[str, object]) -> bool:
    """Return whether a model could be the fastest in a field, according to the limits."""
    model = str(params["model"])
    share, in_flight = float(str(params["cpu_percent"])), int(str(params["in_flight"]))
    if in_flight == 1:
        return model in ("sequential", "asyncio")
    if model == "sequential" or (model == "asyncio_processes" and share == 0):
        return False  # threads have its limit or less; with nothing to hand over it is asyncio
    limit = limit_ms(model, share, in_flight)
    return limit <= ALWAYS_MEASURED_MS or limit <= HOPELESS_RATIO * min(
        limit_ms(each, share, in_flight) for each in MODELS
    )


def unavailable(case: Case) -> str:
    """Return why a case is not measured; "" if it is."""
    share, in_flight = float(case["cpu_percent"]), int(case["in_flight"])
    if min(limit_ms(each, share, in_flight) for each in MODELS) > MAX_LIMIT_MS:
        return (
            f"even the best has a limit above {MAX_LIMIT_MS} ms, and was the fastest with fewer in flight"
        )
    if case["model"] == "process_executor" and int(case["in_flight"]) > MOST_PROCESSES:
        return f"cut at {MOST_PROCESSES}: more processes than cores compute no faster, and take megabytes"
    return ""


experiment = Experiment(
    question="Which model is fastest, for each number of tasks and each share of computing?",
    measure=measure,
    grid={"model": MODELS, "cpu_percent": [0, 10, 25, 50, 75, 100], "in_flight": [1, 4, 16, 64, 256]},
    keep=keep,
    unavailable=unavailable,
    aa_control=lambda params: params["in_flight"] == 16 and params["cpu_percent"] == 10,
    samples=1,
    warmups=0,
    figures=[
        winners("in_flight", "cpu_percent", "makespan_s", least="one_core_least_s"),
        lines("cpu_percent", "makespan_s", in_flight=1).asking("How long does one task alone really take?"),
    ],
    claims=[
        claim(
            "If tasks only compute, processes are faster than threads",
            ratio("process_executor", to="threads", cpu_percent=100, in_flight=4) < 0.8,
            statement=2,
        ),
        claim(
            "If half of a task is computing, asyncio with processes is faster than asyncio alone",
            ratio("asyncio_processes", to="asyncio", cpu_percent=50, in_flight=4) < 0.9,
        ),
        claim(
            "asyncio is always faster than threads",
            ratio("threads", to="asyncio", in_flight=4) > 1,
            statement=14,
        ),
        claim(
            "With 256 in flight that only wait, threads take more than twice as long as asyncio",
            ratio("threads", to="asyncio", cpu_percent=0, in_flight=256) > 2,
        ),
    ],
    advice=[
        work("A little computing after each answer, 16 at once", rank=80, cpu_percent=10, in_flight=16),
        work("Half waiting, half computing, 16 at once", rank=90, cpu_percent=50, in_flight=16),
    ],
)
