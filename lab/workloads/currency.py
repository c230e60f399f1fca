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
    import aiohttp
    import requests

BASES = ("eur", "gbp", "aud", "chf", "cad", "kes", "bhd", "egp", "krw", "cop", "bbd", "djf", "hnl", "ugx")
SYMBOLS = ("usd", "eur", "gbp", "jpy", "chf", "pln")
PATIENCE_S = 30.0
USER_AGENT = "concurrency-lab/0.1 (a teaching tool; at most 14 requests at once)"

Rates = dict[str, float]
_of_thread = threading.local()


@dataclass(frozen=True)
class Fetch:
    """Fetch with `requests`, blocking: base -> rates. Both clients ask for the same in the same way."""

    wait_ms: float
    kept: bool

    def __call__(self, base: str) -> Rates:
        """Fetch the rates of one base currency."""
        if self.kept:
            return self.get(thread_session(), base)
        with new_session() as session:
            return self.get(session, base)

    @asynccontextmanager
    async def awaitable(self) -> AsyncIterator[AsyncCall]:
        """Open a session of `aiohttp`, and yield an async base -> rates; close it and its connections."""
        async with aiohttp_session(self.headers(), kept=self.kept, patience_s=PATIENCE_S) as session:

            async def get(base: str) -> Rates:
                async with session.get(self.url(base)) as response:
                    response.raise_for_status()
                    return self.read(base, await response.json())

            yield get

    def get(self, session: "requests.Session", base: str) -> Rates:
        """Fetch one document; an answer other than 2xx raises."""
        with session.get(self.url(base), headers=self.headers(), timeout=PATIENCE_S) as response:
            response.raise_for_status()
            return self.read(base, response.json())

    def url(self, base: str) -> str:
        """Return the address of a base's rates on the server under test."""
        url = f"{os.environ['LAB_SERVER']}/daily/{base}.json"
        return url if live() or not self.wait_ms else f"{url}?wait_ms={self.wait_ms:g}"

    def headers(self) -> dict[str, str]:
        """Return the headers of every request of this trial."""
        return {"User-Agent": USER_AGENT} if live() else {TAG_HEADER: os.environ["LAB_TAG"]}

    def read(self, base: str, document: Mapping[str, Any]) -> Rates:
        """Return the rates of the symbols; the feed leaves out the base's own, which is 1."""
        every = {code: entry["rate"] for code, entry in document.items()} | {base: 1.0}
        return {symbol: every[symbol] for symbol in SYMBOLS}

    def expect(self, base: str) -> Rates:
        """Return the recorded rates."""
        every = rates(base) | {base: 1.0}
        return {symbol: every[symbol] for symbol in SYMBOLS}


def new_session() -> "requests.Session":
    """Return a new session that, like aiohttp's, heeds proxies only when it leaves this machine."""
    import requests

    session = requests.Session()
    session.trust_env = live()
    return session


def thread_session() -> "requests.Session":
    """Return this thread's own session: `requests` does not promise that threads can share one."""
    if not hasattr(_of_thread, "session"):
        _of_thread.session = new_session()
    session: requests.Session = _of_thread.session
    return session


def aiohttp_session(
    headers: Mapping[str, str], *, kept: bool, patience_s: float
) -> "aiohttp.ClientSession":
    """Return a session whose requests have these headers, without a cap on how many are in flight."""
    import aiohttp

    connector = aiohttp.TCPConnector(limit=0, force_close=not kept)  # its own cap would be 100
    timeout = aiohttp.ClientTimeout(total=patience_s)
    return aiohttp.ClientSession(connector=connector, headers=headers, timeout=timeout, trust_env=live())


def bases(tasks: int) -> list[str]:
    """Return the first `tasks` of the fourteen bases, over again where there are more tasks."""
    return [BASES[n % len(BASES)] for n in range(tasks)]


def live() -> bool:
    """Return whether the trial fetches from the live feed."""
    return bool(os.environ.get("LAB_LIVE"))


def keeps(connections: str, where: str) -> bool:
    """Return whether connections are kept; LabError unless they are "new" or "kept"."""
    if connections not in ("new", "kept"):
        raise LabError(f"connections are 'new' or 'kept', not {connections!r}", where=where)
    return connections == "kept"


def fetch(wait_ms: float = 0.0, connections: str = "new") -> Workload:
    """Return a workload whose tasks each fetch one base's rates from the server.

    The server waits `wait_ms` before it answers. `connections` is "new" (one for each fetch) or
    "kept" (one a thread, or one session's pool for asyncio). The results are checked against the
    recorded rates, except those of the live feed, which are not known beforehand.
    """
    task = Fetch(wait_ms, keeps(connections, "currency.fetch"))
    return Workload(
        task,
        task.awaitable,
        expect=None if live() else task.expect,
        items=bases,
        needs=("requests",),
        awaitable_needs=("aiohttp",),
        wait_s=None if live() else wait_ms / 1000,
        uses_server=True,
        connections=connections,
    )
