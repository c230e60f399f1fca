"""The child process of `lab demo`: narrates a batch; measures nothing, since narrating takes time."""

import asyncio
import json
import os
import signal
import sys
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from functools import partial
from typing import NamedTuple

import psutil

from lab.catalog.models import load_model
from lab.core.clock import now
from lab.core.work import AsyncCall, Call, Item, OpenSession, Result, Workload
from lab.cost.helpers import is_helper
from lab.trial.__main__ import die_with_runner
from lab.trial.phases import prepared
from lab.workloads import arbitrage, currency, digest, pause

WORKS: dict[str, Callable[[float], Workload]] = {
    "fetch": lambda wait_ms: currency.fetch(wait_ms=wait_ms),
    "search": lambda _: arbitrage.search(),
    "digest": lambda _: digest.sha256(),
    "pause": pause.sleep,
}
"""Name of the work -> milliseconds to wait -> the workload."""


class Narrator(NamedTuple):
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
            with suppress(psutil.Error):  # it has just ended
                if not is_helper(process):
                    # The system counts a joined thread for a moment longer than Python does.
                    here = process.pid == os.getpid()
                    threads += threading.active_count() if here else process.num_threads()
                    processes += 1
        return f"threads: {threads}, processes: {processes}"

    def starts(self, item: Item) -> Callable[[Result], Result]:
        """Say that a task starts; return what says that it ended with a result, and returns that."""
        self.say(f"{item} starts in {worker()}; {self.census()}")
        started_ns = now()

        def ended(result: Result) -> Result:
            seconds = (now() - started_ns) / 1e9
            self.say(f"{item} ends in {worker()} after {seconds:.3f} s{shown(result)}")
            return result

        return ended


def narrated(narrator: Narrator, blocking: Call, item: Item) -> Result:
    """Say that a task starts, run it, and say that it ended."""
    ended = narrator.starts(item)
    return ended(blocking(item))


@asynccontextmanager
async def narrated_session(narrator: Narrator, open_session: OpenSession) -> AsyncIterator[AsyncCall]:
    """Open a session whose calls are narrated."""
    async with open_session() as call:

        async def narrated_call(item: Item) -> Result:
            ended = narrator.starts(item)
            return ended(await call(item))

        yield narrated_call


def worker() -> str:
    """Return the name of the task or thread that runs, and the number of its process."""
    try:
        task = asyncio.current_task()
    except RuntimeError:  # no loop runs in this thread
        task = None
    name = task.get_name() if task else threading.current_thread().name
    return f"{name}, pid {os.getpid()}"


def shown(result: Result) -> str:
    """Return a result as a line to show under its task: a fetch's symbols and rates, nothing of others."""
    if not isinstance(result, dict):
        return ""
    return "\n           " + "  ".join(f"{symbol} {rate:.5g}" for symbol, rate in result.items())


def narrate(model_name: str, workload: Workload, items: Sequence[Item], workers: int) -> bool:
    """Run a batch and narrate it; return whether every task succeeded."""
    model = load_model(model_name)
    if model.unavailable:
        raise SystemExit(f"lab: {model_name}: {model.unavailable}")
    open_model = prepared(model, workload)
    narrator = Narrator(now(), os.getpid())
    blocking = partial(narrated, narrator, workload.blocking)
    awaitable = partial(narrated_session, narrator, workload.awaitable) if workload.awaitable else None
    work = replace(workload, blocking=blocking, awaitable=awaitable)
    narrator.say(f"before: {narrator.census()}")
    with open_model(workers) as run:
        narrator.say(f"open, with {workers} workers: {narrator.census()}")
        outcomes = run(work, items)
        for item, outcome in zip(items, outcomes, strict=True):
            if outcome.span.error:
                narrator.say(f"{item} failed: {outcome.span.error}")
    narrator.say(f"after: {narrator.census()}")
    return not any(outcome.span.error for outcome in outcomes)


def main() -> None:
    """Narrate the batch that the first argument describes; exit with 1 where a task failed."""
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # a closed pipe ends the narration
    die_with_runner()
    request = json.loads(sys.argv[1])
    workload, items = WORKS[request["work"]](request["wait_ms"]), request["items"]
    sys.exit(not narrate(request["model"], workload, items, request["workers"] or len(items)))


if __name__ == "__main__":
    main()
