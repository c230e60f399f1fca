"""A server that allows 200 requests a second: which client obeys, and what does it cost to disobey?

## The question

Thirty fetches from a server with a rate limit: after a pause it accepts six at once, and from then on 200 a
second. It refuses a request that comes earlier, with a 429 that names the time to wait. Some say: "A pool
bounds the rate at which work hits a server." Does it?

All clients are polite: after a refusal they wait for as long as the server asks, and try again. Every
request, also a repeated one, opens a new connection. The clients:

- `threads`: a thread for each fetch, all at once. `thread_pool`: 1 to 16 workers. `process_executor`: 16
  processes. `asyncio`: a semaphore of 16.
- `token_bucket`: a pool of 16 that takes a token before each request from a bucket in the client. The
  bucket fills as fast as the server's, and holds half as many. `asyncio_limiter`: the same with
  `aiolimiter`.

## What to expect

- A pool bounds how many requests are *in flight*. Their rate is that number divided by the time of each
  request (Little's law): with an answer in 10 ms one worker sends some 90 requests a second, and four some
  350, if none were refused. So a pool of `200/s × 10 ms = 2` obeys the limit, and a larger one breaks it.
- The same pool obeys the limit or breaks it, depending on the speed of the server. Four workers are never
  refused if an answer takes 40 ms, but they are if it takes 10 ms: a pool that was tuned to a slow server
  is wrong for a fast one. A semaphore works like a pool, and is refused like one.
- A refusal costs hardly any time here, since it names the exact moment to come again. But all refused
  clients get the same moment: one of them is served, and the others must come again. So 30 threads, one for
  each fetch, send some 200 requests in vain, and so does a pool of 16.
- With a bucket in the client nothing is refused, although there are 16 workers, and the makespan is an
  eighth above the shortest that the limit allows, `(30 - 6) / 200` seconds and one answer. Half of the
  server's burst is left unused, since requests do not arrive as evenly as they were sent.

## What to look at

The refusals over the number of workers: none up to two, then a steep rise, and at 16 none for the two
clients with a bucket. Then the makespan, against the dashed limit. Then one pool of four with three
servers: its requests a second depend on the server's time, not on the limit.

## What not to conclude

That refusals are harmless. The standard's `Retry-After` has only whole seconds, and each refusal would then
cost one; this server adds `Retry-After-Ms`. Real servers also lock out clients that do not obey. And
several processes need a limiter that they share.
"""

import json
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext

from lab import (
    Case,
    Experiment,
    Measurement,
    Workload,
    batch,
    claim,
    lines,
    load_model,
    missing,
    ratio,
    value,
)
from lab.workloads import currency

from ._polite import TokenBucket, get

MODELS = ["threads", "thread_pool", "process_executor", "token_bucket", "asyncio", "asyncio_limiter"]
TASKS = 30
RATE_PER_S, BURST, OWN_BURST = 200, 6, 3
LIMITED = f"rate_per_s={RATE_PER_S}&burst={BURST}"
WORKERS = {"threads": ["all"], "thread_pool": [1, 2, 4, 8, 16]}  # the others have 16
RUN_BY = {"token_bucket": "thread_pool", "asyncio_limiter": "asyncio"}


class Client:
    """What the blocking and the awaiting clients share: the request, and how to read the answer."""

    def __init__(self, wait_ms: float) -> None:
        self.request = currency.Fetch(wait_ms, False)

    def url(self, base: str) -> str:
        """Return the address of the rates of a base, with the limit."""
        return f"{self.request.url(base)}&{LIMITED}"


def retry_after_s(headers: Mapping[str, str]) -> float:
    """Return after how many seconds the server accepts another request."""
    return float(headers["Retry-After-Ms"]) / 1000


def no_gate() -> None:
    """Let every request through."""


class Blocking(Client):
    """Fetch with `http.client`, again and again until served; before each request, pass the gate."""

    def __init__(self, wait_ms: float, gate: Callable[[], None]) -> None:
        super().__init__(wait_ms)
        self.gate = gate

    def __call__(self, base: str) -> currency.Rates:
        """Return the rates of a base."""
        while True:
            self.gate()
            status, headers, body = get(self.url(base), self.request.headers())
            if status != 429:
                return self.request.read(base, json.loads(body))
            time.sleep(retry_after_s(headers))


class Awaiting(Client):
    """The same with `aiohttp`: its context opens a session and yields an async base -> rates."""

    def __init__(self, wait_ms: float, gate: Callable[[], AbstractAsyncContextManager[None]]) -> None:
        super().__init__(wait_ms)
        self.gate = gate

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[Callable[[str], object]]:
        """Open a session without a pool of connections, and the gate; close the session."""
        import asyncio  # here: a blocking trial does not need it

        import aiohttp

        gate = self.gate()
        connector = aiohttp.TCPConnector(limit=0, force_close=True)
        async with aiohttp.ClientSession(connector=connector, headers=self.request.headers()) as session:

            async def fetch(base: str) -> currency.Rates:
                while True:
                    async with gate:
                        pass
                    async with session.get(self.url(base)) as response:
                        if response.status != 429:
                            return self.request.read(base, await response.json())
                        wait_s = retry_after_s(response.headers)
                    await asyncio.sleep(wait_s)

            yield fetch


