"""One event loop in one thread: a task for each item.

The tasks run in a `TaskGroup`; where there are fewer workers than tasks, a semaphore holds the others
back. A workload that can only block runs on the loop itself and delays everything else there: that is
slow, and it is what such code does in a real program. A workload's session is opened once and lives as
long as the model.
"""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager

from lab.core import clock
from lab.core.work import AsyncCall, Call, Item, Model, Outcome, Result, Run, Workload


@contextmanager
def opened(workers: int) -> Iterator[Run]:
    """Open an event loop; close the workload's session and the loop."""
    calls: dict[Workload, AsyncCall] = {}
    with asyncio.Runner() as runner:
        sessions = AsyncExitStack()

        async def batch(workload: Workload, items: Sequence[Item]) -> list[Outcome]:
            if workload not in calls:
                calls[workload] = await open_session(workload, sessions)
            return await gather(calls[workload], workers, items)

        try:
            yield lambda workload, items: runner.run(batch(workload, items))
        finally:
            runner.run(sessions.aclose())


async def open_session(workload: Workload, sessions: AsyncExitStack) -> AsyncCall:
    """Return the workload's awaitable call, or its blocking one dressed as such."""
    if workload.awaitable is not None:
        return await sessions.enter_async_context(workload.awaitable())

    async def call(item: Item) -> Result:
        return workload.blocking(item)

    return call


async def gather(call: AsyncCall, workers: int, items: Sequence[Item]) -> list[Outcome]:
    """Run the batch as tasks of which at most `workers` are past the semaphore."""
    free = asyncio.Semaphore(workers)

    async def task(ticket: clock.Ticket) -> Outcome:
        async with free:
            return await clock.call_async(call, ticket)

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(task(ticket)) for ticket in clock.submit(items)]
    return [task.result() for task in tasks]


def textbook(_: Call, awaited: AsyncCall, items: Sequence[Item]) -> list[Result]:
    """Gather a coroutine for each item."""

    async def main() -> list[Result]:
        return await asyncio.gather(*(awaited(item) for item in items))

    return asyncio.run(main())


model = Model(
    opened,
    textbook=textbook,
    flavour="asyncio",
    workers_in="loop",
    law="event loop",
    colour="#016146",
    marker="o",
)
