"""Ten workers write lines to one stream: which ways of writing tear lines, and which keep their order?

## The question

Ten workers write thirty lines each to one pipe. A line has four pieces. Before each line its worker reads
the clock: that is the time at which the line was submitted. Then the pipe is read: how many lines are torn,
how many came after one that was submitted later, and how many never came?

## What to expect

- `print`: one `print(a, b, c, d)` for each line, to a line-buffered stream, as standard output is on a
  terminal. Many texts claim that this mixes lines up. It does not: the pieces are collected in the stream's
  buffer, and the end of the line writes them all at once. The *order* is lost: the thread releases the GIL
  while it writes.
- `print unbuffered`: the same print to a stream that writes every piece at once, as under `python -u`. Each
  piece is a system call, and another thread can write between any two. Up to half of the lines are torn.
- `print pieces`: one print for each piece, with a wait after each, as when a program must first look up
  what to write next. Nearly every line is torn, and the buffer does not help: all workers share it.
- `locked pieces`, `locked unbuffered`: a lock around its pieces keeps a line whole, but not the order: a
  `threading.Lock` does not promise which waiter is next. The waits within all lines add up: it takes
  several times as long.
- `queued pieces`: the workers put whole lines on a queue, and one thread prints them. Lines are whole, and
  in the order of the queue; another worker can only come between reading the clock and the `put`.
- `write line`: `os.write` of a whole line. A pipe keeps one system call whole, up to 4 kB on Linux.
- asyncio: without an `await` between the pieces no other task can write between them, even unbuffered; that
  is why its lock is rarely needed. With an `await` (`print pieces`) every line is torn, and `asyncio.Lock`
  prevents that. It serves its waiters in order, so the order is kept too.
- Processes have a buffer each, so a line's pieces stay together. Unbuffered, their lines are torn like
  those of threads, and a `multiprocessing.Lock` that all share keeps them whole. A buffer that is not
  flushed is lost with its process (`print unflushed`): at the end of a forked process, `multiprocessing`
  flushes only `sys.stdout` and `sys.stderr`. The buffer of threads still exists after they end; when it is
  full, a line may be torn (CPython 3.13).

## What to look at

With threads, only the queue and the unflushed stream keep every line whole and in order; with tasks, all
ways except the unguarded pieces do.

## What not to conclude

That `print` is safe to share. Its lines are whole here because they are short, the stream is buffered, and
CPython does not interrupt the copying into that buffer. Python promises none of it.
"""

import asyncio
import multiprocessing
import os
import queue
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from time import perf_counter_ns as now
from typing import Any, TextIO

from lab import Case, Experiment, claim, ever, matrix, value

from ._lines import LOSSES, Pieces, line, losses, opened

WORKERS, LINES = 10, 30  # 15 kB in total, which fits into a pipe: nobody has to read meanwhile
ENDS = "   \n"
KEPT: list[TextIO] = []  # streams that nobody closes, as a module keeps its log open


def print_line(stream: TextIO, pieces: Pieces) -> None:
    """Print a line at once."""
    print(*pieces, file=stream)


def print_pieces(stream: TextIO, pieces: Pieces) -> None:
    """Print a line piece by piece, and wait after each."""
    for piece, end in zip(pieces, ENDS, strict=True):
        print(piece, end=end, file=stream)
        time.sleep(0)


def write_line(stream: TextIO, pieces: Pieces) -> None:
    """Write a line by one system call."""
    os.write(stream.fileno(), f"{' '.join(pieces)}\n".encode())


WAYS: Mapping[str, tuple[Callable[[TextIO, Pieces], None], str, str]] = {
    "print": (print_line, "line", "threads processes"),
    "print unbuffered": (print_line, "nothing", "threads asyncio processes"),
    "print unflushed": (print_line, "block", "threads processes"),
    "print pieces": (print_pieces, "line", "threads asyncio processes"),
    "locked pieces": (print_pieces, "line", "threads asyncio"),
    "locked unbuffered": (print_line, "nothing", "threads processes"),
    "queued pieces": (print_pieces, "line", "threads"),
    "write line": (write_line, "nothing", "threads"),
}
"""Way -> the function that writes a line, the unit that the stream buffers, and the models that use it."""


def run(workers: Sequence[Any]) -> None:
    """Start threads or processes, and join them."""
    for each in workers:
        each.start()
    for each in workers:
        each.join()


def threads(way: str, pipe: Any) -> None:
    """Write from ten threads; if the lines are queued, through an eleventh."""
    write, held_back, _ = WAYS[way]
    guard = threading.Lock() if way.startswith("locked") else nullcontext()
    ready = threading.Barrier(WORKERS)
    lines: queue.SimpleQueue[Pieces | None] = queue.SimpleQueue()

    def work(worker: int) -> None:
        ready.wait()
        for number in range(LINES):
            pieces = line(worker, number)
            with guard:
                submit(pieces)

    def write_queued() -> None:
        while (pieces := lines.get()) is not None:
            write(stream, pieces)

    with opened(pipe.fileno(), held_back) as stream:
        submit = lines.put if way == "queued pieces" else lambda pieces: write(stream, pieces)
        printer = threading.Thread(target=write_queued)
        printer.start()
        run([threading.Thread(target=work, args=(worker,)) for worker in range(WORKERS)])
        lines.put(None)
        printer.join()


