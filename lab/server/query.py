"""The options in a request's query: how long its answer waits, and the rate that its tag is held to."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from typing import NamedTuple

from lab.server import MAX_BURST, MAX_RATE_PER_S, MAX_WAIT_MS, MIN_RATE_PER_S, RETRY_AFTER_MS_HEADER
from lab.server.limits import Rate

NAMES = ("wait_ms", "rate_per_s", "burst")


class RequestError(Exception):
    """Why a request gets no document, the status it is refused with, and headers with more details."""

    def __init__(self, status: int, why: str, headers: Mapping[str, str] | None = None):
        self.status, self.headers = status, headers
        super().__init__(why)


class Options(NamedTuple):
    """What one request asks for beside a document."""

    wait_s: float = 0.0
    rate: Rate | None = None


def options(query: Mapping[str, str]) -> Options:
    """Return what a query asks for; RequestError for anything that is not exactly that."""
    names = [name for name, _ in query.items()]  # a multidict, whose keys alone stand there once
    if unknown := sorted(set(names) - set(NAMES)):
        listed = f"{', '.join(unknown)[:80]!r}; there are {', '.join(NAMES)}"
        raise RequestError(400, f"no query parameter {listed}")
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise RequestError(400, f"{', '.join(twice)} is given more than once")
    if "burst" in query and "rate_per_s" not in query:
        raise RequestError(400, "burst is given without rate_per_s")
    wait_s = _number(query, "wait_ms", 0, MAX_WAIT_MS) / 1_000
    if "rate_per_s" not in query:
        return Options(wait_s)
    burst = _number(query, "burst", 1, MAX_BURST, default=1)
    if burst != int(burst):
        raise RequestError(400, f"burst={query['burst'][:40]!r} is not a whole number")
    return Options(wait_s, Rate(_number(query, "rate_per_s", MIN_RATE_PER_S, MAX_RATE_PER_S), int(burst)))


def _number(query: Mapping[str, str], name: str, low: float, high: float, default: float = 0) -> float:
    try:
        number = float(query.get(name, default))
    except ValueError:
        number = low - 1
    if not low <= number <= high:  # not a number compares with nothing, so it is refused too
        raise RequestError(400, f"{name}={query[name][:40]!r} is not a number from {low:g} to {high:g}")
    return number


def too_many(rate: Rate, wait_ns: int) -> RequestError:
    """Return a 429 that says when to come again: in `wait_ns`, rounded up to what a header can say."""
    exact_ms = ceil(wait_ns / 1e3) / 1e3
    headers = {"Retry-After": str(ceil(wait_ns / 1e9)), RETRY_AFTER_MS_HEADER: f"{exact_ms:.3f}"}
    return RequestError(429, f"more than {rate.burst} at once and {rate.per_s:g} a second", headers)
