"""One task of four fails, in seven ways: does the caller notice, do the others finish, does anything hang?

## The question

Four tasks for two workers, and the first of them fails: it raises; it raises something that does not
pickle; it calls `sys.exit`; it calls `os._exit`; it is killed; it never ends; it returns something that
does not pickle. Every model runs this twice: as textbooks write it (`naive`), and as the lab does.

## What to expect

- A *thread* that raises prints its exception and ends. `join` returns as if nothing had happened: a caller
  that only waits for the end notices nothing.
- The textbook's *queue of threads* hangs: the worker dies before it calls `task_done`, and `Queue.join`
  waits forever for the missing call. `queue_pool` is the same with a `finally`.
- A *pool's* `map` hands the first exception to the caller. With processes the exception has to be pickled
  on its way, and so has the result; if that fails, the caller gets the pickling error instead of the
  task's.
- A *fork's* parent that reads an empty pipe knows that something went wrong, but not what: whatever the
  child raised, the parent's own error is an `EOFError`.
- A *process* that dies reports nothing at all. A parent that waits for its answer in a queue waits forever.
  `multiprocessing.Pool` starts another worker in its place and never answers for the lost task.
  `ProcessPoolExecutor` notices, and every task without a result fails.
- With *threads* and tasks nothing survives `os._exit` or a kill: the whole program ends. That is the only
  case that processes handle better.
- `asyncio.gather` raises the first exception at once; the others go on, and are cancelled when the loop
  ends.
- Every model waits for a task that never ends. Only a deadline helps, and only processes can be ended from
  outside. The lab's own deadline is that of the trial.

## What to look at

The two matrices, naive and the lab's, row by row: they differ by a few lines of code, a `finally`, a `try`
around the task, a check of the exit code. Then the columns: no model handles all of them well.

The third matrix has the time from the call until the caller gets the error. A task that never ends, and a
form that never gives its caller an error, are left out. If there was no error, the other two matrices show
why: the program is gone, it hangs, or it works. Each form ran alone for this. The time includes opening and
closing the model and, except for the textbook's `asyncio` and `sequential`, waiting for the other tasks.
The kind of failure hardly changes it, except if a worker dies: executors then give up at once, and the
lab's process_pool, which checks its workers from time to time, notices late.

## What not to conclude

That one form is right. Some programs want everything to fail at the first exception; no program wants to
miss a failure, or never to end. The outcomes were the same on CPython 3.11, 3.12 and 3.13; on a busy
machine an executor may have started fewer tasks when the first one fails, and then loses more.

## In the code

Each model's file has its textbook form beside the lab's own. Every attempt is a forked process of its own.
It counts as hanging when all of its threads and processes have slept for a fifth of a second and it has not
answered; then all of it is killed (`lab/trial/isolate.py`). For the outcomes all 24 forms run at once, on
the same cores; for the times (`_known_s`), the forms whose caller got an error run again, one after
another.
"""

import mmap
import multiprocessing
import os
from collections.abc import Mapping
from dataclasses import dataclass
from time import perf_counter_ns as now

from lab import (
    Case,
    Experiment,
    Fate,
    Value,
    Workload,
    attempts,
    claim,
    load_model,
    matrix,
    value,
)
from lab.catalog.names import model_names

from ._failing import FAILING, FAILURES, RAISED, Name, Task, marks

ITEMS = [0, 1, 2, 3]
OTHERS = len(ITEMS) - 1
WORKERS = 2
LOOK_S = 0.002  # used when a form runs alone
SILENT = {(model, "naive") for model in ("threads", "daemon_threads", "queue_pool", "processes")}
OF_PROCESSES = ("fork", "processes", "process_pool", "process_executor")

IN_ORDER = (
    *("sequential", "threads", "daemon_threads", "queue_pool", "thread_pool", "fork", "processes"),
    *("process_pool", "process_executor", "asyncio", "asyncio_threads", "asyncio_processes"),
)
OTHER_MODELS = [name for name in model_names() if name not in IN_ORDER]
MODELS = [name for name in (*IN_ORDER, *OTHER_MODELS) if load_model(name).textbook]


def naive(model: str, task: Task) -> str:
    """Run the textbook's form; return the error that the caller gets, "" if there is none."""
    try:
        textbook = load_model(model).textbook
        assert textbook is not None
        textbook(task, task.awaited, ITEMS)
    except BaseException as error:
        return type(error).__name__
    return ""


def labs(model: str, task: Task) -> str:
    """Run the lab's form; return the error in the failing task's outcome, "" if there is none."""
    with load_model(model).open(WORKERS) as run:
        outcomes = run(Workload(task, task.session), ITEMS)
    return outcomes[FAILING].span.error or ""


FORMS = {"naive": naive, "lab": labs}
NAMES = [(model, form) for form in FORMS for model in MODELS]
QUESTIONS = {
    "naive": "One task of four fails in a textbook's form: does the caller notice, and what hangs?",
    "lab": "One task of four fails under the lab's models: does the caller notice, and what hangs?",
}


