"""A parent has 200 MiB of data, and its workers use them: which workers need a copy, and when?

## The question

The data are in the parent when the workers start. The workers only *read* the data; or *write* a byte into
every page of them; or, if the data are many Python objects, only look at each, which changes its *reference
count*. How much memory do all workers take together, and how long does it take until they are ready?

## What to expect

- A *forked* worker that reads takes almost no memory. It has the parent's pages, and the system copies a
  page only when one of the two writes to it.
- A forked worker that *writes* every page ends with a copy of them all. So "every process needs its own
  copy" is true of workers that write, and not of those that read.
- To look at a Python object is to write: its reference count goes up and down, and is in the same page. A
  worker that only goes through a list has copied all of it in the end.
- A worker that was *spawned*, or comes from a *fork server*, never had the data. They are pickled, sent and
  unpickled: that is a copy for each worker, and it takes time before the work begins.
- *Threads* and *tasks* use the same single copy, whatever they do with it.

## What to look at

The first matrix shows which workers share the parent's memory: forked workers as long as they only read,
threads and tasks always. Then one reader of each kind, and eight of each kind that shares, and how long it
takes until they are ready. Spawned workers, and those of a fork server, have their copy before they do
anything, so only one reader of each is measured; they are ready last, since sending takes time. Then the
memory that up to eight readers add: a forked one less than two megabytes, for its interpreter; a thread
less than a tenth of one; a task almost nothing. Last, forked readers and forked writers: each writer adds a
copy, 1.6 GiB for eight. (Copies take time to make: workers that look at objects are measured alone.)

## What not to conclude

That a process costs nothing. Without any data it takes some megabytes for its interpreter, as `start_cost`
shows. And that you can rely on sharing by fork: it ends with the first write. Memory can be shared
explicitly (`payload`, `pipe`).

## In the code

Sizes are proportional: a page that n processes share counts 1/n in each, so the sum over all of them counts
every page once. Only Linux reports that; on other systems there is no number.
"""

import multiprocessing
import threading
from collections.abc import Callable, Sequence
from time import perf_counter_ns as now
from typing import Any

from lab import Case, Experiment, Value, claim, lines, matrix, ratio, tree_bytes, value

MIB = 1 << 20
DATA_MIB = 200
PAGE = 4096
SHARED, COPIED = 0.1, 0.9  # copies for each worker
LOOK_EVERY_S = 0.05
OBJECT = 1000  # bytes of an object: several share a page


def read(data: bytes) -> int:
    """Read a byte of every page."""
    return sum(data[::PAGE])


def write(data: bytearray) -> None:
    """Write a byte into every page."""
    data[::PAGE] = bytes(len(range(0, len(data), PAGE)))


def look(objects: list[bytes]) -> None:
    """Look at every object, which changes its reference count for a moment."""
    for _each in objects:
        pass


USES: dict[str, Callable[[Any], object]] = {"read": read, "write": write, "refcounts": look}


