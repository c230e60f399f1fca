"""More workers, smaller tasks: how far does computing in parallel scale, and what limits it?

## The question

The same searches in pure Python, under one worker and more, up to twice as many as there are cores. Then,
with all cores, the same work cut into tasks of 100 ms, 10 ms, 1 ms and 0.1 ms. How much does another worker
gain, and from which task size are processes worth it?

## What to expect

- Threads do not scale: the GIL lets one of them compute at a time. Amdahl's law calls the part that cannot
  run in parallel the serial share: for threads that is everything, for processes some seven per cent, and
  for a `multiprocessing.Pool` two to three times that.
- Processes scale up to the number of cores. More workers than cores gain nothing, and may cost up to a
  tenth: an extra worker can work while another hands over its answer, but it takes the core from workers
  that compute. The Universal Scalability Law has a second parameter for that, coherency: the cost of
  keeping the workers consistent. It grows with the square of their number, so from some number on more
  workers get less done. On two cores it is a hundredth or less, and its interval mostly includes zero.
- Handing a task to another process and getting the answer back costs one or two tenths of a millisecond, in
  the parent, one task after another. For a task of 10 ms that does not matter; a task of a tenth of a
  millisecond takes about twice as long as in the calling process. The two are equal at half a millisecond
  or little more.
- Processes are worth it for small tasks if many are handed over at a time: `chunksize`. With 64 in a chunk
  the cost comes once for 64 tasks. Too large a chunk leaves workers idle at the end, because a chunk cannot
  be divided.

## What to look at

The speedup over workers beside the two laws, whose parameters are in `laws.csv`: the serial share with its
interval shows how far it would scale on more cores. Then the makespan over the task size, with the limit,
and over the chunk.

## What not to conclude

That a law fitted to two cores predicts the speedup of sixty-four. It predicts the speedup if nothing else
limits it, and its interval widens accordingly. And that the tasks last exactly as long as their names say:
they are the same work everywhere, which takes a quarter less time on a machine that is that much faster;
the proportions between the sizes hold.

## In the code

One grid contains everything; `keep` keeps three sweeps of it. The work of all tasks together is the same
for each size, so the makespans can be compared.
"""

from collections.abc import Mapping

from lab import (
    Case,
    CostOfComputing,
    Experiment,
    Workload,
    claim,
    cores,
    lines,
    ratio,
    scaling,
    speedup,
    work,
)

from ._searches import SIZES, chunked

SWEPT_MS = 10  # the size of the tasks over which workers are swept
WORK_MS = 100 * cores()
COUNTS = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256]
WORKERS = sorted({cores(), *(count for count in COUNTS if count <= 2 * cores())})
COMPARED = ("sequential", "process_executor")


def keep(params: Mapping[str, object]) -> bool:
    """Return whether a combination is on one of the sweeps: over workers, over task sizes, over chunks."""
    model, size, workers, chunk = (params[axis] for axis in ("model", "task_ms", "workers", "chunk"))
    if params["tasks"] != round(WORK_MS / float(str(size))):
        return False
    if chunk != 1:
        return model == "process_executor" and size == min(SIZES) and workers == cores()
    if size == SWEPT_MS:
        return model == "process_executor" or workers != 3
    if workers != cores():
        return False
    return model in COMPARED or (model == "asyncio_processes" and size == min(SIZES))


def workload(case: Case) -> Workload:
    """Return the searches of a case's size, a chunk of them handed over at a time."""
    return chunked(float(case["task_ms"]), int(case["chunk"]))


experiment = Experiment(
    question="How much does another worker gain, and from which task size are processes worth it?",
    workload=workload,
    grid={
        "model": ["sequential", "thread_pool", "process_pool", "process_executor", "asyncio_processes"],
        "task_ms": list(SIZES),
        "tasks": [round(WORK_MS / size) for size in SIZES],
        "workers": WORKERS,
        "chunk": [1, 8, 64],
    },
    keep=keep,
    baseline="sequential",
    aa_control=lambda params: params["task_ms"] == SWEPT_MS,
    samples=1,
    warmups=0,
    figures=[
        speedup("workers", task_ms=SWEPT_MS, chunk=1).asking("How much does another worker gain?"),
        lines("task_ms", workers=cores(), chunk=1, model=COMPARED, crossing=COMPARED[::-1]).asking(
            "From which task size are processes worth it?"
        ),
        lines("chunk", task_ms=min(SIZES), model="process_executor").asking(
            "How much is gained if many small tasks are handed over at a time?"
        ),
    ],
    constants=[
        CostOfComputing(
            "workers",
            where={"task_ms": SWEPT_MS, "chunk": 1},
            smallest={"task_ms": min(SIZES), "chunk": 1},
        )
    ],
    derived=[scaling("workers", task_ms=SWEPT_MS, chunk=1)],
    claims=[
        claim(
            "Multiprocessing runs CPU-intensive work truly in parallel",
            ratio("process_executor", to="sequential", task_ms=SWEPT_MS, workers=2) < 0.8,
            statement=9,
        ),
        claim(
            "Threads are not for CPU-intensive work",
            ratio("thread_pool", to="sequential", task_ms=SWEPT_MS) > 0.9,
            statement=2,
        ),
        claim(
            "A task of a tenth of a millisecond takes less time in one process than handed to another",
            ratio("process_executor", to="sequential", task_ms=min(SIZES), chunk=1) > 1,
        ),
        claim(
            "Handed over 64 at a time, small tasks take less than two thirds of that",
            ratio("64", to="1", axis="chunk", task_ms=min(SIZES)) < 0.67,
        ),
    ],
    advice=[work("Computing in tasks of a tenth of a millisecond", rank=70, task_ms=0.1)],
)
