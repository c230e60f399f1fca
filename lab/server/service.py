"""What the exchange-rate server answers; every document is computed once, before the first request."""

import asyncio
import json
from collections.abc import Mapping
from functools import partial
from math import ceil
from time import monotonic, monotonic_ns, process_time
from weakref import WeakSet

from aiohttp import web

from lab import server
from lab.server import TAG_HEADER, rates
from lab.server.tags import Rate, Tag, Tags

OPTIONS = ("wait_ms", "rate_per_s", "burst")
INDEX = (
    f"Exchange rates of {rates.DATE} for {len(rates.codes())} bases:"
    " GET /daily/<base>.json?wait_ms=<number>&rate_per_s=<number>&burst=<number>;"
    " GET or DELETE /stats/<tag>\n"
)


class Service:
    """A handler that keeps what `lab.server` promises, with the counts of this one server."""

    def __init__(self) -> None:
        written = partial(json.dumps, separators=(",", ":"))
        self._documents = {base: written(rates.document(base)).encode() for base in rates.codes()}
        self._tags = Tags(server.MAX_TAGS)
        self._seen: WeakSet[asyncio.Transport] = WeakSet()

    async def __call__(self, request: web.BaseRequest) -> web.Response:
        """Answer a request, and count it if it carries a tag and does not ask for counts."""
        first = self._is_first_on_connection(request)
        name = request.headers.get(TAG_HEADER)
        if name is None or request.path.startswith("/stats/"):
            return await self._answer(request)
        tag = self._tags[name]
        # A request leaves flight before its answer leaves: a client that asks again as soon as it has
        # its answer is never in flight twice.
        with tag.request(first_on_connection=first):
            response = await self._answer(request)
        tag.answered(response.status, response.content_length or 0)
        return response

    def _is_first_on_connection(self, request: web.BaseRequest) -> bool:
        transport = request.transport  # None when the client has left already
        if transport is None or transport in self._seen:
            return False
        self._seen.add(transport)
        return True

    async def _answer(self, request: web.BaseRequest) -> web.Response:
        try:
            match [request.method, *request.path.split("/")[1:]]:
                case ["GET", "daily", file]:
                    body = self._document(file)
                    wait_s, rate = query_options(request.query)
                    if rate is not None:
                        self._admit(request, rate)
                    await _wait(wait_s)
                    return web.Response(body=body, content_type="application/json")
                case ["GET" | "DELETE" as method, "stats", name]:
                    tag = (self._tags.get if method == "GET" else self._tags.pop)(name, Tag())
                    return web.json_response(tag.report() | {"server_cpu_s": process_time()})
                case ["GET", ""]:
                    return web.Response(text=INDEX)
            asked = f"{request.method} {request.path[:40]}"
            raise RequestError(404, f"nothing at {asked}; GET / says what there is")
        except RequestError as refusal:
            answer = {"error": str(refusal)}
            return web.json_response(answer, status=refusal.status, headers=refusal.headers)

    def _admit(self, request: web.BaseRequest, rate: Rate) -> None:
        tag = self._tags[request.headers.get(TAG_HEADER, "")]
        if wait_ns := tag.take(rate, monotonic_ns()):
            raise too_many(f"more than {rate.burst} at once and {rate.per_s:g} a second", wait_ns)

    def _document(self, file: str) -> bytes:
        document = self._documents.get(file.removesuffix(".json"))
        if document is None or not file.endswith(".json"):
            bases = f"there are {len(self._documents)} bases, like 'eur.json'"
            raise RequestError(404, f"no {file[:40]!r}; {bases}")
        return document


async def _wait(wait_s: float) -> None:
    """Return `wait_s` from now, and not before.

    A timer of uvloop fires up to a millisecond early, which would let a batch beat its limit; what is
    then left is waited for in whole milliseconds, the least it can.
    """
    end = monotonic() + wait_s
    while (left_s := end - monotonic()) > 0:
        await asyncio.sleep(max(left_s, 0.001))


class RequestError(Exception):
    """The status with which a request is refused, why, and the headers of the answer."""

    def __init__(self, status: int, why: str, headers: Mapping[str, str] | None = None):
        self.status, self.headers = status, headers
        super().__init__(why)


def too_many(why: str, wait_ns: int) -> RequestError:
    """Return a 429 with the time to ask again, in `wait_ns`, rounded up to what a header can hold."""
    whole_s, exact_ms = ceil(wait_ns / 1e9), ceil(wait_ns / 1e3) / 1e3
    headers = {"Retry-After": str(whole_s), server.RETRY_AFTER_MS_HEADER: f"{exact_ms:.3f}"}
    return RequestError(429, why, headers)


def query_options(query: Mapping[str, str]) -> tuple[float, Rate | None]:
    """Return the seconds that an answer waits, and its tag's rate; RequestError for any other query."""
    if not query:
        return 0.0, None
    if unknown := sorted(set(query) - set(OPTIONS)):
        named = repr(", ".join(unknown)[:80])
        raise RequestError(400, f"no query parameter {named}; there are {', '.join(OPTIONS)}")
    names = [name for name, _ in query.items()]  # a multidict: its keys alone hold each name once
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise RequestError(400, f"{', '.join(twice)} is given more than once")
    wait_s = _number(query, "wait_ms", 0, server.MAX_WAIT_MS) / 1_000
    if "rate_per_s" not in query:
        if "burst" in query:
            raise RequestError(400, "burst is given without rate_per_s")
        return wait_s, None
    burst = _number(query, "burst", 1, server.MAX_BURST, default=1)
    if burst != int(burst):
        raise RequestError(400, f"burst={query['burst'][:40]!r} is not a whole number")
    per_s = _number(query, "rate_per_s", server.MIN_RATE_PER_S, server.MAX_RATE_PER_S)
    return wait_s, Rate(per_s, int(burst))


def _number(query: Mapping[str, str], name: str, low: float, high: float, default: float = 0) -> float:
    try:
        number = float(query.get(name, default))
    except ValueError:
        number = low - 1
    if not low <= number <= high:  # not a number compares with nothing, so it is refused too
        raise RequestError(400, f"{name}={query[name][:40]!r} is not a number from {low:g} to {high:g}")
    return number
