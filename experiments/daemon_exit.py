"""A worker is in the middle of its work when the program ends: what happens to the work?

## The question

A worker writes a hundred records, two lines each with a pause between them, and has a `finally` that
records that it ran. In the middle of the eleventh record the main thread has nothing more to do, and ends.
Which workers finish, and which are cut off, at which point?

## What to expect

- A *daemon thread* is cut off at once, between the two lines of a record. Its `finally` does not run: its
  stack is not unwound, the thread simply never gets the interpreter's lock again.
- The program waits for a *plain thread*. It seems to have ended but has not; all hundred records are
  written.
- A thread that an `Event` *asks to stop*, and that is then joined, ends after its current record, and its
  `finally` runs. The rest is not written, on purpose: the worker knows that, and could report it.
- A *daemon process* is ended by a signal when its parent exits. That is just as abrupt: no `finally`.
- A *plain process* is joined like a plain thread.
- `asyncio.run` cancels a *task that is left* before it returns: `CancelledError` is raised at the task's
  `await`, so its `finally` runs, but it leaves a torn record too.
- A task that is *cancelled and awaited* is the same, written explicitly, so you know where to clean up.

## What to look at

The matrix, row by row: which endings lose records, whether a record was torn in two, which `finally` ran.
Then `gone_after_s`, how long the process exists after its main thread has ended: some 15 ms here are the
end of the interpreter itself, the rest is the cost of waiting for the worker. The exit code does not help:
it is 0 even if work is lost.

## What not to conclude

That daemon threads are wrong. Work that may stop anywhere and leaves nothing behind can well be cut off
(`log_watch`). For clean-up work the opposite holds: the clean-up itself is lost. The losses were the same
on CPython 3.11, 3.12 and 3.13.

## In the code

Each case is a real interpreter that runs this file and really exits; the trial only watches it from outside
and reads its log.
"""

import asyncio
import multiprocessing
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter_ns as now

from lab import Case, Experiment, claim, matrix, ratio, value

RECORDS = 100
MAIN_ENDS_AFTER = 10
PAUSE_S = 0.003  # between the two lines of a record; the next follows at once
LOOK_S = 0.001
DEADLINE_S = 20.0


class Log:
    """The file that a worker writes to: two lines for each record, and one from its `finally`."""

    def __init__(self, folder: str):
        self.path = Path(folder, "log")
        self.path.touch()

    def write_line(self, line: str) -> None:
        """Append a line, with one write."""
        with self.path.open("a") as file:
            file.write(f"{line}\n")

    @contextmanager
    def log_finally(self) -> Iterator[None]:
        """Write "finally" when the block ends, also after an error."""
        try:
            yield
        finally:
            self.write_line("finally")

    def enough_written(self) -> bool:
        """Return whether the record after the first ten has begun: then the main thread ends."""
        return f"begin {MAIN_ENDS_AFTER}\n" in self.path.read_text()

    def wait(self) -> None:
        """Wait until enough is written."""
        while not self.enough_written():
            time.sleep(LOOK_S)


def write(log: Log, stop: Callable[[], bool] = lambda: False) -> None:
    """Write the records, unless asked to stop between two of them."""
    with log.log_finally():
        for number in range(RECORDS):
            if stop():
                return
            log.write_line(f"begin {number}")
            time.sleep(PAUSE_S)
            log.write_line(f"end {number}")


async def write_awaiting(log: Log) -> None:
    """Write the records as a task."""
    with log.log_finally():
        for number in range(RECORDS):
            log.write_line(f"begin {number}")
            await asyncio.sleep(PAUSE_S)
            log.write_line(f"end {number}")


def daemon_thread(log: Log) -> None:
    """Start a daemon thread, and end."""
    threading.Thread(target=write, args=(log,), daemon=True).start()
    log.wait()


def thread(log: Log) -> None:
    """Start a plain thread, and end."""
    threading.Thread(target=write, args=(log,)).start()
    log.wait()


