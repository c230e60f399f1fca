"""Two hundred fetches through four libraries: how much is the model, and how much the client?

## The question

"asyncio is faster than threads" is often measured as `aiohttp` against `requests`. These are two
differences at once: the model, and the library. Here the same fetches go through the least client that
there is, in both models (`minimal codec`: the standard library's `http.client`, and asyncio's streams with
the same bytes sent); through `httpx`, which has both kinds; and through `requests/aiohttp`.

## What to expect

- The CPU time of a fetch tells them apart, where the makespan hides it behind the wait. A library costs
  more than a bare request: it merges headers, parses URLs, handles cookies, proxies, redirects, and keeps
  a pool.
- `requests` in threads takes some four times the CPU of `aiohttp` with new connections, seven to eight with
  kept ones. Through the same least client it is two and nearly four times: that is the model. What is left,
  almost a factor of two, is the libraries': `requests` takes about three times what `http.client` does,
  and `aiohttp`, whose parser is in C, a third to two thirds more than bare streams.
- `httpx` has the same authors and the same ideas on both sides, and turns the picture round: its threads
  take less than its asyncio. Its pool looks at every connection that it keeps, for every request. With
  fifty kept that is nearly all it does, and the server sees five requests at once.
- A kept connection saves the connecting, for the client and for the server: `aiohttp` half of its CPU or
  more, `requests`, which does so much besides, a fifth of it or less. `httpx` pays for it: four to five
  times the CPU under asyncio.

## What to look at

The bars that are cut in two: on the logarithmic axis each part is as long as its share of the gap. Then
CPU of each fetch in the table: along the first two rows only the model differs, along the last the library
too; down a column only the client.

## What not to conclude

That libraries are waste: what they do beyond a bare request is what one would otherwise write oneself, and
get wrong. And that the makespans carry over: with 50 at a time and 10 ms of wait, 40 ms is the limit, and
a client that takes a millisecond of CPU for each cannot be near it.
"""

from collections.abc import Mapping

from lab import (
    Case,
    CostOfFetching,
    Experiment,
    Gap,
    claim,
    factor,
    load_model,
    matrix,
    missing,
    ratio,
    split,
    used,
)
from lab.workloads import document

WAIT_S = 0.01
FETCHES = 200
WORKERS = 50
CPU = "cpu_of_each_s"
GAP = Gap("thread_pool", "asyncio", axis="client", of="requests/aiohttp", control="minimal codec")


def measure(case: Case) -> Mapping[str, float]:
    """Fetch once to warm up, then again with the clock on; return what a fetch costs and the makespan."""
    work = document.fetch(str(case["client"]), str(case["connections"]), wait_ms=WAIT_S * 1000)
    items = work.items(FETCHES)
    with load_model(str(case["model"])).open(WORKERS) as run:
        run(work, items[:WORKERS])  # loads what is loaded once, and opens what is kept
        document.server_counts()
        with used() as cpu:
            outcomes = run(work, items)
    seen = document.server_counts()
    pairs = zip(items, outcomes, strict=True)
    if wrong := [outcome for item, outcome in pairs if outcome.result != document.expect(item)]:
        raise RuntimeError(f"{len(wrong)} of {FETCHES} fetches failed, the first: {wrong[0].span.error}")
    check_connections(str(case["connections"]), seen)
    spans = [outcome.span for outcome in outcomes]
    makespan_ns = max(span.finished_ns for span in spans) - min(span.submitted_ns for span in spans)
    numbers = {"makespan_s": makespan_ns / 1e9, "limit_s": FETCHES / WORKERS * WAIT_S}
    if cpu.seconds is not None:
        numbers["cpu_of_each_s"] = cpu.seconds / FETCHES
    return numbers | {"server_peak": seen["peak_in_flight"]}


def check_connections(policy: str, seen: Mapping[str, float]) -> None:
    """Raise unless the server saw the connections that the policy stands for, and no error."""
    few, many = (FETCHES, FETCHES) if policy == "new" else (0, WORKERS)
    if seen["requests"] != FETCHES or seen["errors"] or not few <= seen["new_connections"] <= many:
        raise RuntimeError(f"the server saw {dict(seen)}, with {policy} connections")


def unavailable(case: Case) -> str:
    """Return what has to be installed for a case's client."""
    blocking, awaited = document.PACKAGES[str(case["client"])]
    return missing(awaited if case["model"] == "asyncio" else blocking)


experiment = Experiment(
    question="How much of the gap is the model, and how much the client library?",
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
