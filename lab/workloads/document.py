"""Fetch one currency's document and read its length: the same request through one of several clients.

`minimal codec` is `http.client`, and asyncio's streams with as little code as possible; `httpx` has both
kinds; `requests/aiohttp` is what most people use. The answer is not decoded, since the cost of JSON would
hide that of the client. A client is opened once, as its documentation advises, even where each fetch has
a new connection: the header `Connection: close` then ends the connection. The trial puts the server's
address into the environment.
"""

import json
import os
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache, partial
from importlib import import_module
from typing import Any

from lab.core.errors import LabError
from lab.core.work import AsyncCall, Workload
from lab.server import TAG_HEADER
from lab.server.rates import document
from lab.workloads.currency import bases

PATIENCE_S = 60.0
PACKAGES = {
    "minimal codec": ((), ()),
    "httpx": (("httpx",), ("httpx",)),
    "requests/aiohttp": (("requests",), ("aiohttp",)),
}
"""Client -> the packages that its blocking and its awaited kind import."""

_of_thread = threading.local()


@dataclass(frozen=True)
class Document:
    """What every client asks for."""

    client: str
    kept: bool
    wait_ms: float

    def url(self, base: str) -> str:
        """Return the address of a base's document."""
        return f"{os.environ['LAB_SERVER']}/daily/{base}.json?wait_ms={self.wait_ms:g}"

    def headers(self) -> dict[str, str]:
        """Return the headers of every request: without `close` HTTP/1.1 keeps the connection."""
        return {TAG_HEADER: os.environ["LAB_TAG"]} | ({} if self.kept else {"Connection": "close"})


class Fetch(Document):
    """Fetch, blocking: base -> bytes in its document."""

    def __call__(self, base: str) -> int:
        """Fetch one document; an answer other than 200 raises."""
        url, headers = self.url(base), self.headers()
        if self.client == "minimal codec":
            from lab.workloads import _plain

            return len(_plain.blocking(url, headers, kept=self.kept, patience_s=PATIENCE_S))
        session = httpx_client() if self.client == "httpx" else requests_session()
        return read(session.get(url, headers=headers, timeout=PATIENCE_S))


@cache
def httpx_client() -> Any:
    """Return this process's client of `httpx`, which threads may share; it has no cap of its own."""
    import httpx

    return httpx.Client(**httpx_options())


def httpx_options() -> dict[str, Any]:
    """Return the options of both kinds. There is no TLS here, and to set it up would be measured."""
    import httpx

    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    return {"trust_env": False, "verify": False, "limits": limits, "timeout": PATIENCE_S}


def requests_session() -> Any:
    """Return this thread's own session: `requests` does not promise that threads can share one."""
    if not hasattr(_of_thread, "session"):
        import requests

        _of_thread.session = requests.Session()
        _of_thread.session.trust_env = False
    return _of_thread.session


class AwaitedFetch(Document):
    """The same, awaited: its context opens one session and yields an async base -> bytes."""

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[AsyncCall]:
        """Open a session without a cap of its own; close it and its connections."""
        opened = {"minimal codec": self.plain, "httpx": self.httpx, "requests/aiohttp": self.aiohttp}[
            self.client
        ]
        async with opened() as get:
            yield get

    @asynccontextmanager
    async def plain(self) -> AsyncIterator[AsyncCall]:
        """Open the minimal client."""
        from lab.workloads import _plain

        async with _plain.awaited(self.headers(), kept=self.kept, patience_s=PATIENCE_S) as get_url:

            async def get(base: str) -> int:
                return len(await get_url(self.url(base)))

            yield get

    @asynccontextmanager
    async def httpx(self) -> AsyncIterator[AsyncCall]:
        """Open a session of `httpx`."""
        import httpx

        async with httpx.AsyncClient(headers=self.headers(), **httpx_options()) as session:

            async def get(base: str) -> int:
                return read(await session.get(self.url(base)))

            yield get

    @asynccontextmanager
    async def aiohttp(self) -> AsyncIterator[AsyncCall]:
        """Open a session of `aiohttp`."""
        import aiohttp

        connector = aiohttp.TCPConnector(limit=0, force_close=not self.kept)
        patience = aiohttp.ClientTimeout(total=PATIENCE_S)
        async with aiohttp.ClientSession(
            connector=connector, headers=self.headers(), timeout=patience
        ) as session:

            async def get(base: str) -> int:
                async with session.get(self.url(base)) as response:
                    response.raise_for_status()
                    return len(await response.read())

            yield get


def read(response: Any) -> int:
    """Return the length of an answer of `requests` or `httpx`; one with another status than 2xx raises."""
    response.raise_for_status()
    return len(response.content)


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
    if connections not in ("new", "kept"):
        raise LabError(f"connections are 'new' or 'kept', not {connections!r}", where="document.fetch")
    what = (client, connections == "kept", wait_ms)
    needs, awaitable_needs = PACKAGES[client]
    return Workload(
        Fetch(*what),
        AwaitedFetch(*what),
        expect=expect,
        items=bases,
        needs=needs,
        awaitable_needs=awaitable_needs,
        wait_s=wait_ms / 1000,
        uses_server=True,
        connections=connections,
        prepare=partial(import_module, "lab.workloads._plain") if client == "minimal codec" else None,
    )
