"""Two hundred fetches through four libraries: how much is the model, and how much the client?

## The question

"asyncio is faster than threads" is often measured as `aiohttp` against `requests`. These are two
differences at once: the model, and the library. Here the same fetches go through the least client that
there is, in both models (`plain`: the standard library's `http.client`, and asyncio's streams with the
same bytes sent); through `httpx`, which has both kinds; and through the two popular ones (`popular`).

## What to expect

- The CPU time of a fetch tells them apart, where the makespan hides it behind the wait. A library costs
  more than a bare request: it merges headers, parses URLs, handles cookies, proxies, redirects, and keeps
  a pool.
- Of the gap between the two popular ones, some two fifths is one between libraries (of its logarithm).
  Threads with `requests` take four times the CPU of `aiohttp` with new connections, six to seven times
  with kept ones. Through the same least client it is two and three times: that is the model. The factor
  that is left is the libraries': `requests` takes two and a half times what `http.client` does, and
  `aiohttp`, whose parser is in C, half as much again as bare streams.
- `httpx` has the same authors and the same ideas on both sides, and turns the picture round: its threads
  take less than its asyncio. Its pool looks at every connection that it keeps, for every request. With
  fifty kept that is nearly all it does, and the server sees some ten requests at once.
- A kept connection saves the connecting, for the client and for the server; not with `httpx`.

## What to look at

CPU of each fetch in the table: along a row only the model differs, down a column only the client. The
claims split the gap: how much `requests` takes of `aiohttp`, how much the models differ under `plain`, and
how much each library takes of `plain` under the same model.

## What not to conclude

That libraries are waste: what they do beyond a bare request is what one would otherwise write oneself, and
get wrong. And that the makespans carry over: with 50 at a time and 20 ms of wait, 80 ms is the limit, and
a client that takes a millisecond of CPU for each cannot be near it.
"""

from collections.abc import Mapping

from lab import Case, Experiment, bars, claim, load_model, matrix, missing, ratio, used
from lab.workloads import document

WAIT_S = 0.02
FETCHES = 200
WORKERS = 50


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


def check_connections(policy: str, seen: Mapping[str, int]) -> None:
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
    again=lambda params: params["client"] == "plain" and params["connections"] == "new",
    samples=1,
    warmups=0,
    uses_server=True,
    figures=[
        matrix("client", "model", "cpu_of_each_s"),
        bars("cpu_of_each_s"),
        bars("makespan_s"),
    ],
    claims=[
        claim(
            "What most people compare, requests in threads takes more than twice the CPU of aiohttp",
            ratio("thread_pool", to="asyncio", metric="cpu_of_each_s", client="popular") > 2,
        ),
        claim(
            "Through the same least client, with new connections, it is less than three times",
            ratio("thread_pool", to="asyncio", metric="cpu_of_each_s", client="plain", connections="new")
            < 3,
        ),
        claim(
            "In threads, requests takes more than twice what http.client does",
            ratio("popular", to="plain", axis="client", metric="cpu_of_each_s", model="thread_pool") > 2,
        ),
        claim(
            "In asyncio, aiohttp takes less than twice what bare streams do",
            ratio("popular", to="plain", axis="client", metric="cpu_of_each_s", model="asyncio") < 2,
        ),
        claim(
            "Through httpx, threads take less CPU than asyncio",
            ratio("thread_pool", to="asyncio", metric="cpu_of_each_s", client="httpx") < 1,
        ),
        claim(
            "Keeping the connection saves CPU under the popular clients",
            ratio("kept", to="new", axis="connections", metric="cpu_of_each_s", client="popular") < 1,
        ),
    ],
)
