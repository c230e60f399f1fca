"""What the exchange-rate server answers; every document is computed once, before the first request."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from time import monotonic, process_time
from typing import Any
from weakref import WeakSet

from aiohttp import web

from lab.server import MAX_TAGS, MAX_WAIT_MS, TAG_HEADER, rates
from lab.server.counts import Counts


class RequestError(Exception):
    """A request that gets no document: the status it is answered with, and why."""

    def __init__(self, status: int, why: str):
        self.status = status
        super().__init__(why)


class Service:
    """A handler that keeps what `lab.server` promises, with the counts of this one server."""

    def __init__(self) -> None:
        self._documents = {base: _compact(rates.document(base)) for base in rates.codes()}
        self._counts = Counts(MAX_TAGS)
        self._seen: WeakSet[asyncio.Transport] = WeakSet()

    async def __call__(self, request: web.BaseRequest) -> web.Response:
        """Answer a request, and count it if it carries a tag and does not ask for counts."""
        first = self._is_first_on_connection(request)
        tag = request.headers.get(TAG_HEADER)
        if tag is None or request.path.startswith("/stats/"):
            return await self._answer(request)
        tally = self._counts.of(tag)
        # A request leaves flight before its answer leaves: a client that asks again as soon as it has
        # its answer is never in flight twice.
        with tally.request(first_on_connection=first):
            response = await self._answer(request)
        tally.answered(response.status, response.content_length or 0)
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
                    await _wait(_wait_s(request.query))
                    return web.Response(body=body, content_type="application/json")
                case ["GET", "stats", tag]:
                    return web.json_response(self._counts.report(tag) | _of_the_server())
                case ["DELETE", "stats", tag]:
                    return web.json_response(self._counts.forget(tag) | _of_the_server())
                case ["GET", ""]:
                    return web.Response(text=self._index())
            raise RequestError(
                404, f"nothing at {request.method} {request.path[:40]}; GET / says what there is"
            )
        except RequestError as refusal:
            return web.json_response({"error": str(refusal)}, status=refusal.status)

    def _document(self, file: str) -> bytes:
        document = self._documents.get(file.removesuffix(".json"))
        if document is None or not file.endswith(".json"):
            raise RequestError(
                404, f"no {file[:40]!r}; there are {len(self._documents)} bases, like 'eur.json'"
            )
        return document

    def _index(self) -> str:
        return (
            f"Exchange rates of {rates.DATE} for {len(self._documents)} bases:"
            " GET /daily/<base>.json?wait_ms=<number>; GET or DELETE /stats/<tag>\n"
        )


def _of_the_server() -> dict[str, float]:
    """Return what is true of the server, whatever the tag: the CPU seconds it has had."""
    return {"server_cpu_s": process_time()}


def _wait_s(query: Mapping[str, str]) -> float:
    if not query:
        return 0.0
    if unknown := sorted(set(query) - {"wait_ms"}):
        raise RequestError(400, f"no query parameter {', '.join(unknown)[:80]!r}; there is wait_ms")
    if len(query) > 1:
        raise RequestError(400, "wait_ms is given more than once")
    try:
        wait_ms = float(query["wait_ms"])
    except ValueError:
        wait_ms = -1.0
    if not 0 <= wait_ms <= MAX_WAIT_MS:  # not a number compares with nothing, so it is refused too
        raise RequestError(
            400, f"wait_ms={query['wait_ms'][:40]!r} is not a number from 0 to {MAX_WAIT_MS}"
        )
    return wait_ms / 1_000


async def _wait(wait_s: float) -> None:
    """Return no sooner than `wait_s` from now.

    A timer of uvloop fires up to a millisecond early, which would let a batch beat its limit; what is
    then left is waited for in whole milliseconds, the least it can.
    """
    end = monotonic() + wait_s
    while (left_s := end - monotonic()) > 0:
        await asyncio.sleep(max(left_s, 0.001))


def _compact(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, separators=(",", ":")).encode()
