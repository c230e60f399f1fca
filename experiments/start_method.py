"""What does a child inherit from its parent, by each way to start one, and what does that cost?

## The question

A module draws a random number when it is imported. Then its program sets a global, imports another module,
sets an environment variable, opens a file, starts a thread; some thread holds a lock most of the time. Now
it starts a child: by fork, spawn or forkserver, as a thread, as a task. What of all that has the child?

## What to expect

- A *forked* child has a copy of everything in memory, and the open files. Of the threads it has only the
  one that forked. So a lock that another thread held stays held: whoever would release it is not there,
  and the parent's release does not reach the copy. The child waits for ever, in most of the attempts here;
  where the lock is held for a moment only, once in a while, which is worse.
- A *spawned* child is a new interpreter. It imports the module again, and so draws a number of its own; it
  has nothing that was set later, but for the environment. Its locks are new, and free.
- A *fork server* is a new interpreter that forks for its parent. It is started with the first child, which
  waits for it, and has the environment of that moment: what is set later does not reach the children. Each
  of them imports the module itself, and draws a number of its own.
- A fork server that has *preloaded* the module has drawn the number once. All its children have that same
  number, and it is not the parent's. They start nearly as fast as by fork, and without its locks.
- Whoever copies a number copies its generator. Children that were forked from one process draw the same
  *next* number, all of them. (`random.random` is seeded anew in a forked child, a `Random()` of one's own
  is not.)
- A *thread* and an asyncio *task* are in the same interpreter and have everything. Their number is the
  number, and they wait for the lock until it is free.

## What to look at

The table, column by column: a start method is a choice of what is left behind. Then the bars: the first
child, one that follows, and five together until all are joined.

## What not to conclude

That fork is safe without threads of one's own: libraries start some. From Python 3.12 on, a fork beside
other threads warns; from 3.14 on, forkserver is the default on Linux. A program should name its method,
and hand its children what they need as arguments.
"""

import os
import random
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from functools import partial
from importlib import import_module
from multiprocessing import get_all_start_methods, get_context
from time import perf_counter_ns as now
from typing import Any

from lab import Case, Experiment, Value, attempts, bars, claim, ever, matrix, ratio, value

GENERATOR = random.Random()
NUMBER = GENERATOR.random()  # drawn at import
LOCK = threading.Lock()
given: dict[str, str] = {}  # filled after the import

HELD_S, FREE_S = 0.009, 0.001
EARLY, LATE = "LAB_SET_BEFORE_THE_FIRST_CHILD", "LAB_SET_AFTER_IT"
OTHER = "colorsys"
FIVE = 5
TRIES = {"forkserver": 3, "forkserver_preloaded": 3, "spawn": 3}  # each an interpreter or two
MANY_TRIES = 10
PRELOADED = "_preloaded"

Seen = dict[str, Any]
Tell = Callable[[Seen], object]
Work = Callable[[Tell], object]
Born = tuple[list[int], list[Seen], int]  # when each was asked for, what each tells, when all were joined


def look(file: tuple[int, int], tell: Tell) -> None:
    """Tell what there is of the parent, as a child; then draw once more."""
    began = now()
    number, inode = file
    tell(
        {
            "began_ns": began,
            "pid": os.getpid(),
            "number": NUMBER,
            "next_number": GENERATOR.random(),
            "global": "set" in given,
            "module": OTHER in sys.modules,
            "variable": EARLY in os.environ,
            "late_variable": LATE in os.environ,
            "file": inode_of(number) == inode,
            "thread": "waiting" in [thread.name for thread in threading.enumerate()],
        }
    )


def inode_of(number: int) -> int:
    """Return the inode of the file that is open under a number; 0 where none is."""
    try:
        return os.fstat(number).st_ino
    except OSError:
        return 0


def take(tell: Tell) -> None:
    """Take the lock, as a child."""
    with LOCK:
        tell({})


def processes(start: str, work: Work, count: int) -> Born:
    """Start so many processes, hear what each tells, and join them."""
    context: Any = get_context(start.removesuffix(PRELOADED))
    asked, children = [], []
    for _ in range(count):
        ours, theirs = context.Pipe(duplex=False)
        child = context.Process(target=work, args=(theirs.send,))
        asked.append(now())
        child.start()
        theirs.close()
        children.append((child, ours))
    seen = [ours.recv() for _, ours in children]
    for child, ours in children:
        child.join()
        ours.close()
    return asked, seen, now()


def threads(work: Work, count: int) -> Born:
    """Start so many threads, and join them."""
    asked, children = [], []
    seen: list[list[Seen]] = [[] for _ in range(count)]
    for told in seen:
        child = threading.Thread(target=work, args=(told.append,))
        asked.append(now())
        child.start()
        children.append(child)
    for child in children:
        child.join()
    return asked, [told[0] for told in seen], now()


def tasks(work: Work, count: int) -> Born:
    """Start so many tasks, and await them."""
    import asyncio  # here: a spawned interpreter imports this file, and should not pay for that

    async def task(told: list[Seen]) -> None:
        work(told.append)

    async def main() -> Born:
        asked, children = [], []
        seen: list[list[Seen]] = [[] for _ in range(count)]
        for told in seen:
            asked.append(now())
            children.append(asyncio.create_task(task(told)))
        await asyncio.wait(children)
        return asked, [told[0] for told in seen], now()

    return asyncio.run(main())


ARMS: dict[str, Callable[[Work, int], Born]] = {
    **{
        name: partial(processes, name) for name in ("fork", "forkserver", f"forkserver{PRELOADED}", "spawn")
    },
    "thread": threads,
    "task": tasks,
}