def thread_asked_to_stop(log: Log) -> None:
    """Start a thread, ask it to stop, join it, and end."""
    stop = threading.Event()
    worker = threading.Thread(target=write, args=(log, stop.is_set))
    worker.start()
    log.wait()
    stop.set()
    worker.join()


def daemon_process(log: Log) -> None:
    """Start a daemon process, and end."""
    multiprocessing.Process(target=write, args=(log,), daemon=True).start()
    log.wait()


def process(log: Log) -> None:
    """Start a plain process, and end."""
    multiprocessing.Process(target=write, args=(log,)).start()
    log.wait()


def task_left(log: Log) -> None:
    """Start a task, and leave the loop without awaiting it."""
    asyncio.run(start_task(log))


def task_cancelled(log: Log) -> None:
    """Start a task, cancel it, await it, and leave the loop."""

    async def main() -> None:
        task = await start_task(log)
        task.cancel()
        await asyncio.wait([task])

    asyncio.run(main())


async def start_task(log: Log) -> "asyncio.Task[None]":
    """Start the worker as a task, and return it when enough is written."""
    task = asyncio.create_task(write_awaiting(log))
    while not log.enough_written():
        await asyncio.sleep(LOOK_S)
    return task


ENDINGS = {
    "daemon_thread": daemon_thread,
    "thread": thread,
    "thread_asked_to_stop": thread_asked_to_stop,
    "daemon_process": daemon_process,
    "process": process,
    "task_left": task_left,
    "task_cancelled": task_cancelled,
}


def measure(case: Case) -> dict[str, float | bool]:
    """Start a program that ends while its worker works; return what was lost."""
    with tempfile.TemporaryDirectory() as folder:
        program = [sys.executable, "-m", __name__, str(case["ending"]), folder]
        ended = subprocess.run(program, stdout=subprocess.PIPE, timeout=DEADLINE_S, check=False)
        gone = now()
        return losses(Log(folder).path.read_text().splitlines()) | {
            "gone_after_s": (gone - int(ended.stdout)) / 1e9,
            "exit_code": ended.returncode,
        }


def losses(lines: list[str]) -> dict[str, float | bool]:
    """Return from a log how many records are lost, whether one was torn, and whether `finally` ran."""
    begun, whole = (sum(line.startswith(word) for line in lines) for word in ("begin", "end"))
    return {
        "records_lost": RECORDS - whole,
        "record_torn": begun > whole,
        "finally_ran": "finally" in lines,
    }


if __name__ == "__main__":
    ENDINGS[sys.argv[1]](Log(sys.argv[2]))
    sys.stdout.write(str(now()))
    sys.stdout.flush()  # the main thread's last action


experiment = Experiment(
    question="A program ends while its worker is working: what is lost?",
    measure=measure,
    grid={"ending": list(ENDINGS)},
    samples=1,
    warmups=0,
    figures=[
        matrix(
            rows="ending",
            columns=("records_lost", "record_torn", "finally_ran", "gone_after_s", "exit_code"),
            good=("finally_ran",),
            bad=("records_lost", "record_torn"),
        )
    ],
    claims=[
        claim(
            "A daemon thread's work in flight is lost at exit",
            value("records_lost", ending="daemon_thread") > 0,
            statement=7,
        ),
        claim(
            "A daemon thread's `finally` does not run at exit",
            value("finally_ran", ending="daemon_thread") < 0.5,
            statement=7,
        ),
        claim(
            "Daemon threads suit clean-up work: none of it is lost at exit",
            value("records_lost", ending="daemon_thread") < 1,
            statement=8,
        ),
        claim("A program waits for its plain thread", value("records_lost", ending="thread") < 1),
        claim(
            "A program stays for as long as its plain thread works",
            ratio("thread", to="daemon_thread", metric="gone_after_s", axis="ending") > 5,
        ),
        claim("The exit code is 0 even if work is lost", value("exit_code") < 1),
        claim("The `finally` of a task that is left runs", value("finally_ran", ending="task_left") > 0.5),
    ],
    besides="When the program ends before its workers: what is lost.",
)
