"""Fetch the daily rates of one base currency over HTTP: work that waits for a server.

Blocking with `requests`, awaited with `aiohttp`; both with a new connection for each fetch, or both with
kept connections. The trial puts the server's address, and the tag under which the server counts, into
the environment, which every worker inherits.
"""

import os
import threading
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lab.core.errors import LabError
from lab.core.work import AsyncCall, Workload
from lab.server import TAG_HEADER
from lab.server.rates import rates

if TYPE_CHECKING:
    import requests

BASES = ("eur", "gbp", "aud", "chf", "cad", "kes", "bhd", "egp", "krw", "cop", "bbd", "djf", "hnl", "ugx")
SYMBOLS = ("usd", "eur", "gbp", "jpy", "chf", "pln")
PATIENCE_S = 30.0
USER_AGENT = "concurrency-lab/0.1 (a teaching tool; at most 14 requests at once)"

Rates = dict[str, float]
_of_thread = threading.local()


@dataclass(frozen=True)
class Request:
    """What both clients ask for: the same address, the same headers, the same answer read alike."""

    wait_ms: float
    kept: bool
    symbols: tuple[str, ...]

    def url(self, base: str) -> str:
        """Return the address of a base's rates on the server under test."""
        url = f"{os.environ['LAB_SERVER']}/daily/{base}.json"
        return url if live() or not self.wait_ms else f"{url}?wait_ms={self.wait_ms:g}"

    def headers(self) -> dict[str, str]:
        """Return the headers of every request of this trial."""
        return {"User-Agent": USER_AGENT} if live() else {TAG_HEADER: os.environ["LAB_TAG"]}

    def read(self, base: str, document: Mapping[str, Any]) -> Rates:
        """Return the asked symbols' rates; the feed leaves out the base's own, which is 1."""
        every = {code: entry["rate"] for code, entry in document.items()} | {base: 1.0}
        return {symbol: every[symbol] for symbol in self.symbols}

    def expect(self, base: str) -> Rates:
        """Return the recorded rates."""
        every = rates(base) | {base: 1.0}
        return {symbol: every[symbol] for symbol in self.symbols}


class Fetch(Request):
    """Fetch with `requests`, blocking: base -> rates."""

    def __call__(self, base: str) -> Rates:
        """Fetch the rates of one base currency."""
        if self.kept:
            return self.get(self.thread_session(), base)
        with self.session() as session:
            return self.get(session, base)

    def get(self, session: "requests.Session", base: str) -> Rates:
        """Fetch one document; an answer other than 2xx raises."""
        with session.get(self.url(base), timeout=PATIENCE_S) as response:
            response.raise_for_status()
            return self.read(base, response.json())

    def session(self) -> "requests.Session":
        """Return a new session that, like aiohttp's, heeds proxies only when it leaves this machine."""
        import requests

        session = requests.Session()
        session.trust_env = live()
        session.headers.update(self.headers())
        return session

    def thread_session(self) -> "requests.Session":
        """Return this thread's own session: `requests` does not promise that threads can share one."""
        if not hasattr(_of_thread, "session"):
            _of_thread.session = self.session()
        session: requests.Session = _of_thread.session
        return session


class AwaitedFetch(Request):
    """Fetch with `aiohttp`: its context opens one session and yields an async base -> rates."""

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[AsyncCall]:
        """Open a session; close it and its connections."""
        import aiohttp

        # limit=0: the connector's own cap of 100 would bound what the case asks for.
        connector = aiohttp.TCPConnector(limit=0, force_close=not self.kept)
        patience = aiohttp.ClientTimeout(total=PATIENCE_S)
        async with aiohttp.ClientSession(
            connector=connector, headers=self.headers(), timeout=patience, trust_env=live()
        ) as session:

            async def get(base: str) -> Rates:
                async with session.get(self.url(base)) as response:
                    response.raise_for_status()
                    return self.read(base, await response.json())

            yield get


def bases(tasks: int) -> list[str]:
    """Return the first `tasks` of the fourteen bases, over again where there are more tasks."""
    return [BASES[n % len(BASES)] for n in range(tasks)]


def live() -> bool:
    """Return whether the trial fetches from the live feed."""
    return bool(os.environ.get("LAB_LIVE"))


def fetch(wait_ms: float = 0.0, connections: str = "new", symbols: tuple[str, ...] = SYMBOLS) -> Workload:
    """Return a workload whose tasks each fetch one base's rates from the server.

    The server waits `wait_ms` before it answers. `connections` is "new" (one for each fetch) or
    "kept" (one a thread, or one session's pool for asyncio). The results are checked against the
    recorded rates, except those of the live feed, which are not known beforehand.
    """
    if connections not in ("new", "kept"):
        raise LabError(f"connections are 'new' or 'kept', not {connections!r}", where="currency.fetch")
    request = (wait_ms, connections == "kept", symbols)
    return Workload(
        Fetch(*request),
        AwaitedFetch(*request),
        expect=None if live() else Request(*request).expect,
        items=bases,
        needs=("requests",),
        awaitable_needs=("aiohttp",),
        wait_s=None if live() else wait_ms / 1000,
        uses_server=True,
        connections=connections,
    )
