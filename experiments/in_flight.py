"""Fetches of one second each, all in flight at once: how many can each model run, and at what cost?

## The question

Every fetch waits one second at the server, and all of them begin at once: 1, 10, 100, up to 10,000. One
second is the limit, whatever their number. What it takes longer is the model's own cost. From how many in
flight does the choice of model matter?

## What to expect

- With a hundred, threads and asyncio differ by a hundredth or two. With ten there is no difference to
  measure, so these small numbers are measured only for asyncio.
- With more, the CPU time of the fetches counts. All threads together use one core, since a thread needs the
  GIL for everything except waiting. A thread costs three times the CPU of a task, and a pool's thread two
  to three times: it has to be started, and the operating system has to wake it up. The makespan grows
  accordingly.
- A model that cannot start fetches as fast as they end never has all of them in flight. This is Little's
  law: in flight = rate × time. With 2,500 starts a second and a wait of one second, 2,500 are in flight,
  however many were requested; `server_peak` is what the server counted. So the memory does not grow with
  the number of threads either: the point at 5,000 shows the memory of half as many.
- An event loop starts all its tasks before it looks at the first answer. All 10,000 are in flight, and the
  server confirms it. Each holds some 9.5 kB while it waits: 48 MB for 5,000, 95 MB for 10,000
  (`waiting_memory_bytes`). That is not all: when many answers come at once, each of 27 kB, the loop reads
  all that have arrived before a task can use the first. The peak memory is one and a half times to twice as
  much, and it varies (`peak_memory_bytes`). A thread's peak is what it holds while it waits.
- A process for each fetch costs megabytes and milliseconds, though everything it needs was loaded before
  the fork. So processes are measured up to a hundred, a thread for each fetch up to five thousand, and a
  pool of threads up to a thousand. If thousands of idle threads of a pool are woken together, they all wait
  for the GIL, and each of them requests it every 5 ms: the requests take more CPU than the work.

## What to look at

The makespan over the number in flight: from which number threads take a twentieth longer than asyncio (some
hundreds, so three hundred are measured too), and how steeply the lines rise. Then the memory of all while
they wait; the peak memory for each fetch that the server saw in flight, answers included; and the CPU time
of each. The peak of all is in the table, `peak_memory_bytes`. The file `prediction.csv` has what the sizes
up to a thousand predict for the larger ones, and what was measured.

## What not to conclude

That threads cannot do it: a thousand at once are no problem, and few programs have more. And the last
points depend on the server too: it accepts some 7,000 new connections a second, which is part of every
makespan. All models use the smallest possible client (`http.client`, asyncio's streams), with a new
connection for each fetch; a library costs up to several times as much (`clients`). Memory is that of the
program: what the kernel holds for each socket, and for each thread's kernel stack, is not included.
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import cache
from typing import Any

from lab import (
    Case,
    CostOfWaiting,
    Experiment,
    Workload,
    batch,
    claim,
    extrapolation,
    held,
    lines,
    load_model,
    ratio,
    value,
    work,
)
from lab.workloads import document

from ._limits import allow_files, limit_too_low
from ._looks import looked_at_children

WAIT_S = 1.0
SPARE = 200
CUT = {  # model -> how many in flight -> why that case is not measured
    "threads": {
        **dict.fromkeys(
            (1, 10),
            "left out to save time: ten of them once took 1.001 (0.999-1.003) times as long as asyncio",
        ),
        10_000: "they end as fast as they start, so no more are in flight than with 5,000",
    },
    "thread_pool": {
        **dict.fromkeys(
            (1, 10, 100, 300), "left out to save time: a pool's saving shows best at a thousand"
        ),
        5_000: "it takes 13 s for a second of waiting, most of it CPU time",
        10_000: "it takes more than 30 s for a second of waiting",
    },
    "processes": {
        **dict.fromkeys((1, 10, 300), "left out to save time: each costs as much as one of a hundred"),
        **dict.fromkeys(
            (1_000, 5_000, 10_000),
            "a thousand take more than four seconds, and end as fast as they start: 450 exist at once",
        ),
    },
}


def measure(case: Case) -> Mapping[str, float | None]:
    """Fetch all at once; return the makespan, what each fetch costs, and what the server saw."""
    model, fetches = str(case["model"]), int(case["in_flight"])
    allow_files(fetches + SPARE)
    work = document.fetch("minimal codec", wait_ms=WAIT_S * 1000)
    items = work.items(fetches)
    warm_up(model, work, items)
    with (
        held() as memory,
        load_model(model).open(fetches) as run,
        looked_at_children(model) as looks,
    ):
        so_far = cache(memory.so_far)  # read once: when it is first asked for
        fetched = batch(run, with_answer_callback(work, so_far), items)
    cpu_s, server_peak = fetched.cpu_s, fetched.counts["peak_in_flight"]
    peak = looks.bytes if model == "processes" else memory.bytes
    return {
        "makespan_s": fetched.makespan_s,
        "limit_s": WAIT_S,
        "server_peak": server_peak,
        "cpu_of_each_s": None if cpu_s is None else (cpu_s - looks.cpu_s) / fetches,
        "waiting_memory_bytes": so_far() if model == "asyncio" else peak,
        "peak_memory_bytes": peak,
        "peak_memory_of_each_bytes": None if peak is None else peak / server_peak,
    }


def with_answer_callback(work: Workload, note: Callable[[], object]) -> Workload:
    """Return the same work, which on an event loop calls `note` whenever a task has its answer.

    The memory at the first call is that of the waiting. Later it includes answers that no task has used
    yet; a thread uses its answer at once.
    """

    @asynccontextmanager
    async def awaitable() -> AsyncIterator[Any]:
        assert work.awaitable is not None
        async with work.awaitable() as get:

            async def call(item: str) -> int:
                answer: int = await get(item)
                note()
                return answer

            yield call

    return replace(work, awaitable=awaitable)


def warm_up(model: str, work: Workload, items: Sequence[str]) -> None:
    """Fetch once without a wait, so that loading, which happens once, is not a cost of the fetches."""
    assert work.prepare is not None and work.expect is not None
    work.prepare()  # here: otherwise every forked process would load it again
    for base in set(items):
        work.expect(base)  # here: comparing the results takes memory too
    with load_model(model).open(1) as run:
        batch(run, document.fetch("minimal codec"), items[:1])


def unavailable(case: Case) -> str:
    """Return why a case is not measured: CUT, or a limit of this login and how to raise it; "" if it is."""
    fetches = int(case["in_flight"])
    if why := CUT.get(str(case["model"]), {}).get(fetches):
        return why
    workers = fetches if case["model"] != "asyncio" else 0
    return limit_too_low(files=fetches + SPARE, threads=workers + SPARE)


experiment = Experiment(
    question="From how many fetches in flight does asyncio beat threads, and by how much?",
    measure=measure,
    grid={
        "model": ["threads", "thread_pool", "processes", "asyncio"],
        "in_flight": [1, 10, 100, 300, 1_000, 5_000, 10_000],
    },
    unavailable=unavailable,
    aa_control=lambda params: params["in_flight"] == 100,
    samples=1,
    warmups=0,
    uses_server=True,
    figures=[
        lines("in_flight", "makespan_s", crossing=("asyncio", "threads", 1.05)),
        lines("in_flight", "waiting_memory_bytes").asking(
            "How much memory do all fetches in flight hold while they wait?"
        ),
        lines("in_flight", "peak_memory_of_each_bytes").asking(
            "How much memory does each take at the peak, its answer included?"
        ),
        lines("in_flight", "cpu_of_each_s").asking("How much CPU time does each fetch take?"),
    ],
    constants=[CostOfWaiting("in_flight", up_to=1_000)],
    derived=[extrapolation("in_flight", up_to=1_000, wait_s=WAIT_S)],
    claims=[
        claim(
            "asyncio holds 10,000 fetches at once, and the server saw them all",
            value("server_peak", model="asyncio", in_flight=10_000) > 9_999,
        ),
        claim(
            "With a hundred in flight asyncio is faster than threads, though only by a hundredth",
            ratio("threads", to="asyncio", in_flight=100) > 1,
            statement=14,
        ),
        claim(
            "With 5,000 in flight, threads take more than 1.3 times as long as asyncio",
            ratio("threads", to="asyncio", in_flight=5_000) > 1.3,
        ),
        claim(
            "With a thousand in flight or more, a thread costs more CPU than a task",
            ratio("threads", to="asyncio", metric="cpu_of_each_s", in_flight=1_000) > 1,
        ),
        claim(
            "A thousand threads hold less than 100 MB",
            value("waiting_memory_bytes", model="threads", in_flight=1_000) < 100e6,
        ),
    ],
    in_flight=("in_flight", "server_peak"),
    advice=[
        work("1,000 connections at once, of one second", rank=30, in_flight=1_000),
        work("5,000 connections at once, of one second", rank=40, in_flight=5_000),
    ],
)