def hold() -> None:
    """Hold the lock most of the time, for ever."""
    while True:
        with LOCK:
            time.sleep(HELD_S)
        time.sleep(FREE_S)


def try_lock(start: str) -> bool:
    """Start a child that takes the lock, at some moment while a thread here holds it now and again."""
    threading.Thread(target=hold, daemon=True).start()
    time.sleep(random.uniform(0, HELD_S + FREE_S))
    ARMS[start](take, 1)
    return True


def lock_tried(start: str) -> dict[str, Value]:
    """Return how often a child that takes the lock hangs."""
    tries = TRIES.get(start, MANY_TRIES)
    fates = attempts({str(number): partial(try_lock, start) for number in range(tries)})
    kinds = [fate.kind for fate in fates.values()]
    return {"hanging_percent": 100 * kinds.count("hangs") / tries, "lost_attempts": kinds.count("gone")}


def inherited(start: str) -> dict[str, Value]:
    """Give the parent something of everything, start children, and return what they have and what they cost."""
    stop = threading.Event()
    waiting = threading.Thread(target=stop.wait, name="waiting")
    waiting.start()
    given["set"] = os.environ[EARLY] = "yes"
    import_module(OTHER)
    with tempfile.TemporaryFile() as file:
        look_at = partial(look, (file.fileno(), inode_of(file.fileno())))
        first = ARMS[start](look_at, 1)
        os.environ[LATE] = "yes"
        second = ARMS[start](look_at, 1)
        five = ARMS[start](look_at, FIVE)
    stop.set()
    waiting.join()
    return facts(first[1][0], five[1]) | {
        "first_start_s": until_runs_s(first),
        "start_s": until_runs_s(second),
        "joined_s": until_joined_s(second),
        "five_joined_s": until_joined_s(five),
    }


def facts(first: Seen, five: list[Seen]) -> dict[str, Value]:
    """Return who has what: the first child, and the five that were started together."""
    return {
        "number_inherited": first["number"] == NUMBER,
        "one_number_for_all": len({seen["number"] for seen in five}) == 1,
        "one_next_number_for_all": len({seen["next_number"] for seen in five}) == 1,
        "global_inherited": first["global"],
        "module_inherited": first["module"],
        "variable_inherited": first["variable"],
        "late_variable_inherited": five[0]["late_variable"],
        "file_inherited": first["file"],
        "thread_inherited": first["thread"],
        "pids": len({seen["pid"] for seen in five} - {os.getpid()}),
    }


def until_runs_s(born: Born) -> float:
    """Return the seconds from the order to start the first to its first line."""
    asked, seen, _ = born
    return (seen[0]["began_ns"] - asked[0]) / 1e9


def until_joined_s(born: Born) -> float:
    """Return the seconds from the order to start the first until all are joined."""
    asked, _, joined = born
    return (joined - asked[0]) / 1e9


def measure(case: Case) -> dict[str, Value]:
    """Start children by one way; return what they inherit, what they cost, and how often they hang."""
    start = str(case["start"])
    if start.endswith(PRELOADED):
        get_context("forkserver").set_forkserver_preload([__name__])
    # The lock first: each of these attempts is a fork, and here is no other thread yet.
    return lock_tried(start) | inherited(start)


def unavailable(case: Case) -> str:
    """Return why a case cannot run here."""
    start = str(case["start"]).removesuffix(PRELOADED)
    if not hasattr(os, "fork"):
        return "this platform has no os.fork"
    known = {"thread", "task", *get_all_start_methods()}
    return "" if start in known else f"this platform cannot start a process by {start}"


FACTS = (
    "number_inherited",
    "one_number_for_all",
    "one_next_number_for_all",
    "global_inherited",
    "module_inherited",
    "variable_inherited",
    "late_variable_inherited",
    "file_inherited",
    "thread_inherited",
    "pids",
    "hanging_percent",
)

experiment = Experiment(
    question="What does a child inherit, and what does it cost to start one?",
    measure=measure,
    grid={"start": list(ARMS)},
    unavailable=unavailable,
    samples=1,
    warmups=0,
    figures=[
        matrix(rows=FACTS, columns="start", bad=("hanging_percent",)),
        bars("first_start_s"),
        bars("start_s"),
        bars("five_joined_s"),
    ],
    claims=[
        claim(
            "A lock that another thread held stays held in a forked child: its parent's release does not reach it",
            ever("hanging_percent", start="fork") > 0,
            statement=12,
        ),
        claim("A spawned child does not hang on it", value("hanging_percent", start="spawn") < 1),
        claim("Nor does a fork server's", value("hanging_percent", start="forkserver") < 1),
        claim("A forked child has its parent's number", value("number_inherited", start="fork") > 0.5),
        claim("A spawned child draws its own", value("number_inherited", start="spawn") < 0.5),
        claim("A fork server's child draws its own", value("one_number_for_all", start="forkserver") < 0.5),
        claim(
            "The children of a fork server that has preloaded the module have one number, not their parent's",
            value("one_number_for_all", start="forkserver_preloaded") > 0.5,
        ),
        claim(
            "Children that were forked from one process draw the same next number",
            value("one_next_number_for_all", start="fork") > 0.5,
        ),
        claim(
            "A fork server's children do not see an environment variable that was set after its start",
            value("late_variable_inherited", start="forkserver") < 0.5,
        ),
        claim(
            "A spawned child takes more than five times as long to start as a forked one",
            ratio("spawn", to="fork", metric="start_s", axis="start") > 5,
        ),
        claim(
            "A fork server that has preloaded the module starts a child in less than half of spawn's time",
            ratio("forkserver_preloaded", to="spawn", metric="start_s", axis="start") < 0.5,
        ),
    ],
)
