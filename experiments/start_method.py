"""What does a child inherit from its parent, with each way to start one, and how long does that take?

## The question

A module draws a random number when it is imported. Then its program sets a global, imports another module,
sets an environment variable, opens a file and starts a thread; a thread holds a lock most of the time. Now
the program starts a child: by fork, spawn or forkserver, as a thread, or as a task. Which of all that does
the child have?

## What to expect

- A *forked* child has a copy of all memory, and the open files. Of the threads it has only the one that
  forked. So a lock that another thread held stays held: the thread that would release it is not there, and
  the parent's release does not reach the copy. The child waits forever; here that happens to most children,
  because the lock is held most of the time.
- A *spawned* child is a new interpreter. It imports the module again and draws a number of its own. Of the
  things that were set later it has only the environment. Its lock is new, and free.
- A *fork server* is a new interpreter that forks for its parent. It starts with the first child, and keeps
  the environment of that moment: a variable that is set later reaches no child. Each child draws its own
  number.
- A fork server that has *preloaded* the module has drawn one number: all its children have that number,
  which is not the parent's. They start in a fifth of the time of a spawn. A *script* is preloaded by
  default, from Python 3.13.8 and 3.14.1 on; before, that failed silently.
- The number is copied together with its generator: all children of one process draw the same *next* number.
  (This holds for a `Random()` of your own; Python seeds `random.random` anew in a forked child.)
- A *thread* and an asyncio *task* are in their parent's interpreter, have everything, and get the lock.

## What to look at

The table, by column: what the child does not have. Then the bars: the time for the first child, for the
next, and for five until they are joined.

## What not to conclude

That fork is safe in a program that starts no threads: libraries start some. And if a lock is held only for
short moments, the child hangs rarely, so you see it first in production. From Python 3.12 on, a fork beside
other threads warns; from 3.14 on, Linux's default is forkserver. Name the method, and pass children what
they need as arguments.
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
from multiprocessing import get_context
from time import perf_counter_ns as now

from lab import Case, Experiment, Value, attempts, bars, claim, ever, matrix, ratio, value

from ._random_at_import import script_children_share_number
from ._starts import PRELOADED, Seen, Work, tasks, workers

GENERATOR = random.Random()
NUMBER = GENERATOR.random()  # drawn at import
LOCK = threading.Lock()
given: dict[str, str] = {}  # filled after the import

HELD_S, FREE_S = 0.03, 0.001
EARLY, LATE = "LAB_SET_BEFORE_THE_FIRST_CHILD", "LAB_SET_AFTER_IT"
OTHER = "colorsys"
FEW_TRIES, MANY_TRIES = 3, 10  # few if each starts an interpreter or two
INHERITED = ("number", "global", "module", "variable", "late_variable", "file", "thread")
OTHER_FACTS = ("same_number", "script_same_number", "same_next_number", "pids_of_five", "hanging_percent")
FACTS = (*(f"{name}_inherited" for name in INHERITED), *OTHER_FACTS)

Arm = Callable[[Work, int], list[Seen]]


def report_inherited(number: int, inode: int, report: Callable[[Seen], object]) -> None:
    """In the child: report what it has of its parent, also the file of this number; draw a number again."""
    ran = now()
    seen: Seen = {
        "number": NUMBER,
        "global": "set" in given,
        "module": OTHER in sys.modules,
        "variable": EARLY in os.environ,
        "late_variable": LATE in os.environ,
        "file": inode_of(number) == inode,
        "thread": "waiting" in [thread.name for thread in threading.enumerate()],
    }
    report(seen | {"ran_ns": ran, "pid": os.getpid(), "next_number": GENERATOR.random()})


def inode_of(number: int) -> int:
    """Return the inode of the file that is open under a number; 0 if none is."""
    try:
        return os.fstat(number).st_ino
    except OSError:
        return 0


def report_lock(report: Callable[[Seen], object]) -> None:
    """In the child: take the lock, and report that."""
    with LOCK:
        report({"ran_ns": now()})


STARTS = ("fork", "forkserver", "forkserver_preloaded", "spawn", "thread")
ARMS: dict[str, Arm] = {**{start: partial(workers, start) for start in STARTS}, "task": tasks}


def hold() -> None:
    """Hold the lock most of the time, without end."""
    while True:
        with LOCK:
            time.sleep(HELD_S)
        time.sleep(FREE_S)


def try_lock(start: str) -> bool:
    """Start a child that takes the lock, at a random moment, while a thread holds it most of the time."""
    threading.Thread(target=hold, daemon=True).start()
    time.sleep(random.uniform(0, HELD_S + FREE_S))
    ARMS[start](report_lock, 1)
    return True


def hang_rates(start: str) -> dict[str, Value | None]:
    """Return how often a child that takes the lock hangs, and how often it ends without an answer."""
    tries = MANY_TRIES if start in ("fork", "thread", "task") else FEW_TRIES
    fates = attempts({str(number): partial(try_lock, start) for number in range(tries)})
    kinds = [fate.kind for fate in fates.values()]
    hanging, gone = (100 * kinds.count(kind) / tries for kind in ("hangs", "gone"))
    return {"hanging_percent": None if "unknown" in kinds else hanging, "gone_percent": gone}


def inherited(start: str) -> dict[str, Value]:
    """Set a global, a module, … in the parent, start children; return what they have and their times."""
    stop = threading.Event()
    waiting = threading.Thread(target=stop.wait, name="waiting")
    waiting.start()
    given["set"] = os.environ[EARLY] = "yes"
    import_module(OTHER)
    with tempfile.TemporaryFile() as file:
        work = partial(report_inherited, file.fileno(), inode_of(file.fileno()))
        (first,) = ARMS[start](work, 1)
        os.environ[LATE] = "yes"
        (second,) = ARMS[start](work, 1)
        five = ARMS[start](work, 5)
    stop.set()
    waiting.join()
    seen = second | {"number": second["number"] == NUMBER}
    return {f"{name}_inherited": seen[name] for name in INHERITED} | {
        "same_number": len({child["number"] for child in five}) == 1,
        "same_next_number": len({child["next_number"] for child in five}) == 1,
        "pids_of_five": len({child["pid"] for child in five}),
        "first_start_s": first["start_s"],
        "start_s": second["start_s"],
        "joined_s": second["joined_s"],
        "five_joined_s": five[0]["joined_s"],
    }


def measure(case: Case) -> dict[str, Value | None]:
    """Start children in one way; return how often they hang, what they inherit, and how long they take."""
    start = str(case["start"])
    if start.endswith(PRELOADED):
        get_context("forkserver").set_forkserver_preload([__name__])
    # The lock first: each of its attempts is a fork, and here is no other thread yet.
    return hang_rates(start) | inherited(start) | script_children_share_number(start)


COPIED = {
    "number": "the number that its parent has drawn",
    "global": "the global that was set after the import",
    "module": "the module that was imported then",
    "file": "the file that was opened then",
}

QUESTIONS = {
    "first_start_s": "How long does the first child take to start?",
    "start_s": "How long does each further child take to start?",
    "five_joined_s": "How long do five children take, from the first start to the last join?",
}

experiment = Experiment(
    question="What does a child inherit, and how long does it take to start one?",
    measure=measure,
    grid={"start": list(ARMS)},
    unavailable=lambda _: "" if hasattr(os, "fork") else "this platform has no os.fork",
    samples=1,
    warmups=0,
    figures=[
        matrix(rows=FACTS, columns="start", bad=("hanging_percent",)),
        *(bars(metric).asking(question) for metric, question in QUESTIONS.items()),
    ],
    claims=[
        claim(
            "A lock that is held stays held in a forked child: its parent's release does not reach it",
            ever("hanging_percent", start="fork") > 0,
            statement=12,
        ),
        claim(
            "A spawned child does not hang on a lock that its parent holds",
            value("hanging_percent", start="spawn") < 1,
        ),
        claim(
            "A fork server's child does not hang on it either",
            value("hanging_percent", start="forkserver") < 1,
        ),
        *(
            claim(f"A forked child has {what}", value(f"{fact}_inherited", start="fork") > 0.5)
            for fact, what in COPIED.items()
        ),
        claim(
            "A forked child has none of its parent's other threads",
            value("thread_inherited", start="fork") < 0.5,
        ),
        *(
            claim(
                f"A fork server's child does not have {what}",
                value(f"{fact}_inherited", start="forkserver") < 0.5,
            )
            for fact, what in COPIED.items()
        ),
        claim("A spawned child draws a number of its own", value("number_inherited", start="spawn") < 0.5),
        claim(
            "A fork server's children draw different numbers",
            value("same_number", start="forkserver") < 0.5,
        ),
        claim(
            "A fork server's children have the same number if it has preloaded the module",
            value("same_number", start="forkserver_preloaded") > 0.5,
        ),
        claim("Forked children draw the same next number", value("same_next_number", start="fork") > 0.5),
        claim(
            "A variable set in the environment after a fork server's start does not reach its children",
            value("late_variable_inherited", start="forkserver") < 0.5,
        ),
        claim(
            "A spawned child takes more than five times as long to start as a forked one",
            ratio("spawn", to="fork", metric="start_s", axis="start") > 5,
        ),
        claim(
            "A fork server that has preloaded the module starts a child in less than half of the time",
            ratio("forkserver_preloaded", to="spawn", metric="start_s", axis="start") < 0.5,
        ),
    ],
)
