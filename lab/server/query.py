"""What the query of a request asks for beside the document: a wait, and a rate not to exceed."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from typing import NamedTuple

from lab.server import MAX_BURST, MAX_RATE_PER_S, MAX_WAIT_MS, MIN_RATE_PER_S, RETRY_AFTER_MS_HEADER
from lab.server.tags import Rate

NAMES = ("wait_ms", "rate_per_s", "burst")


class RequestError(Exception):
    """The status with which a request is refused, why, and the headers of the answer."""

    def __init__(self, status: int, why: str, headers: Mapping[str, str] | None = None):
        self.status, self.headers = status, headers
        super().__init__(why)


def too_many(why: str, wait_ns: int) -> RequestError:
    """Return a 429 with the time to ask again, in `wait_ns`, rounded up to what a header can hold."""
    whole_s, exact_ms = ceil(wait_ns / 1e9), ceil(wait_ns / 1e3) / 1e3
    return RequestError(429, why, {"Retry-After": str(whole_s), RETRY_AFTER_MS_HEADER: f"{exact_ms:.3f}"})


class Options(NamedTuple):
    """How long the answer to one request waits, and the rate that its tag must not exceed."""

    wait_s: float = 0.0
    rate: Rate | None = None


def query_options(query: Mapping[str, str]) -> Options:
    """Return what a query asks for; RequestError for anything that is not exactly that."""
    if not query:
        return Options()
    if unknown := sorted(set(query) - set(NAMES)):
        what = f"no query parameter {', '.join(unknown)[:80]!r}; there are {', '.join(NAMES)}"
        raise RequestError(400, what)
    names = [name for name, _ in query.items()]  # a multidict: its keys alone hold each name once
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise RequestError(400, f"{', '.join(twice)} is given more than once")
    wait_s = _number(query, "wait_ms", 0, MAX_WAIT_MS) / 1_000
    if "rate_per_s" not in query:
        if "burst" in query:
            raise RequestError(400, "burst is given without rate_per_s")
        return Options(wait_s)
    burst = _number(query, "burst", 1, MAX_BURST, default=1)
    if burst != int(burst):
        raise RequestError(400, f"burst={query['burst'][:40]!r} is not a whole number")
    rate = Rate(_number(query, "rate_per_s", MIN_RATE_PER_S, MAX_RATE_PER_S), int(burst))
    return Options(wait_s, rate)


def _number(query: Mapping[str, str], name: str, low: float, high: float, default: float = 0) -> float:
    try:
        number = float(query.get(name, default))
    except ValueError:
        number = low - 1
    if not low <= number <= high:  # not a number compares with nothing, so it is refused too
        raise RequestError(400, f"{name}={query[name][:40]!r} is not a number from {low:g} to {high:g}")
    return number