def limiter() -> AbstractAsyncContextManager[None]:
    """Return the bucket of `aiolimiter`: OWN_BURST at once, RATE_PER_S a second."""
    from aiolimiter import AsyncLimiter

    return AsyncLimiter(OWN_BURST, OWN_BURST / RATE_PER_S)


def measure(case: Case) -> Measurement:
    """Fetch under the limit; return how many were served and refused, and the shortest makespan."""
    name, wait_ms = str(case["model"]), float(case["wait_ms"])
    blocking = Blocking(
        wait_ms, TokenBucket(RATE_PER_S, OWN_BURST).take if name == "token_bucket" else no_gate
    )
    awaiting = Awaiting(wait_ms, limiter if name == "asyncio_limiter" else nullcontext)
    workload = Workload(blocking, awaiting, expect=blocking.request.expect, uses_server=True)
    workers = TASKS if case["workers"] == "all" else int(case["workers"])
    with load_model(RUN_BY.get(name, name)).open(workers) as run:
        served = batch(run, workload, currency.bases(TASKS), workers=workers)
    limit_s = (TASKS - BURST) / RATE_PER_S + wait_ms / 1000
    return Measurement(
        {
            "served": len(served.outcomes),
            "refused": served.counts["refused"],
            "makespan_s": served.makespan_s,
            "limit_s": limit_s,
            "over_limit_percent": 100 * (served.makespan_s / limit_s - 1),
            "requests_per_s": served.counts["requests"] / served.makespan_s,
            "peak_in_flight": served.peak_in_flight,
            "server_peak_in_flight": served.counts["peak_in_flight"],
            "in_flight_bounded": served.counts["peak_in_flight"] <= workers,
        },
        served.spans,
    )


experiment = Experiment(
    question="A server allows 200 requests a second: which client is refused, and which finishes first?",
    measure=measure,
    grid={"model": MODELS, "workers": [1, 2, 4, 8, 16, "all"], "wait_ms": [10, 2, 40]},
    keep=lambda at: (
        at["workers"] in WORKERS.get(str(at["model"]), [16])
        and (at["wait_ms"] == 10 or (at["model"], at["workers"]) == ("thread_pool", 4))
    ),
    unavailable=lambda case: missing(["aiolimiter"] if case["model"] == "asyncio_limiter" else []),
    uses_server=True,
    samples=1,
    warmups=0,
    figures=[
        lines("workers", "refused", wait_ms=10).asking(
            "A server allows 200 requests a second: which client is refused?"
        ),
        lines("workers", "makespan_s", wait_ms=10).asking(
            "With refused requests sent again: which client finishes first?"
        ),
        lines("wait_ms", "requests_per_s", model="thread_pool", workers=4).asking(
            "Does a pool of four limit the requests a second?"
        ),
    ],
    claims=[
        claim(
            "A pool bounds the rate at which work hits a server",
            value("refused", model="thread_pool") < 0.5,
            statement=5,
        ),
        claim(
            "A pool bounds how many requests are in flight, whatever its size",
            value("in_flight_bounded", model="thread_pool") > 0.5,
            statement=5,
        ),
        claim(
            "The same pool of four keeps to the limit with a slower server",
            value("refused", model="thread_pool", workers=4, wait_ms=40) < 0.5,
        ),
        claim(
            "With a fast server it sends more than twice as many requests a second as with a slow one",
            ratio("2", to="40", axis="wait_ms", metric="requests_per_s", model="thread_pool") > 2,
        ),
        claim("No client is done before the limit allows", value("over_limit_percent") > 0),
        claim(
            "With a token bucket it takes at most half longer than the limit allows",
            value("over_limit_percent", model="token_bucket") < 50,
        ),
        claim(
            "A pool of one, which is never refused, takes more than half longer",
            value("over_limit_percent", model="thread_pool", workers=1) > 50,
        ),
        claim(
            "Multiprocessing needs no rate limits: a pool of processes is refused nothing",
            value("refused", model="process_executor") < 0.5,
            statement=11,
        ),
        claim("A semaphore bounds the rate", value("refused", model="asyncio") < 0.5),
        claim("A token bucket keeps to the limit", value("refused", model="token_bucket") < 0.5),
        claim("aiolimiter keeps to the limit", value("refused", model="asyncio_limiter") < 0.5),
    ],
)
