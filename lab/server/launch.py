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
KEPT_BYTES = 8_192  # the end of the server's standard error


@dataclass(frozen=True, slots=True)
class Server:
    """A server that was started: its address, and its state."""

    url: str
    _process: subprocess.Popen[bytes]
    _stderr: bytearray

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

    def stderr(self) -> str:
        """Return the end of the server's standard error."""
        return self._stderr.decode(errors="replace")


@contextmanager
def serving(port: int = 0) -> Iterator[Server]:
    """Run the server for as long as the block, on a port of the loopback address (0: a free one).

    The server holds the other end of a pipe: when this process ends, however it does, the pipe closes
    and the server ends too. Raises LabError when the server does not start within START_UP_S.
    """
    process = start(
        "lab.server", "--until-eof", "--port", str(port), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    stderr = bytearray()
    listener = Thread(target=_keep_tail, args=(process.stderr, stderr), name="server stderr", daemon=True)
    listener.start()
    try:
        url = _url(process)
        if url is None:
            _end(process)
            listener.join()
            raise _not_started(process.returncode, stderr.decode(errors="replace").strip())
        yield Server(url, process, stderr)
    finally:
        _end(process)
        listener.join()
        for stream in (process.stdout, process.stderr):
            assert stream is not None
            stream.close()


def _url(process: subprocess.Popen[bytes]) -> str | None:
    """Return the URL that the server prints when it is ready; None if it ends first or takes too long."""
    assert process.stdout is not None
    deadline = Timer(START_UP_S, process.kill)
    deadline.start()
    try:
        line = process.stdout.readline()
    finally:
        deadline.cancel()
        deadline.join()  # or a count of threads right after this would include it
    return str(json.loads(line)["url"]) if line.endswith(b"\n") else None


def _not_started(exit_code: int, stderr: str) -> LabError:
    what = f"the server did not start: exit code {exit_code}, {START_UP_S:g} s allowed"
    exit_code = 2 if exit_code == 2 else 3  # its own word on wrong usage, else a fault of the lab
    return LabError(f"{what}: {stderr}" if stderr else what, where="lab.server", exit_code=exit_code)


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
