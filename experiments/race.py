"""Ten workers count together without a lock: how many updates are lost, and what does a lock cost?

## The question

To add one to a shared counter is to read it, to add, and to write it back. A worker that is interrupted in
between writes back an old number, and all that the others have counted meanwhile is lost. Ten workers do
this for 80 ms as often as they can. Three gaps lie between the read and the write: `none`, a bare
`counter.value += 1`; `call`, a function that does the adding; `sleep`, a wait of half a millisecond.

## What to expect

Threads without a lock lost, in ten races or more with a switch interval of 5 ms and ten with 1 µs:

| CPython | `none` | `call` | `sleep` |
|---|--:|--:|--:|
| 3.9 | **19-91 %** | 22-83 % | 90 % |
| 3.10, 3.11, 3.12, 3.13 | none of 137 million | 14-87 % | 90 % |

- Since 3.10 the interpreter switches to another thread only when a loop jumps back or a function is called.
  A bare `+=` of a number contains neither. 3.9 could switch between almost any two instructions, and lost
  updates with the very same line.
- A call in the gap is such a point. It is not always visible: if `value` is a property, or the number's
  class has its own `__add__`, the bare `+=` calls a function too.
- A shorter switch interval means more interruptions, and a sleep switches every time. Then all ten workers
  read before any of them writes, and nine updates of ten are lost on every version.
- A lock loses nothing, at either switch interval, and costs time: an update takes tasks three to four times
  as long, processes four to five, threads ten to thirty. If the wait is inside the lock, they wait one
  after another: ten times as long.
- asyncio never interrupts a task. Without an `await` between read and write nothing is lost and no lock is
  needed. With one (`sleep`) it loses as much as threads, and `asyncio.Lock` prevents that.
- Processes change a shared value on several cores at once: the bare `+=` loses updates on every version.

## What to look at

Which losses were seen, how many updates were lost, and what an update costs without the lock and with it:
the time of the race divided by the updates of all workers, so waiting counts. (A task sleeps longer: a
loop's clock has milliseconds.)

## What not to conclude

That a bare `+=` is safe because no loss was seen. The language does not promise it. It depends on the
points at which a version can switch threads; they have changed before, and without the GIL nothing would
protect the update. So the claim about it is *supported* by one loss, and *undecided* as long as none is
seen; statement 4 depends on the other claims.
"""

import asyncio
import multiprocessing
import queue
import sys
import threading
from collections.abc import Callable, Mapping
from time import perf_counter_ns as now
from typing import Any

from lab import Case, Experiment, bars, claim, ever, matrix, ratio, value

from ._updates import GAPS, PAUSE_S, Counter

WORKERS = 10
DURATION_NS = 80_000_000
BURST = {"none": 1000, "call": 1000, "sleep": 1}  # gap -> updates between two looks at the clock

Done = tuple[int, int, int]  # updates, began, ended


def work(gap: str, guard: str, counter: Any, lock: Any, ready: Any, done: Any) -> None:
    """Update until the time is over; in a thread or in a process."""
    update, updates = GAPS[gap], 0
    ready.wait()
    began = now()
    while now() < began + DURATION_NS:
        if guard == "lock":
            for _ in range(BURST[gap]):
                with lock:
                    update(counter)
        else:
            for _ in range(BURST[gap]):
                update(counter)
        updates += BURST[gap]
    done.put((updates, began, now()))


