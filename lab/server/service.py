"""What the exchange-rate server answers; every document is computed once, before the first request."""

from __future__ import annotations

import asyncio
import json
from time import monotonic, monotonic_ns, process_time
from weakref import WeakSet

from aiohttp import web

from lab.server import TAG_HEADER, rates
from lab.server.counts import Tallies, Tally
from lab.server.query import RequestError, options, too_many


class Service:
    """A handler that keeps what `lab.server` promises, with the counts of this one server."""

    def __init__(self) -> None:
        self._documents = {
            base: json.dumps(rates.document(base), separators=(",", ":")).encode() for base in rates.codes()
        }
        self._tallies, self._untagged = Tallies(), Tally()
        self._seen: WeakSet[asyncio.Transport] = WeakSet()

    async def __call__(self, request: web.BaseRequest) -> web.Response:
        """Answer a request, and count it if it carries a tag and does not ask for counts."""
        first = self._is_first_on_connection(request)
        tag = request.headers.get(TAG_HEADER)
        if tag is None or request.path.startswith("/stats/"):
            return await self._answer(request, self._untagged)
        tally = self._tallies[tag]
        # A request leaves flight before its answer leaves: a client that asks again as soon as it has
        # its answer is never in flight twice.
        with tally.request(first_on_connection=first):
            response = await self._answer(request, tally)
        tally.answered(response.status, response.content_length or 0)
        return response

    def _is_first_on_connection(self, request: web.BaseRequest) -> bool:
        transport = request.transport  # None when the client has left already
        if transport is None or transport in self._seen:
            return False
        self._seen.add(transport)
        return True

    async def _answer(self, request: web.BaseRequest, tally: Tally) -> web.Response:
        try:
            match [request.method, *request.path.split("/")[1:]]:
                case ["GET", "daily", file]:
                    return await self._daily(request, file, tally)
                case ["GET", "stats", tag]:
                    return _counted(self._tallies.get(tag, Tally()))
                case ["DELETE", "stats", tag]:
                    return _counted(self._tallies.pop(tag, Tally()))
                case ["GET", ""]:
                    return web.Response(text=self._index())
            what = f"nothing at {request.method} {request.path[:40]}"
            raise RequestError(404, f"{what}; GET / says what there is")
        except RequestError as refusal:
            answer = {"error": str(refusal)}
            return web.json_response(answer, status=refusal.status, headers=refusal.headers)

    async def _daily(self, request: web.BaseRequest, file: str, tally: Tally) -> web.Response:
        document = self._documents.get(file.removesuffix(".json"))
        if document is None or not file.endswith(".json"):
            there = f"there are {len(self._documents)} bases, like 'eur.json'"
            raise RequestError(404, f"no {file[:40]!r}; {there}")
        asked = options(request.query)
        if asked.rate and (wait_ns := tally.bucket.take(asked.rate, monotonic_ns())):
            raise too_many(asked.rate, wait_ns)
        await _wait(asked.wait_s)
        return web.Response(body=document, content_type="application/json")

    def _index(self) -> str:
        return (
            f"Exchange rates of {rates.DATE} for {len(self._documents)} bases:"
            " GET /daily/<base>.json?wait_ms=<number>&rate_per_s=<number>&burst=<number>;"
            " GET or DELETE /stats/<tag>\n"
        )


def _counted(tally: Tally) -> web.Response:
    """Return the counts of a tag, and what is true of the server whatever the tag: its CPU seconds."""
    return web.json_response(tally.report() | {"server_cpu_s": process_time()})


async def _wait(wait_s: float) -> None:
    """Return no sooner than `wait_s` from now.

    A timer of uvloop fires up to a millisecond early, which would let a batch beat its lower bound; what
    is then left is waited for in whole milliseconds, the least it can.
    """
    end = monotonic() + wait_s
    while (left_s := end - monotonic()) > 0:
        await asyncio.sleep(max(left_s, 0.001))
