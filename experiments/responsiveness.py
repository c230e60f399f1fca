"""A beat every 5 ms beside workers that compute: who holds it up, and for how long?

## The question

The main thread, or the main coroutine, has something to do every 5 ms: answer a user, poll a device, send a
sign of life. Beside it up to four workers compute for 200 ms without a pause. How late is a beat? Work of
three kinds: `python`, a loop in pure Python; `digest`, hashing, which releases the interpreter's lock, the
GIL; `sum`, one long call of C code that keeps it.

## What to expect

If threads ran cooperatively, a loop that never pauses would hold the beat up until it has ended: 200 ms.

- Threads are pre-empted. A thread that wants the GIL waits for the switch interval, 5 ms, and then asks
  the one that has it to let go, which it does at its next jump or call. So beside one worker the worst
  beat is 5 to 10 ms late. Beside two or more no queue says whose turn it is: the worst beat is 30 to 100
  ms late, and beside four half of them are some 10 ms late or more.
- With an interval of 0.5 ms the worst comes down to about a quarter, the median to a sixth; what the
  switches cost is not measured.
- A call of C that keeps the GIL cannot be interrupted: the request is looked at between two instructions
  of Python, and there is none. One `sum` over a long range stops every thread until it returns, 190 ms and
  more. This is where threads behave as if they were cooperative.
- Work that releases the GIL, and processes, leave the beat alone but for the cores, which the operating
  system shares out: with four of them on two cores a beat is now and then late by some of its time slices.
- asyncio *is* cooperative. A task that computes without an `await` stops the loop, with every beat in it,
  until it has ended: 195 ms. In a thread (`asyncio_threads`) it holds the loop up as it does a main
  thread, in a process (`asyncio_processes`) hardly at all.

## What to look at

The worst beat over the number of busy workers: asyncio lies level at the whole 200 ms, already beside one.
In the distribution of the beats beside four, look at how far apart the lines are; the scale is logarithmic.
A beat that is late does not move the next one. Each is held against when it was *due*, so that one long
stop counts as the many late beats that it is, and overdue beats follow one another at once.

## What not to conclude

That `delay_p99_s` is more than it is: a trial has forty beats, so it lies next to the worst of them. And
that a shorter switch interval is the cure: every switch has its price, and it helps nothing against a call
that keeps the GIL.
"""

import asyncio
import hashlib
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from statistics import quantiles
from time import perf_counter_ns as now
from typing import Any

from lab import Case, Experiment, Measurement, Span, bars, claim, distribution, lines, ratio, value

BEAT_NS = 5_000_000
BEATS = 40
WORK_NS = BEATS * BEAT_NS

Beat = tuple[int, int]  # due, happened
Work = Callable[[int], None]  # computes until a moment, in ns
SUMMED = [1_000_000]
"""How far `total` sums: `calibrate` makes it 200 ms."""


def python(end: int) -> None:
    """Compute in pure Python."""
    while now() < end:
        pass


def digest(end: int) -> None:
    """Compute digests of 1 MiB, which release the GIL."""
    buffer = bytes(1 << 20)
    while now() < end:
        hashlib.sha256(buffer).digest()


def total(_: int) -> None:
    """Compute in one call, which holds the GIL."""
    sum(range(SUMMED[0]))


WORKS: Mapping[str, Work] = {"python": python, "digest": digest, "sum": total}


def calibrate() -> None:
    """Find out how far `sum` gets in the time."""
    fastest_ns = WORK_NS
    for _ in range(3):
        began = now()
        total(0)
        fastest_ns = min(fastest_ns, now() - began)
    SUMMED[0] = SUMMED[0] * WORK_NS // fastest_ns


def due_beats(began: int) -> list[int]:
    """Return when each beat is due."""
    return [began + number * BEAT_NS for number in range(1, BEATS + 1)]


def beat(began: int) -> list[Beat]:
    """Beat in this thread: sleep until each beat is due, or not at all where it is overdue."""
    beats = []
    for due in due_beats(began):
        if (early := due - now()) > 0:
            time.sleep(early / 1e9)
        beats.append((due, now()))
    return beats


async def beat_in_loop(began: int) -> list[Beat]:
    """Beat in the loop: the same with an `await`."""
    beats = []
    for due in due_beats(began):
        if (early := due - now()) > 0:
            await asyncio.sleep(early / 1e9)
        beats.append((due, now()))
    return beats


def wake(pool: Executor, workers: int) -> None:
    """Have a pool start all its workers, which is not to be measured here."""
    for started in [pool.submit(time.sleep, 0.01) for _ in range(workers)]:
        started.result()


