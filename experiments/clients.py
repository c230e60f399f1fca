"""Two hundred fetches through four libraries: how much of the cost is the model, how much the library?

## The question

"asyncio is faster than threads" is often measured as `aiohttp` against `requests`. That changes two things
at once: the model and the library. Here the same fetches go through the smallest possible client in both
models (`minimal codec`: the standard library's `http.client`, and asyncio's streams, which send the same
bytes); through `httpx`, which has a blocking and an async client; and through `requests` in threads and
`aiohttp` under asyncio.

## What to expect

- The CPU time of a fetch shows the difference; the makespan hides it behind the wait. A library costs more
  than a bare request: it merges headers, parses URLs, handles cookies, proxies and redirects, and keeps a
  pool of connections.
- `requests` in threads takes about four times the CPU of `aiohttp` with new connections, and seven to eight
  times with kept ones. Through the minimal client it is two and nearly four times: that part comes from the
  model. The rest, almost a factor of two, comes from the libraries: `requests` takes about three times the
  CPU of `http.client`, and `aiohttp`, whose parser is in C, a third to two thirds more than bare streams.
- `httpx` has the same authors and the same design on both sides, and it reverses the result: its threads
  take less CPU than its asyncio. For every request, its pool looks at every connection that it keeps. With
  fifty kept connections it does little else, and the server sees only five requests at once.
- A kept connection saves the connecting, for the client and for the server. `aiohttp` saves half of its CPU
  or more; `requests`, which has much other work, saves a fifth or less. `httpx` loses: it takes four to
  five times the CPU under asyncio.

## What to look at

The bars in two parts: on the logarithmic axis each part is as long as its share of the difference. Then the
CPU of each fetch in the table: within each of the first two rows only the model differs, within the last
also the library; within a column only the client differs.

## What not to conclude

That libraries are a waste: without them you would write the same features yourself, with mistakes. And that
the makespans are the same for other work: with 50 fetches at a time and 10 ms of wait the limit is 40 ms,
and a client that takes a millisecond of CPU for each fetch cannot come near it.
"""

from collections.abc import Mapping

from lab import (
    Case,
    CostOfFetching,
    Experiment,
    Gap,
    batch,
    claim,
    factor,
    load_model,
    matrix,
    missing,
    ratio,
    split,
)
from lab.workloads import document

WAIT_S = 0.01
FETCHES = 200
WORKERS = 50
CPU = "cpu_of_each_s"
GAP = Gap("thread_pool", "asyncio", axis="client", of="requests/aiohttp", control="minimal codec")


def measure(case: Case) -> Mapping[str, float | None]:
    """Fetch once to warm up, then again with the clock on; return the cost of a fetch and the makespan."""
    work = document.fetch(str(case["client"]), str(case["connections"]), wait_ms=WAIT_S * 1000)
    items = work.items(FETCHES)
    with load_model(str(case["model"])).open(WORKERS) as run:
        run(work, items[:WORKERS])  # loads what is loaded once, and opens the kept connections
        fetched = batch(run, work, items, workers=WORKERS)
    return {
        "makespan_s": fetched.makespan_s,
        "limit_s": work.limit_s(FETCHES, WORKERS),
        "cpu_of_each_s": None if fetched.cpu_s is None else fetched.cpu_s / FETCHES,
        "server_peak": fetched.counts["peak_in_flight"],
    }


def unavailable(case: Case) -> str:
    """Return which package is missing for a case's client; "" if none."""
    blocking, awaited = document.PACKAGES[str(case["client"])]
    return missing(awaited if case["model"] == "asyncio" else blocking)


experiment = Experiment(
    question="How much of the difference between threads and asyncio comes from the client library?",
    measure=measure,
    grid={
        "model": ["thread_pool", "asyncio"],
        "client": list(document.PACKAGES),
        "connections": ["new", "kept"],
    },
    unavailable=unavailable,
    aa_control=lambda params: params["client"] == "minimal codec" and params["connections"] == "new",
    samples=1,
    warmups=0,
    uses_server=True,
    constants=[
        CostOfFetching("client", least=GAP.control, usual=GAP.of, where={"connections": "new"}),
    ],
    figures=[
        split(CPU, GAP),
        matrix("client", "model", CPU).asking("What CPU does a fetch take, by client and by model?"),
    ],
    claims=[
        claim(
            "What most people compare, requests in threads takes more than twice the CPU of aiohttp",
            ratio("thread_pool", to="asyncio", metric=CPU, client="requests/aiohttp") > 2,
        ),
        claim(
            "Of that gap, the model is a factor of more than one and a half",
            factor("model", gap=GAP, metric=CPU) > 1.5,
        ),
        claim(
            "The client library is another factor, of more than a tenth",
            factor("client", gap=GAP, metric=CPU) > 1.1,
        ),
        claim(
            "In threads, requests takes more than one and a half times what http.client does",
            ratio("requests/aiohttp", to="minimal codec", axis="client", metric=CPU, model="thread_pool")
            > 1.5,
        ),
        claim(
            "In asyncio, aiohttp takes less than two and a half times what bare streams do",
            ratio("requests/aiohttp", to="minimal codec", axis="client", metric=CPU, model="asyncio") < 2.5,
        ),
        claim(
            "Through httpx, threads take less CPU than asyncio",
            ratio("thread_pool", to="asyncio", metric=CPU, client="httpx") < 1,
        ),
        claim(
            "asyncio is always faster than threads, through httpx too",
            ratio("thread_pool", to="asyncio", client="httpx") > 1,
            statement=14,
        ),
        claim(
            "Keeping the connection saves aiohttp more than a third of its CPU",
            ratio(
                "kept", to="new", axis="connections", metric=CPU, client="requests/aiohttp", model="asyncio"
            )
            < 0.67,
        ),
    ],
)
