"""HTTP with as little code as possible: the standard library's client, and the same on asyncio's streams.

Both send the same bytes and read the answer's length from its header; the difference between the two is
the model and not the library.
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from http.client import HTTPConnection
from urllib.parse import urlsplit

from lab.core.work import AsyncCall

_of_thread = threading.local()


def blocking(url: str, headers: Mapping[str, str], *, kept: bool, patience_s: float) -> bytes:
    """Return the body at a URL, through a new connection or through the one that this thread keeps."""
    host, target = split(url)
    connection = getattr(_of_thread, "connection", None) if kept else None
    if connection is None:
        connection = HTTPConnection(host, timeout=patience_s)
    try:
        connection.request("GET", target, headers=headers)
        response = connection.getresponse()
        body: bytes = response.read()
    except BaseException:
        connection.close()
        raise
    if kept:
        _of_thread.connection = connection
    else:
        connection.close()
    if response.status != 200:
        raise OSError(f"{url} answered {response.status}")
    return body


@asynccontextmanager
async def awaited(headers: Mapping[str, str], *, kept: bool, patience_s: float) -> AsyncIterator[AsyncCall]:
    """Yield an async url -> body; the connections that it keeps are closed at the end."""
    idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def get(url: str) -> bytes:
        async with asyncio.timeout(patience_s):
            host, target = split(url)
            reader, writer = idle.pop() if idle else await asyncio.open_connection(*host.split(":"))
            try:
                writer.write(request(host, target, headers))
                body = await answer(url, reader)
            except BaseException:
                writer.close()
                raise
            if kept:
                idle.append((reader, writer))
            else:
                writer.close()
            return body

    try:
        yield get
    finally:
        for _, writer in idle:
            writer.close()
            await writer.wait_closed()


async def answer(url: str, reader: asyncio.StreamReader) -> bytes:
    """Return the body of the answer that comes next; OSError for one without a length, or not 200."""
    head = await reader.readuntil(b"\r\n\r\n")
    status, *lines = head.split(b"\r\n")
    fields = dict(line.lower().split(b":", 1) for line in lines if line)
    if status.split(b" ")[1] != b"200" or b"content-length" not in fields:
        raise OSError(f"{url} answered {status.decode(errors='replace')}")
    return await reader.readexactly(int(fields[b"content-length"]))


def request(host: str, target: str, headers: Mapping[str, str]) -> bytes:
    """Return the bytes that `http.client` sends for the same request."""
    lines = [f"GET {target} HTTP/1.1", f"Host: {host}", "Accept-Encoding: identity"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("ascii")


def split(url: str) -> tuple[str, str]:
    """Return host and port, and what is asked for there."""
    parts = urlsplit(url)
    return parts.netloc, f"{parts.path}?{parts.query}" if parts.query else parts.path