def race(worker: Any, *shared: Any, done: Any) -> list[Done]:
    """Start ten workers, threads or processes, together; return what each has done."""
    workers = [worker(target=work, args=(*shared, done)) for _ in range(WORKERS)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    return [done.get() for _ in workers]


def threads(gap: str, guard: str) -> tuple[int, list[Done]]:
    """Race in threads; return the counter and what each worker has done."""
    counter, lock, ready = Counter(), threading.Lock(), threading.Barrier(WORKERS)
    done = race(threading.Thread, gap, guard, counter, lock, ready, done=queue.SimpleQueue())
    return counter.value, done


def processes(gap: str, guard: str) -> tuple[int, list[Done]]:
    """Race in processes, for a number in shared memory."""
    counter = multiprocessing.Value("q", lock=False)
    lock, ready = multiprocessing.Lock(), multiprocessing.Barrier(WORKERS)
    answers: multiprocessing.SimpleQueue[Done] = multiprocessing.SimpleQueue()
    done = race(multiprocessing.Process, gap, guard, counter, lock, ready, done=answers)
    answers.close()
    return counter.value, done


async def tasks(gap: str, guard: str) -> tuple[int, list[Done]]:
    """Race in tasks of one loop, which take turns after each burst, and in the gap if it is a sleep."""
    counter, lock = Counter(), asyncio.Lock()

    async def update() -> None:
        if gap == "sleep":
            number = counter.value
            await asyncio.sleep(PAUSE_S)
            counter.value = number + 1
        else:
            GAPS[gap](counter)

    async def worker() -> Done:
        updates, began = 0, now()
        while now() < began + DURATION_NS:
            for _ in range(BURST[gap]):
                if guard == "lock":
                    async with lock:
                        await update()
                else:
                    await update()
            updates += BURST[gap]
            await asyncio.sleep(0)
        return updates, began, now()

    done = await asyncio.gather(*(worker() for _ in range(WORKERS)))
    return counter.value, done


ARMS: Mapping[str, Callable[[str, str], tuple[int, list[Done]]]] = {
    "threads": threads,
    "processes": processes,
    "asyncio": lambda gap, guard: asyncio.run(tasks(gap, guard)),
}


def measure(case: Case) -> dict[str, float | str]:
    """Run one race; return what share of the updates was lost, and what one cost."""
    sys.setswitchinterval(float(case["interval_us"]) / 1e6)
    counted, done = ARMS[str(case["model"])](str(case["gap"]), str(case["guard"]))
    updates = sum(each for each, *_ in done)
    passed_ns = max(ended for _, _, ended in done) - min(began for _, began, _ in done)
    return {
        "lost_percent": 100 * (updates - counted) / updates,
        "cost_ns": passed_ns / updates,
        "updates": updates,
        "seen": seen(case, updates - counted),
    }


def seen(case: Case, lost: int) -> str:
    """Return in words what was seen; to see no loss is good only if that is promised."""
    promised = case["guard"] == "lock" or (case["model"], case["gap"]) == ("asyncio", "call")
    none_lost = "good: none lost" if promised else "mixed: none seen, none promised"
    return "bad: updates lost" if lost else none_lost


def keep(params: Mapping[str, Any]) -> bool:
    """Keep the cases that make sense: a switch interval is for threads, and an await for the loop."""
    model, gap, usual = params["model"], params["gap"], params["interval_us"] == 5000
    if model == "threads":
        return usual or gap == "call" or (gap, params["guard"]) == ("none", "none")
    return usual and (model == "processes") == (gap == "none")


MODELS = ["threads", "asyncio", "processes"]
UNGUARDED, TASKS, SHARED = ({"model": model, "guard": "none"} for model in MODELS)
experiment = Experiment(
    question="Ten workers count together: how many updates are lost, at what cost?",
    measure=measure,
    grid={"model": MODELS, "guard": ["none", "lock"], "gap": list(GAPS), "interval_us": [5000, 1]},
    keep=keep,
    baseline="",
    samples=1,
    warmups=0,
    timeout_s=20,
    figures=[
        matrix("gap", "model", "seen", interval_us=5000).asking(
            "Ten workers count together: where are updates lost?"
        ),
        bars("lost_percent").asking("How many of ten workers' updates are lost?"),
        matrix("gap", "guard", "cost_ns", interval_us=5000).asking(
            "What does an update cost, with a guard and without?"
        ),
    ],
    claims=[
        claim(
            "Threads lose updates if they wait between read and write",
            value("lost_percent", **UNGUARDED, gap="sleep") > 0,
            statement=4,
        ),
        claim(
            "Threads lose updates if a function is called between read and write",
            ever("lost_percent", **UNGUARDED, gap="call") > 0,
            statement=4,
        ),
        claim("Threads lose updates of a bare +=", ever("lost_percent", **UNGUARDED, gap="none") > 0),
        claim("A lock loses nothing", value("lost_percent", guard="lock") < 1e-9),
        *(
            claim(
                f"A lock makes an update of {model} more expensive",
                ratio("lock", to="none", axis="guard", metric="cost_ns", model=model) > 1,
            )
            for model in MODELS
        ),
        claim("asyncio loses nothing without an await", value("lost_percent", **TASKS, gap="call") < 1e-9),
        claim("asyncio loses updates across an await", value("lost_percent", **TASKS, gap="sleep") > 0),
        claim("Processes lose updates of a value that they share", value("lost_percent", **SHARED) > 0),
    ],
)
