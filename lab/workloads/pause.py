"""Sleep: work that only waits, for tests and for the lower bound, which no model can beat."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from lab.core.work import AsyncCall, Item, Workload


@dataclass(frozen=True)
class Pause:
    """Sleep for `seconds` and return the item."""

    seconds: float

    def __call__(self, item: Item) -> Item:
        """Sleep."""
        time.sleep(self.seconds)
        return item

    @asynccontextmanager
    async def awaitable(self) -> AsyncIterator[AsyncCall]:
        """Yield an async item -> item; there is no session to open."""
        import asyncio  # a blocking trial does without it

        async def pause(item: Item) -> Item:
            await asyncio.sleep(self.seconds)
            return item

        yield pause


def itself(item: Item) -> Item:
    """Return the item: the right result of a pause."""
    return item


def sleep(ms: float = 10.0) -> Workload:
    """Return a workload whose tasks sleep `ms` milliseconds and return their item."""
    pause = Pause(ms / 1000)
    return Workload(pause, pause.awaitable, expect=itself, wait_s=pause.seconds)