def beside_main(pool: Executor, work: Work, workers: int) -> list[Beat]:
    """Beat in the main thread beside the workers of a pool."""
    with pool:
        wake(pool, workers)
        began = now()
        working = [pool.submit(work, began + WORK_NS) for _ in range(workers)]
        beats = beat(began)
        for each in working:
            each.result()
    return beats


async def beside_loop(pool: Executor, work: Work, workers: int) -> list[Beat]:
    """Beat in the loop beside the workers of a pool."""
    with pool:
        wake(pool, workers)
        began, loop = now(), asyncio.get_running_loop()
        working = [loop.run_in_executor(pool, work, began + WORK_NS) for _ in range(workers)]
        beats = await beat_in_loop(began)
        await asyncio.gather(*working)
    return beats


async def inside_loop(work: Work, workers: int) -> list[Beat]:
    """Beat in the loop in which the workers compute."""

    async def compute() -> None:
        work(began + WORK_NS)

    began = now()
    async with asyncio.TaskGroup() as group:
        for _ in range(workers):
            group.create_task(compute())
        return await beat_in_loop(began)


def beats_of(model: str, work: Work, workers: int) -> list[Beat]:
    """Beat beside so many workers of a model."""
    if model == "asyncio":
        return asyncio.run(inside_loop(work, workers))
    kind = ThreadPoolExecutor if model.endswith("threads") else ProcessPoolExecutor
    pool = kind(max(1, workers))
    if model.startswith("asyncio"):
        return asyncio.run(beside_loop(pool, work, workers))
    return beside_main(pool, work, workers)


def measure(case: Case) -> Measurement:
    """Beat; return how late, and each beat as a span that was submitted when it was due."""
    if case["work"] == "sum":
        calibrate()
    sys.setswitchinterval(float(case["interval_us"]) / 1e6)
    beats = beats_of(str(case["model"]), WORKS[str(case["work"])], int(case["busy_workers"]))
    return Measurement(
        delays(beats),
        [Span(number, due, happened, happened, "main") for number, (due, happened) in enumerate(beats)],
    )


def delays(beats: Sequence[Beat]) -> dict[str, float]:
    """Return the median, the 99th percentile and the worst of the delays."""
    late_s = [(happened - due) / 1e9 for due, happened in beats]
    percentiles = quantiles(late_s, n=100, method="inclusive")
    return {"delay_p50_s": percentiles[49], "delay_p99_s": percentiles[98], "delay_worst_s": max(late_s)}


def keep(params: Mapping[str, Any]) -> bool:
    """Keep the sweep of threads, its ends for the others, and one cell for each other matter."""
    model, busy, work = params["model"], params["busy_workers"], params["work"]
    if params["interval_us"] != 5000:
        return (model, busy, work) == ("threads", 4, "python")
    if work != "python":
        return model == "threads" and busy == (1 if work == "sum" else 4)
    return model == "threads" or busy in (1, 4)


experiment = Experiment(
    question="A beat every 5 ms beside workers that compute: how late is it?",
    measure=measure,
    grid={
        "model": ["threads", "processes", "asyncio", "asyncio_threads", "asyncio_processes"],
        "busy_workers": [0, 1, 2, 4],
        "work": ["python", "digest", "sum"],
        "interval_us": [5000, 500],
    },
    keep=keep,
    baseline="",
    samples=1,
    warmups=0,
    timeout_s=20,
    figures=[
        lines("busy_workers", "delay_worst_s", work="python", interval_us=5000),
        distribution("latency_s", work="python", interval_us=5000, busy_workers=4),
        bars("delay_p50_s"),
    ],
    claims=[
        claim(
            "A thread that computes in pure Python holds the main thread up until it has ended",
            value("delay_worst_s", model="threads", work="python", busy_workers=1) > 0.15,
            statement=3,
        ),
        claim(
            "A thread in one long call that holds the GIL holds the main thread up until it has ended",
            value("delay_worst_s", model="threads", work="sum") > 0.15,
        ),
        claim(
            "A shorter switch interval makes the beats less late",
            ratio("500", to="5000", axis="interval_us", metric="delay_p50_s", work="python") < 0.5,
        ),
        claim(
            "Tasks that compute in the loop hold it up until they have ended",
            value("delay_worst_s", model="asyncio", busy_workers=4) > 0.15,
        ),
        claim(
            "Workers in processes hold the beat up less than workers in threads",
            ratio("processes", to="threads", metric="delay_p50_s", busy_workers=4) < 0.5,
        ),
    ],
)
