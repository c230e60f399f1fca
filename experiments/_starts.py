"""Starts children as processes, threads or tasks, and collects what each reports.

For `experiments/start_method.py`. A spawned interpreter imports this file: it imports little.
"""

from collections.abc import Callable
from multiprocessing import dummy, get_context  # dummy: the same names, for threads
from time import perf_counter_ns as now
from typing import Any

PRELOADED = "_preloaded"

Seen = dict[str, Any]
Work = Callable[[Callable[[Seen], object]], object]
"""What a child does; it gets a function to report what it sees, with `ran_ns`, the time at which it ran."""


def workers(start: str, work: Work, count: int) -> list[Seen]:
    """Start `count` processes or threads, receive what each reports, and join them."""
    made: Any = dummy if start == "thread" else get_context(start.removesuffix(PRELOADED))
    asked, children = [], []
    for _ in range(count):
        ours, theirs = made.Pipe(duplex=False)
        child = made.Process(target=work, args=(theirs.send,))
        asked.append(now())
        child.start()
        theirs.close()
        children.append((child, ours))
    seen = [ours.recv() for _, ours in children]
    for child, ours in children:
        child.join()
        ours.close()
    return timed(asked, seen)


def tasks(work: Work, count: int) -> list[Seen]:
    """Start `count` tasks on an event loop, and await them."""
    import asyncio  # here: a spawned interpreter does not need it

    async def task(seen: list[Seen]) -> None:
        work(seen.append)

    async def main() -> list[Seen]:
        seen: list[Seen] = []
        asked, children = [], []
        for _ in range(count):
            asked.append(now())
            children.append(asyncio.create_task(task(seen)))
        await asyncio.wait(children)
        return timed(asked, seen)

    return asyncio.run(main())


def timed(asked: list[int], seen: list[Seen]) -> list[Seen]:
    """Add to each report how long it took until that child ran, and until now, when all are joined."""
    joined_s = (now() - asked[0]) / 1e9
    return [
        of_one | {"start_s": (of_one["ran_ns"] - when) / 1e9, "joined_s": joined_s}
        for when, of_one in zip(asked, seen, strict=True)
    ]
