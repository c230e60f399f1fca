"""The child process of `lab demo`: runs one batch and narrates it.

It measures nothing: narrating takes time inside the tasks.
"""

import asyncio
import json
import os
import signal
import sys
import threading
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import psutil

from lab.catalog.models import load_model
from lab.core.clock import now
from lab.core.work import AsyncCall, Item, OpenSession, Result, Workload
from lab.cost.helpers import is_helper
from lab.trial.__main__ import die_with_runner
from lab.trial.phases import prepared
from lab.workloads import arbitrage, currency, digest, pause


@dataclass(frozen=True)
class Narrator:
    """Writes on standard output what tasks do, in whichever process they run."""

    began_ns: int
    pid: int

    def say(self, words: str) -> None:
        """Write one line with the time, in one piece, so that the lines of several processes stay whole."""
        milliseconds = (now() - self.began_ns) / 1e6
        os.write(1, f"{milliseconds:6.0f} ms  {words}\n".encode())

    def census(self) -> str:
        """Return how many threads and processes are alive, those of this process and its workers."""
        threads, processes = 0, 0
        root = psutil.Process(self.pid)
        for process in [root, *root.children(recursive=True)]:
            try:
                helper = is_helper(process)
                # Of its own Python knows better: for a moment the system still counts one that was joined.
                here = process.pid == os.getpid()
                alive = threading.active_count() if here else process.num_threads()
                threads += 0 if helper else alive
                processes += 0 if helper else 1
            except psutil.Error:  # it has just ended
                pass
        return f"threads: {threads}, processes: {processes}"

    def starts(self, item: Item) -> None:
        """Say that a task starts, and how many threads and processes are alive then."""
        self.say(f"{item} starts in {worker()}; {self.census()}")

    def ends(self, item: Item, started_ns: int, result: Result) -> None:
        """Say that a task ended, after how long, and with which result."""
        lines = shown(result)
        self.say(
            f"{item} ends in {worker()} after {(now() - started_ns) / 1e9:.3f} s"
            + (f"\n{lines}" if lines else "")
        )


@dataclass(frozen=True)
class Narrated:
    """A blocking call that is narrated."""

    blocking: Callable[[Item], Result]
    narrator: Narrator

    def __call__(self, item: Item) -> Result:
        """Say that the task starts, run it, and say that it ended."""
        self.narrator.starts(item)
        started_ns = now()
        result = self.blocking(item)
        self.narrator.ends(item, started_ns, result)
        return result


@dataclass(frozen=True)
class NarratedAwaitable:
    """An awaitable that is narrated."""

    open: OpenSession
    narrator: Narrator

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[AsyncCall]:
        """Open the session of the awaitable."""
        async with self.open() as call:

            async def narrated(item: Item) -> Result:
                self.narrator.starts(item)
                started_ns = now()
                result = await call(item)
                self.narrator.ends(item, started_ns, result)
                return result

            yield narrated


def worker() -> str:
    """Return the name of the task or thread that runs, and the number of its process."""
    try:
        task = asyncio.current_task()
    except RuntimeError:  # no loop runs in this thread
        task = None
    name = task.get_name() if task else threading.current_thread().name
    return f"{name}, pid {os.getpid()}"


def shown(result: Result) -> str:
    """Return a result as lines to show under its task; a fetch's is its symbols and rates."""
    if isinstance(result, dict):
        return "           " + "  ".join(f"{symbol} {rate:.5g}" for symbol, rate in result.items())
    return ""


def workload_of(request: Mapping[str, Any]) -> Workload:
    """Return the workload that was asked for."""
    made: dict[str, Callable[[], Workload]] = {
        "fetch": lambda: currency.fetch(wait_ms=request["wait_ms"]),
        "search": arbitrage.search,
        "digest": digest.sha256,
        "pause": lambda: pause.sleep(request["wait_ms"]),
    }
    return made[request["work"]]()


def main() -> int:
    """Run the batch that the first argument describes; return 1 where a task failed."""
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # a closed pipe ends the narration
    die_with_runner()
    request = json.loads(sys.argv[1])
    model, workload, items = load_model(request["model"]), workload_of(request), request["items"]
    if model.unavailable:
        raise SystemExit(f"lab: {request['model']}: {model.unavailable}")
    open_model = prepared(model, workload)
    narrator = Narrator(now(), os.getpid())
    narrated = replace(
        workload,
        blocking=Narrated(workload.blocking, narrator),
        awaitable=NarratedAwaitable(workload.awaitable, narrator) if workload.awaitable else None,
    )
    narrator.say(f"before: {narrator.census()}")
    workers = request["workers"] or len(items)
    with open_model(workers) as run:
        narrator.say(f"open, with {workers} workers: {narrator.census()}")
        outcomes = run(narrated, items)
        for item, outcome in zip(items, outcomes, strict=True):
            if outcome.span.error:
                narrator.say(f"{item} failed: {outcome.span.error}")
    narrator.say(f"after: {narrator.census()}")
    return int(any(outcome.span.error for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main())