@dataclass(frozen=True)
class Attempt:
    """One model in one form; called, it returns the caller's error and the seconds until it was known."""

    name: Name
    failure: str

    def __call__(self) -> tuple[str, float]:
        """Run the model's four tasks."""
        model, form = self.name
        began = now()
        error = FORMS[form](model, Task(self.name, self.failure))
        return error, (now() - began) / 1e9


def in_words(fate: Fate, done: mmap.mmap, failure: str) -> str:
    """Return in words what became of an attempt; "as another": the error hides the one that was raised."""
    if fate.kind in ("hangs", "unknown"):
        return "bad: hangs" if fate.kind == "hangs" else "unknown"
    if fate.kind == "gone":
        return "bad: all is gone"
    lost = "" if sum(done[1:]) == OTHERS else ", others lost"
    if fate.answer[0]:
        other = "" if RAISED.get(failure, "") in fate.answer[0] else " as another"
        return f"{'mixed' if lost or other else 'good'}: seen{other}{lost}"
    if done[FAILING]:
        return f"{'mixed' if lost else 'good'}: works{lost}"
    return f"bad: {'only printed' if fate.printed else 'unnoticed'}{lost}"


def measure(case: Case) -> dict[str, Value | None]:
    """Let every model fail in both forms at once; return what became of each, and when the caller knew."""
    failure = str(case["failure"])
    multiprocessing.set_start_method(
        "fork", force=True
    )  # so that nothing has to be pickled before it fails
    marks.update({name: mmap.mmap(-1, len(ITEMS)) for name in NAMES})
    tried = {"_".join(name): Attempt(name, failure) for name in NAMES}
    fates = attempts(tried)
    words = {name: in_words(fate, marks[tried[name].name], failure) for name, fate in fates.items()}
    asked = [name for name in tried if "seen" in words[name]]
    hangs = {
        f"{name}_hangs": None if fate.kind == "unknown" else fate.kind == "hangs"
        for name, fate in fates.items()
    }
    return words | counts(words) | hangs | known({name: tried[name] for name in asked})


def known(tried: Mapping[str, Attempt]) -> dict[str, Value]:
    """Let the attempts whose caller got an error fail again, one after another; return when it knew."""
    failed_anew = {name: attempts({name: one}, look_every_s=LOOK_S)[name] for name, one in tried.items()}
    return {
        f"{name}_known_s": fate.answer[1]
        for name, fate in failed_anew.items()
        if fate.answer and fate.answer[0]
    }


def counts(words: Mapping[str, str]) -> dict[str, Value | None]:
    """Return for each form how many hang, and how many report nothing; None if a fate is unknown."""
    numbers: dict[str, Value | None] = {}
    for form in FORMS:
        of_form = {name: word for name, word in words.items() if name.endswith(form)}
        blind = [name for name in of_form if of_form[name].startswith("bad")]
        of_processes = [name for name in blind if name in {f"{model}_{form}" for model in OF_PROCESSES}]
        hanging = [name for name in blind if of_form[name] == "bad: hangs"]
        for what, names in {"hanging": hanging, "blind": blind, "blind_processes": of_processes}.items():
            numbers[f"{what}_{form}"] = None if "unknown" in of_form.values() else len(names)
    return numbers


experiment = Experiment(
    question="One task of four fails: does the caller notice, and what hangs?",
    measure=measure,
    grid={"failure": list(FAILURES)},
    unavailable=lambda _: "" if hasattr(os, "fork") else "this platform has no os.fork",
    samples=1,
    warmups=0,
    figures=[
        matrix(rows=tuple(f"{model}_{form}" for model in MODELS), columns="failure").asking(question)
        for form, question in QUESTIONS.items()
    ]
    + [
        matrix(
            rows=tuple(f"{'_'.join(name)}_known_s" for name in NAMES if name not in SILENT),
            columns="failure",
            failure=tuple(failure for failure in FAILURES if failure != "never_ends"),
            absent="no error given",
        ).asking("How long after the failure does the caller know of it?")
    ],
    claims=[
        claim("However the task fails, some model's textbook form hangs", value("hanging_naive") > 0.5),
        claim(
            "Multiprocessing needs no error handling: every failure of a task reaches the caller by itself",
            value("blind_processes_naive") < 0.5,
            statement=11,
        ),
        claim(
            "The textbook's queue of threads hangs when a task raises",
            value("queue_pool_naive_hangs", failure="raises") > 0.5,
        ),
        claim(
            "A queue of threads with a `finally` does not hang then",
            value("queue_pool_lab_hangs", failure="raises") < 0.5,
        ),
        claim(
            "In the lab's form every caller notices a task that raises",
            value("blind_lab", failure="raises") < 0.5,
        ),
        claim(
            "Every model waits for a task that never ends", value("hanging_lab", failure="never_ends") > 11
        ),
    ],
    besides="When a task fails or a worker dies: does the caller notice, and what hangs.",
)
