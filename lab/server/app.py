"""Runs the exchange-rate server in this process: its loop, its port, and how it ends.

`benchmarks/server.py` measures what one core answers. On a shared two-core virtual machine (CPython 3.11.7,
aiohttp 3.14.5, uvloop 0.23.0; 27 kB documents, kept connections), server and wrk on a core each, five
rounds, none left out, the medians were 18,762 requests/s with uvloop (14,708 to 23,162) and 17,224 with
asyncio (13,105 to 19,931); the server had 99 % of its core in all ten. A new connection for each request
costs more, and limits a case that opens one for each fetch: 5,845 and 7,318 requests/s.

The handler is aiohttp's low-level `web.Server`. With `web.Application`, its router and a middleware, the
medians of five rounds taken in turns were 16,035 against 19,662 (uvloop) and 14,695 against 16,494
(asyncio), and the code was no shorter.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from threading import Thread

from aiohttp import web

from lab.core.errors import LabError
from lab.server.service import Service

HOST = "127.0.0.1"
BACKLOG = 16_384  # connections waiting to be accepted; the system may allow fewer
KEEPALIVE_S = 3_600.0  # longer than a trial: a kept connection is not closed under its client
CLOSING_S = 0.1  # the time that requests in flight have when the server ends
MANY_DESCRIPTORS = 65_536


def serve(port: int, ready: Callable[[str], None], until_eof: bool = False) -> None:
    """Serve on a port of the loopback address (0: a free one) until SIGINT or SIGTERM.

    `ready` is called with the URL once connections are accepted. With `until_eof` the server also
    ends when its standard input does: held open by the run that started it, the pipe is closed by the
    system however that run ends. Raises LabError when the port cannot be had.
    """
    _allow_many_connections()
    new_loop: Callable[[], asyncio.AbstractEventLoop] = asyncio.new_event_loop
    with suppress(ImportError):
        from uvloop import new_event_loop as new_loop
    with _listen(port) as listener, asyncio.Runner(loop_factory=new_loop) as runner:
        runner.run(_serve(listener, ready, until_eof))


async def _serve(listener: socket.socket, ready: Callable[[str], None], until_eof: bool) -> None:
    # Cancellation: a request whose client left is counted as such at once.
    server = web.Server(
        Service(), access_log=None, keepalive_timeout=KEEPALIVE_S, handler_cancellation=True
    )
    runner = web.ServerRunner(server, shutdown_timeout=CLOSING_S)
    await runner.setup()
    try:
        end = _end_event(until_eof)
        await web.SockSite(runner, listener, backlog=BACKLOG).start()
        ready(f"http://{HOST}:{listener.getsockname()[1]}")
        await end.wait()
    finally:
        await runner.cleanup()


def _listen(port: int) -> socket.socket:
    # Not left to the loop: uvloop takes port 70000 for 4464.
    try:
        return socket.create_server((HOST, port), backlog=BACKLOG)
    except (OSError, OverflowError) as error:
        why = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else error
        what, remedy = f"cannot listen on port {port}: {why}", "take another port, or 0 for a free one"
        raise LabError(what, where="lab.server", remedy=remedy) from error


def _end_event(until_eof: bool) -> asyncio.Event:
    """Return an event that a signal sets, and the end of standard input too where it is asked to."""
    end, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # Windows
            loop.add_signal_handler(number, end.set)
    if until_eof:
        # A thread, not the loop: a loop cannot watch every kind of file, and a blocked read is free.
        Thread(target=_set_at_eof, args=(loop, end), name="standard input", daemon=True).start()
    return end


def _set_at_eof(loop: asyncio.AbstractEventLoop, end: asyncio.Event) -> None:
    with suppress(OSError):  # a standard input that cannot be read has ended
        while os.read(0, 4_096):
            pass
    with suppress(RuntimeError):  # the loop has been closed
        loop.call_soon_threadsafe(end.set)


def _allow_many_connections() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = MANY_DESCRIPTORS if hard == resource.RLIM_INFINITY else hard
    if soft != resource.RLIM_INFINITY and soft < most:
        with suppress(OSError, ValueError):  # a system may refuse what it says it allows
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
