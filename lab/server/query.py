"""What the query of a request asks the server to do beside its work: wait, and refuse what is too much."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lab.server import MAX_BURST, MAX_RATE_PER_S, MAX_WAIT_MS, MIN_RATE_PER_S
from lab.server.limits import Rate
from lab.server.refusal import RequestError

NAMES = ("wait_ms", "rate_per_s", "burst")


@dataclass(frozen=True, slots=True)
class Knobs:
    """What one request asks for: how long its answer waits, and the rate its tag is held to."""

    wait_s: float = 0.0
    rate: Rate | None = None


def knobs(query: Mapping[str, str]) -> Knobs:
    """Return what a query asks for; RequestError for whatever is not exactly that."""
    if not query:
        return Knobs()
    if unknown := sorted(set(query) - set(NAMES)):
        raise RequestError(
            400, f"no query parameter {', '.join(unknown)[:80]!r}; there are {', '.join(NAMES)}"
        )
    names = [name for name, _ in query.items()]  # a multidict, whose keys alone stand there once
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise RequestError(400, f"{', '.join(twice)} is given more than once")
    wait_s = _number(query, "wait_ms", 0, MAX_WAIT_MS) / 1_000
    return Knobs(wait_s, _rate(query))


def _rate(query: Mapping[str, str]) -> Rate | None:
    if "rate_per_s" not in query:
        if "burst" in query:
            raise RequestError(400, "burst is given without rate_per_s")
        return None
    burst = _number(query, "burst", 1, MAX_BURST, unsaid=1)
    if burst != int(burst):
        raise RequestError(400, f"burst={query['burst'][:40]!r} is not a whole number")
    return Rate(_number(query, "rate_per_s", MIN_RATE_PER_S, MAX_RATE_PER_S), int(burst))


def _number(query: Mapping[str, str], name: str, low: float, high: float, unsaid: float = 0) -> float:
    try:
        number = float(query.get(name, unsaid))
    except ValueError:
        number = low - 1
    if not low <= number <= high:  # not a number compares with nothing, so it is refused too
        raise RequestError(400, f"{name}={query[name][:40]!r} is not a number from {low:g} to {high:g}")
    return number
