"""Fetch one currency's document and read its length: the same request through one of several clients.

`minimal codec` is `http.client`, and asyncio's streams with as little code as possible; `httpx` has both
kinds; `requests/aiohttp` is what most people use. The answer is not decoded, since the cost of JSON would
hide that of the client. A client is opened once, as its documentation advises, even where each fetch has
a new connection: the header `Connection: close` then ends the connection. The trial puts the server's
address into the environment.
"""

import json
import os
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from functools import cache, partial
from importlib import import_module
from typing import Any

from lab.core.errors import LabError
from lab.core.work import AsyncCall, Workload
from lab.server import TAG_HEADER
from lab.server.rates import document
from lab.workloads.currency import aiohttp_session, bases, keeps, thread_session

PATIENCE_S = 60.0
PACKAGES = {
    "minimal codec": ((), ()),
    "httpx": (("httpx",), ("httpx",)),
    "requests/aiohttp": (("requests",), ("aiohttp",)),
}
"""Client -> the packages that its blocking and its awaited kind import."""


@dataclass(frozen=True)
class Fetch:
    """Fetch through a client, blocking: base -> bytes in its document."""

    client: str
    kept: bool
    wait_ms: float

    def __call__(self, base: str) -> int:
        """Fetch one document; an answer other than 200 raises."""
        url, headers = self.url(base), self.headers()
        if self.client == "minimal codec":
            from lab.workloads import _plain

            return len(_plain.blocking(url, headers, kept=self.kept, patience_s=PATIENCE_S))
        session: Any = httpx_client() if self.client == "httpx" else thread_session()
        response = session.get(url, headers=headers, timeout=PATIENCE_S)
        response.raise_for_status()
        return len(response.content)

    @asynccontextmanager
    async def awaitable(self) -> AsyncIterator[AsyncCall]:
        """Open a session without a cap of its own, and yield an async base -> bytes in its document."""
        opened = {"minimal codec": self.plain, "httpx": self.httpx, "requests/aiohttp": self.aiohttp}
        async with opened[self.client]() as get:

            async def length(base: str) -> int:
                return len(await get(self.url(base)))

            yield length

    def plain(self) -> AbstractAsyncContextManager[AsyncCall]:
        """Return the minimal client, which yields an async url -> body."""
        from lab.workloads import _plain

        return _plain.awaited(self.headers(), kept=self.kept, patience_s=PATIENCE_S)

    @asynccontextmanager
    async def httpx(self) -> AsyncIterator[AsyncCall]:
        """Open a session of `httpx`, and yield an async url -> body."""
        import httpx

        async with httpx.AsyncClient(headers=self.headers(), **httpx_options()) as session:

            async def get(url: str) -> bytes:
                response = await session.get(url)
                response.raise_for_status()
                return response.content

            yield get

    @asynccontextmanager
    async def aiohttp(self) -> AsyncIterator[AsyncCall]:
        """Open a session of `aiohttp`, and yield an async url -> body."""
        async with aiohttp_session(self.headers(), kept=self.kept, patience_s=PATIENCE_S) as session:

            async def get(url: str) -> bytes:
                async with session.get(url) as response:
                    response.raise_for_status()
                    return await response.read()

            yield get

    def url(self, base: str) -> str:
        """Return the address of a base's document."""
        return f"{os.environ['LAB_SERVER']}/daily/{base}.json?wait_ms={self.wait_ms:g}"

    def headers(self) -> dict[str, str]:
        """Return the headers of every request: without `close` HTTP/1.1 keeps the connection."""
        return {TAG_HEADER: os.environ["LAB_TAG"]} | ({} if self.kept else {"Connection": "close"})


@cache
def httpx_client() -> Any:
    """Return this process's client of `httpx`, which threads may share; it has no cap of its own."""
    import httpx

    return httpx.Client(**httpx_options())


def httpx_options() -> dict[str, Any]:
    """Return the options of both kinds. There is no TLS here, and its setting up would be measured."""
    import httpx

    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    return {"trust_env": False, "verify": False, "limits": limits, "timeout": PATIENCE_S}


@cache
def expect(base: str) -> int:
    """Return how long a base's document is, as the server writes it."""
    return len(json.dumps(document(base), separators=(",", ":")))


def fetch(client: str = "minimal codec", connections: str = "new", wait_ms: float = 0.0) -> Workload:
    """Return a workload whose tasks each fetch one base's document, which the server holds for `wait_ms`.

    `connections` is "new" (one for each fetch) or "kept" (one a thread, or one session's pool).
    """
    if client not in PACKAGES:
        raise LabError(f"no client {client!r}; there are {', '.join(PACKAGES)}", where="document.fetch")
    task = Fetch(client, keeps(connections, "document.fetch"), wait_ms)
    needs, awaitable_needs = PACKAGES[client]
    return Workload(
        task,
        task.awaitable,
        expect=expect,
        items=bases,
        needs=needs,
        awaitable_needs=awaitable_needs,
        wait_s=wait_ms / 1000,
        uses_server=True,
        connections=connections,
        prepare=partial(import_module, "lab.workloads._plain") if client == "minimal codec" else None,
    )
