"""Starts the exchange-rate server in a process of its own, and never leaves it behind."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Thread, Timer
from typing import IO

from lab.core.child import start
from lab.core.errors import LabError

START_UP_S = 30.0
SHUTDOWN_S = 5.0
KEPT_BYTES = 8_192  # of the server's standard error, its end


@dataclass(frozen=True, slots=True)
class Server:
    """A server that was started: where it answers, and whether it still runs."""

    url: str
    _process: subprocess.Popen[bytes]

    @property
    def pid(self) -> int:
        """The server's process."""
        return self._process.pid

    def exit_code(self) -> int | None:
        """Return how the server ended, minus the signal's number if by a signal; None while it runs."""
        return self._process.poll()

    def alive(self) -> bool:
        """Return whether the server still runs."""
        return self.exit_code() is None


@contextmanager
def serving(port: int = 0) -> Iterator[Server]:
    """Run the server for as long as the block, on a port of the loopback address (0: a free one).

    The server holds the other end of a pipe: when this process ends, however it does, the pipe closes
    and the server ends too. Raises LabError when the server does not start within START_UP_S.
    """
    words = ("--until-eof", "--port", str(port))
    with start("lab.server", *words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        tail = bytearray()
        reader = Thread(target=_keep_tail, args=(process.stderr, tail), name="server stderr", daemon=True)
        reader.start()
        try:
            url = _url(process)
            if url is not None:
                yield Server(url, process)
        finally:
            _end(process)
            reader.join()
    if url is None:
        message, code = tail.decode(errors="replace").strip(), process.returncode
        what = f"the server did not start: exit code {code}, {START_UP_S:g} s allowed"
        # 2 is the server's own code for wrong usage; all else is a fault of the lab.
        code = 2 if code == 2 else 3
        raise LabError(f"{what}: {message}" if message else what, where="lab.server", exit_code=code)


def _url(process: subprocess.Popen[bytes]) -> str | None:
    """Return the URL that the server says when it is ready; None if it ends first or takes too long."""
    assert process.stdout is not None
    deadline = Timer(START_UP_S, process.kill)
    deadline.start()
    try:
        line = process.stdout.readline()
    finally:
        deadline.cancel()
        deadline.join()  # or a count of the threads may still include it
    return str(json.loads(line)["url"]) if line.endswith(b"\n") else None


def _keep_tail(stream: IO[bytes], tail: bytearray) -> None:
    """Read a stream to its end, so that its writer never blocks, and keep its last KEPT_BYTES."""
    while chunk := os.read(stream.fileno(), 65_536):
        tail += chunk
        del tail[:-KEPT_BYTES]


def _end(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None
    process.stdin.close()
    try:
        with suppress(subprocess.TimeoutExpired):
            process.wait(SHUTDOWN_S)
    finally:
        process.kill()  # does nothing to a process that was waited for
        process.wait()
