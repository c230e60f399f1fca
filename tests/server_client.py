"""A client of the embedded server, for tests: plain, and with every header under control."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from urllib.parse import quote, urlsplit

from lab.server import TAG_HEADER

NOTHING = {"requests": 0, "new_connections": 0, "peak_in_flight": 0, "bytes": 0, "errors": 0, "refused": 0}


@contextmanager
def connected(url: str) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=20)
    try:
        yield connection
    finally:
        connection.close()


def ask(connection, path, tag=None, method="GET"):
    connection.request(method, path, headers={TAG_HEADER: tag} if tag else {})
    response = connection.getresponse()
    return response.status, response.read()


def ask_once(server, path, tag=None, method="GET"):
    with connected(server.url) as connection:
        return ask(connection, path, tag, method)


def stats(server, tag, method="GET"):
    """Return what was counted for a tag, without what the server says of itself."""
    counted = all_stats(server, tag, method)
    assert counted.pop("server_cpu_s") > 0
    return counted


def all_stats(server, tag, method="GET"):
    status, body = ask_once(server, f"/stats/{quote(tag, safe='')}", method=method)
    assert status == 200
    return json.loads(body)


def await_stats(server, tag, name, value):
    """Ask until the server has counted so many; the requests before it are on their way."""
    deadline = monotonic() + 20
    while (seen := stats(server, tag))[name] != value:
        assert monotonic() < deadline, f"{name} is {seen[name]}, not {value}"
    return seen
