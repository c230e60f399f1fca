"""Starts the exchange-rate server in a process of its own, and never leaves it behind."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from tempfile import TemporaryFile
from threading import Timer
from typing import NamedTuple

from lab.core.child import start
from lab.core.errors import UNEXPECTED, LabError

START_UP_S = 30.0
SHUTDOWN_S = 5.0
KEPT_BYTES = 8_192  # the end of the server's standard error


class Server(NamedTuple):
    """A server that was started: its address, and its process."""

    url: str
    process: subprocess.Popen[bytes]


@contextmanager
def serving() -> Iterator[Server]:
    """Run the server for as long as the block, on a free port of the loopback address.

    The server holds the other end of a pipe: when this process ends, however it does, the pipe closes
    and the server ends too. Raises LabError when the server does not start within START_UP_S.
    """
    with (
        TemporaryFile() as stderr,  # a pipe could fill, and block the server
        start("lab.server", stdout=subprocess.PIPE, stderr=stderr) as process,
    ):
        try:
            url = _url(process)
            if url is None:
                _end(process)
                stderr.seek(max(stderr.seek(0, 2) - KEPT_BYTES, 0))
                why = stderr.read().decode(errors="replace").strip()
                what = f"the server did not start: exit code {process.returncode}, {START_UP_S:g} s allowed"
                what += f": {why}" if why else ""
                raise LabError(what, where="lab.server", exit_code=UNEXPECTED)
            yield Server(url, process)
        finally:
            _end(process)


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
    return line.decode().strip() if line.endswith(b"\n") else None


def _end(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None
    process.stdin.close()
    try:
        with suppress(subprocess.TimeoutExpired):
            process.wait(SHUTDOWN_S)
    finally:
        process.kill()  # does nothing to a process that was waited for
        process.wait()