async def tasks(way: str, pipe: Any) -> None:
    """Write from ten tasks, which take turns after each line, or after each piece of it."""
    write, held_back, _ = WAYS[way]
    guard: Any = asyncio.Lock() if way.startswith("locked") else nullcontext()

    async def work(worker: int) -> None:
        for number in range(LINES):
            pieces = line(worker, number)
            async with guard:
                if write is print_pieces:
                    for piece, end in zip(pieces, ENDS, strict=True):
                        print(piece, end=end, file=stream)
                        await asyncio.sleep(0)
                else:
                    write(stream, pieces)
            await asyncio.sleep(0)

    with opened(pipe.fileno(), held_back) as stream:
        await asyncio.gather(*(work(worker) for worker in range(WORKERS)))


def processes(way: str, pipe: Any) -> None:
    """Write from ten processes, each through a stream of its own."""
    guard = multiprocessing.Lock() if way.startswith("locked") else nullcontext()
    shared = (way, pipe, multiprocessing.Barrier(WORKERS), guard)
    run(
        [
            multiprocessing.Process(target=write_in_process, args=(worker, *shared))
            for worker in range(WORKERS)
        ]
    )


def write_in_process(worker: int, way: str, pipe: Any, ready: Any, guard: Any) -> None:
    """Write a worker's lines, in a separate process, and leave the stream open."""
    write, held_back, _ = WAYS[way]
    KEPT.append(opened(pipe.fileno(), held_back))
    ready.wait()
    for number in range(LINES):
        pieces = line(worker, number)
        with guard:
            write(KEPT[0], pieces)


ARMS: Mapping[str, Callable[[str, Any], None]] = {
    "threads": threads,
    "asyncio": lambda way, pipe: asyncio.run(tasks(way, pipe)),
    "processes": processes,
}


def measure(case: Case) -> dict[str, float]:
    """Write all lines into a pipe, then read it; return how many were torn, late or lost."""
    outlet, inlet = multiprocessing.Pipe(duplex=False)
    with outlet, open(outlet.fileno(), "rb", closefd=False) as written:
        with inlet:
            began = now()
            ARMS[str(case["model"])](str(case["way"]), inlet)
            took_s = (now() - began) / 1e9
        return losses(written.read(), WORKERS * LINES) | {"took_s": took_s}


THREADS_PRINT = {"model": "threads", "way": "print"}
THREADS_PRINT_PIECES = {"model": "threads", "way": "print pieces"}
THREADS_LOCK = {"model": "threads", "way": "locked pieces"}
THREADS_UNBUFFERED = {"model": "threads", "way": "print unbuffered"}
PROCESSES_UNBUFFERED = {"model": "processes", "way": "print unbuffered"}
PROCESSES_LOCK = {"model": "processes", "way": "locked unbuffered"}
PROCESSES_UNFLUSHED = {"model": "processes", "way": "print unflushed"}

experiment = Experiment(
    question="Ten workers write lines to one stream: which lines are torn, late or lost?",
    measure=measure,
    grid={"model": ["threads", "asyncio", "processes"], "way": list(WAYS)},
    keep=lambda params: params["model"] in WAYS[str(params["way"])][2].split(),
    baseline="",
    samples=1,
    warmups=0,
    timeout_s=20,
    figures=[matrix("way", (*LOSSES, "took_s"), bad=LOSSES)],
    claims=[
        claim(
            "Threads that print lines tear them", value("torn_percent", **THREADS_PRINT) > 1, statement=6
        ),
        claim(
            "Threads that print pieces tear lines",
            value("torn_percent", **THREADS_PRINT_PIECES) > 1,
            statement=6,
        ),
        claim(
            "Threads that print unbuffered tear lines",
            ever("torn_percent", **THREADS_UNBUFFERED) > 0,
            statement=6,
        ),
        claim(
            "Threads that print lose the order",
            ever("out_of_order_percent", **THREADS_PRINT) > 0,
            statement=6,
        ),
        claim("A lock keeps lines whole", value("torn_percent", way="locked pieces") < 1e-9),
        claim(
            "Processes that print unbuffered tear lines", ever("torn_percent", **PROCESSES_UNBUFFERED) > 0
        ),
        claim(
            "A lock that processes share keeps lines whole", value("torn_percent", **PROCESSES_LOCK) < 1e-9
        ),
        claim(
            "A lock keeps the lines of threads in order", value("out_of_order_percent", **THREADS_LOCK) < 1
        ),
        claim(
            "asyncio tears no line without an await within it",
            value("torn_percent", model="asyncio", way="print unbuffered") < 1e-9,
        ),
        claim(
            "A process that ends without flushing loses what it has printed",
            value("lost_percent", **PROCESSES_UNFLUSHED) > 99,
        ),
    ],
)