def data_for(use: str) -> bytes | bytearray | list[bytes]:
    """Return the data: one buffer, or as much in objects of a kilobyte."""
    if use == "refcounts":
        return [bytes([n % 251]) * OBJECT for n in range(DATA_MIB * MIB // OBJECT)]
    return (bytes if use == "read" else bytearray)(b"d") * (DATA_MIB * MIB)


def worker(use: str, data: Any, ready: Any, leave: Any) -> None:
    """Use the data, signal that, and stay until the signal to leave."""
    USES[use](data)
    ready.release()
    leave.wait()


def beside(start: str, use: str, data: Any, workers: int) -> tuple[float, int | None]:
    """Start the workers, wait until all have used the data; return the seconds and the tree's memory."""
    made: Any = threading if start == "threads" else multiprocessing.get_context(start)
    kind = made.Thread if start == "threads" else made.Process
    ready, leave = made.Semaphore(0), made.Event()
    began = now()
    started = [kind(target=worker, args=(use, data, ready, leave)) for _ in range(workers)]
    for each in started:
        each.start()
    try:
        for _ in started:
            wait_for_one(ready, started)
        return (now() - began) / 1e9, tree_bytes()
    finally:
        leave.set()
        for each in started:
            each.join()


def wait_for_one(ready: Any, workers: Sequence[Any]) -> None:
    """Wait until one more worker is ready; RuntimeError if one has ended, since all wait to be let go."""
    while not ready.acquire(timeout=LOOK_EVERY_S):
        if not all(each.is_alive() for each in workers):
            raise RuntimeError("a worker died before it was ready")


async def on_loop(use: str, data: Any, workers: int) -> tuple[float, int | None]:
    """The same with tasks."""
    import asyncio

    leave, done = asyncio.Event(), asyncio.Semaphore(0)

    async def task() -> None:
        USES[use](data)
        done.release()
        await leave.wait()

    began = now()
    async with asyncio.TaskGroup() as group:
        for _ in range(workers):
            group.create_task(task())
        for _ in range(workers):
            await done.acquire()
        seconds, memory = (now() - began) / 1e9, tree_bytes()
        leave.set()
    return seconds, memory


def measure(case: Case) -> dict[str, Value]:
    """Return what the workers add to the memory of all, and the seconds until they are ready."""
    start, use, workers = str(case["start"]), str(case["use"]), int(case["workers"])
    if start == "asyncio":
        import asyncio  # here: before the memory is measured, and only in the trials that need it
    data = data_for(use)
    before = tree_bytes()
    if start == "asyncio":
        seconds, memory = asyncio.run(on_loop(use, data, workers))
    else:
        seconds, memory = beside(start, use, data, workers)
    if before is None or memory is None:
        return {"ready_s": seconds}
    added = max(memory - before, 0)
    copies = added / workers / (DATA_MIB * MIB)
    words = (
        "good: shared" if copies < SHARED else "bad: a copy each" if copies > COPIED else "mixed: in part"
    )
    return {"ready_s": seconds, "added_bytes": added, "copies_each": copies, "sharing": words}


ALONE = {"read": (1,), "write": (1,), "refcounts": (1,)}
MEASURED: dict[str, dict[str, tuple[int, ...]]] = {
    "fork": ALONE | {"read": (1, 4, 8), "write": (1, 8)},
    "threads": ALONE | {"read": (1, 8)},
    "asyncio": ALONE | {"read": (1, 8)},
}
"""Start -> use -> measured numbers of workers: copies take long, and eight readers show sharing."""
SENT: dict[str, tuple[int, ...]] = {"read": (1,)}


def is_measured(params: Any) -> bool:
    """Return whether a case is measured; of workers that are sent the data, one reader is enough."""
    return params["workers"] in MEASURED.get(params["start"], SENT).get(params["use"], ())


def unavailable(case: Case) -> str:
    """Return why a case cannot run here."""
    known = {"threads", "asyncio", *multiprocessing.get_all_start_methods()}
    return "" if case["start"] in known else f"this platform cannot start a process by {case['start']}"


experiment = Experiment(
    question="A parent has 200 MiB of data that its workers use: which workers need a copy?",
    measure=measure,
    grid={
        "start": ["fork", "forkserver", "spawn", "threads", "asyncio"],
        "use": ["read", "write", "refcounts"],
        "workers": [1, 4, 8],
    },
    keep=is_measured,
    unavailable=unavailable,
    samples=1,
    warmups=0,
    figures=[
        matrix(rows="start", columns="use", metric="sharing", workers=1, start=tuple(MEASURED)),
        matrix(rows="start", columns=("sharing", "ready_s"), use="read", workers=(1, 8)).asking(
            "Do eight readers share as one does, and how soon are they ready?"
        ),
        lines("workers", "added_bytes", start=tuple(MEASURED), use="read").asking(
            "How much memory does each further reader add?"
        ),
        lines("workers", "added_bytes", start="fork", use=("read", "write")).asking(
            "How much memory do forked workers add if they write to the shared data?"
        ),
    ],
    claims=[
        claim(
            "Every process needs its own copy of the data, a forked reader too",
            value("copies_each", start="fork", use="read") > 0.5,
            statement=10,
        ),
        claim(
            "Every process needs memory of its own: eight forked readers take more than 8 MiB",
            value("added_bytes", start="fork", use="read", workers=8) > 8 * MIB,
            statement=10,
        ),
        claim(
            "A forked worker that writes ends with a copy",
            value("copies_each", start="fork", use="write") > COPIED,
        ),
        claim(
            "A forked worker that only looks at Python objects ends with a copy",
            value("copies_each", start="fork", use="refcounts") > COPIED,
        ),
        claim("A spawned worker has a copy", value("copies_each", start="spawn") > COPIED),
        claim("Threads need no copy", value("copies_each", start="threads") < SHARED),
        claim("Tasks need no copy", value("copies_each", start="asyncio") < SHARED),
        claim(
            "A forked reader is ready earlier than a spawned one",
            ratio("fork", to="spawn", axis="start", metric="ready_s", use="read", workers=1) < 1,
        ),
    ],
    besides="Memory: which workers need a copy of the data.",
)
