"""Runs the exchange-rate server in this process: its loop, its port, and how it ends.

How many requests a second one core answers, `benchmarks/server.py` measures; its numbers stand there. They
speak for uvloop, and for aiohttp's low-level `web.Server`: a `web.Application`, with its router and a
middleware, answers a tenth to a fifth fewer requests.
"""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from threading import Thread

from aiohttp import web

from lab.core.errors import LabError
from lab.server.service import Service

HOST = "127.0.0.1"
BACKLOG = 16_384  # connections waiting to be accepted; the system may allow fewer
KEEPALIVE_S = 3_600.0  # longer than a trial: a kept connection is not closed under its client
CLOSING_S = 0.1  # what requests in flight are given when the server ends
MANY_DESCRIPTORS = 65_536


def serve(port: int, *, until_eof: bool = False) -> None:
    """Serve on a port of the loopback address (0: a free one) until SIGINT or SIGTERM.

    One line on standard output, the URL, says that connections are accepted. With `until_eof` the server
    also ends when its standard input does: held open by the run that started it, the pipe is closed by the
    system however that run ends. Raises LabError when the port cannot be had.
    """
    with _listen(port) as listener, asyncio.Runner(loop_factory=_loop_factory()) as runner:
        _allow_many_connections()
        runner.run(_serve(listener, until_eof))


async def _serve(listener: socket.socket, until_eof: bool) -> None:
    # Cancelled, so that a request whose client left is counted as such at once.
    server = web.Server(
        Service(), access_log=None, keepalive_timeout=KEEPALIVE_S, handler_cancellation=True
    )
    runner = web.ServerRunner(server, shutdown_timeout=CLOSING_S)
    await runner.setup()
    try:
        end = _end_event(until_eof)
        await web.SockSite(runner, listener, backlog=BACKLOG).start()
        sys.stdout.write(f"http://{HOST}:{listener.getsockname()[1]}\n")
        sys.stdout.flush()
        await end.wait()
    finally:
        await runner.cleanup()


def _listen(port: int) -> socket.socket:
    try:
        return socket.create_server((HOST, port), backlog=BACKLOG)
    except OSError as error:
        why = os.strerror(error.errno) if error.errno else error
        what, remedy = f"cannot listen on port {port}: {why}", "take another port, or 0 for a free one"
        raise LabError(what, where="lab.server", remedy=remedy) from error


def _end_event(until_eof: bool) -> asyncio.Event:
    end, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # Windows
            loop.add_signal_handler(number, end.set)

    def read_to_eof() -> None:
        with suppress(OSError):  # a standard input that cannot be read has ended
            while os.read(0, 4_096):
                pass
        with suppress(RuntimeError):  # the loop has been closed
            loop.call_soon_threadsafe(end.set)

    if until_eof:
        # A thread, not the loop: a loop cannot watch every kind of file, and a blocked read is free.
        Thread(target=read_to_eof, name="standard input", daemon=True).start()
    return end


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    with suppress(ImportError):
        from uvloop import new_event_loop

        return new_event_loop
    return None


def _allow_many_connections() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = MANY_DESCRIPTORS if hard == resource.RLIM_INFINITY else hard
    if soft != resource.RLIM_INFINITY and soft < most:
        with suppress(OSError, ValueError):  # the system may refuse what it allows
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
