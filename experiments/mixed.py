"""A map of who wins: tasks of 20 ms that wait and compute, more and more of them, with more and more CPU.

## The question

Real tasks do both: they wait for a server, then work on what it said. Here a task is 20 ms, of which 0 to
100 % is computing in pure Python, and 1 to 256 of them are in flight. Which model is fastest where, and by
how much?

## What to expect

- With one in flight nobody can win: there is nothing to overlap.
- Down the left, where tasks only wait, everything that overlaps waits comes near 20 ms. asyncio wins by
  what it costs less to begin a task, and that is little until there are very many.
- To the right, computing takes over. Threads and asyncio on its loop share one core, however many tasks
  there are; processes have all cores. On two cores they cannot win by more than two.
- Between them lies the field of asyncio with processes: the loop waits, a pool of as many processes as
  there are cores computes. It needs no process for each task in flight, and so goes where processes do not.
- A pool of processes that is as large as the number in flight does well too, as long as one can afford it;
  it is cut at 64.

## What to look at

The colour says who is fastest, the number how many times as long the next one takes. A hatched field is a
tie: the interval does not tell the first from the next, and one may take what is simpler.

## What not to conclude

That the borders are where they are for your tasks. They move with the length of a task: handing it to
another process costs the same for 2 ms and for 200 (`cpu_scaling`). With fewer rounds more is hatched. And
that a field that is not measured says nothing: with all of them computing, sixteen in flight tell what
two hundred would, more slowly.
"""

from collections.abc import Mapping

from lab import Case, Experiment, claim, cores, load_model, ratio, winners
from lab.workloads import mixed

TASK_MS = 20
MOST_PROCESSES = 64
MODELS = ["sequential", "threads", "process_executor", "asyncio", "asyncio_processes"]
FIELDS = {
    1: (0, 100),
    4: (0, 50, 75, 100),
    16: (0, 25, 50, 100),
    64: (0, 10),
    256: (0, 10),
}
"""In flight -> the CPU shares that are measured: those whose computing takes less than a second."""


def measure(case: Case) -> Mapping[str, float]:
    """Run so many tasks, all in flight at once; return the makespan."""
    name, in_flight = str(case["model"]), int(case["in_flight"])
    hands_over = name == "asyncio_processes"  # only what computes: the loop does the waiting
    work = mixed.tasks(TASK_MS, float(case["cpu_percent"]), processes=cores() if hands_over else 0)
    assert work.prepare is not None
    assert work.expect is not None
    work.prepare()
    items = work.items(in_flight)
    with load_model("asyncio" if hands_over else name).open(in_flight) as run:
        run(work, items[: cores()])  # the pool of asyncio opens with its first task
        outcomes = run(work, items)
    for item, outcome in zip(items, outcomes, strict=True):
        if outcome.span.error or outcome.result != work.expect(item):
            raise RuntimeError(f"task {item} failed or is wrong: {outcome.span.error or outcome.result}")
    spans = [outcome.span for outcome in outcomes]
    makespan_ns = max(span.finished_ns for span in spans) - min(span.submitted_ns for span in spans)
    return {"makespan_s": makespan_ns / 1e9}


def keep(params: Mapping[str, object]) -> bool:
    """Return whether a field is measured, and this model could win there."""
    if params["cpu_percent"] not in FIELDS[int(str(params["in_flight"]))]:
        return False
    if params["in_flight"] == 1:
        return params["model"] in ("sequential", "threads", "asyncio")
    if params["cpu_percent"] == 0 and params["model"] == "asyncio_processes":
        return False  # with nothing to hand over it is asyncio
    return params["model"] != "sequential"


def unavailable(case: Case) -> str:
    """Return why a case is cut."""
    if case["model"] == "process_executor" and int(case["in_flight"]) > MOST_PROCESSES:
        return f"cut at {MOST_PROCESSES}: a process for each in flight takes megabytes, and time to start"
    return ""


experiment = Experiment(
    question="Which model wins where, between waiting and computing, few and many?",
    measure=measure,
    grid={"model": MODELS, "cpu_percent": [0, 10, 25, 50, 75, 100], "in_flight": list(FIELDS)},
    keep=keep,
    unavailable=unavailable,
    again=lambda params: params["in_flight"] == 16 and params["cpu_percent"] == 50,
    samples=1,
    warmups=0,
    figures=[winners("in_flight", "cpu_percent", "makespan_s")],
    claims=[
        claim(
            "Where tasks only compute, processes win over threads",
            ratio("process_executor", to="threads", cpu_percent=100, in_flight=16) < 0.8,
            statement=2,
        ),
        claim(
            "Where half of a task is computing, asyncio with processes wins over asyncio alone",
            ratio("asyncio_processes", to="asyncio", cpu_percent=50, in_flight=16) < 0.8,
        ),
        claim(
            "asyncio is always faster than threads",
            ratio("threads", to="asyncio", in_flight=16) > 1,
            statement=14,
        ),
        claim(
            "With a tenth of CPU and 256 in flight, asyncio with processes wins over threads",
            ratio("asyncio_processes", to="threads", cpu_percent=10, in_flight=256) < 1,
        ),
    ],
)
