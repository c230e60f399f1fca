"""How many requests a second the embedded server answers before its one core is busy.

The client costs less than the server: bare sockets in threads, which count answers and do not read them.
"""

import re
import socket
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import psutil

from lab.core.errors import LabError
from lab.server import TAG_HEADER
from lab.server.launch import Server, serving

LOAD_S = 0.7
WARM_UP_S = 0.1
CONNECTIONS = 16
PATIENCE_S = 10.0
connect = partial(socket.create_connection, timeout=PATIENCE_S)


def measure() -> dict[str, dict[str, Any]]:
    """Return the server's ceiling for kept connections and for new ones, as JSON can hold it."""
    with serving() as server:
        return {name: loaded(server, name == "kept") for name in ("kept", "new")}


def loaded(server: Server, kept: bool) -> dict[str, Any]:
    """Return what the server did under a load of LOAD_S seconds."""
    url = f"{server.url}/daily/eur.json"
    load(url, WARM_UP_S, kept=kept)
    process = psutil.Process(server.process.pid)
    before, began = process.cpu_times(), monotonic()
    answered = load(url, LOAD_S, kept=kept)
    after, wall_s = process.cpu_times(), monotonic() - began
    return figures(answered, after.user + after.system - before.user - before.system, wall_s)


def figures(answered: int, busy_s: float, wall_s: float) -> dict[str, Any]:
    """Return the ceiling: the requests a second at which the server would be busy all the time.

    It is taken from the CPU time that a request costs the server, not from the clock on the wall: a client
    or another program may hold the server up, which is no limit of the server.
    Where the load was too short for any CPU time to be seen, the ceiling is not known.
    """
    return {
        "requests_per_s": answered / busy_s if answered and busy_s else None,
        "cpu_us_per_request": busy_s / answered * 1e6 if answered and busy_s else None,
        "answered_per_s": answered / wall_s,
        "share_of_core": busy_s / wall_s,
    }


def load(url: str, seconds: float, *, kept: bool) -> int:
    """Ask for a document again and again, CONNECTIONS times at once; return how many answers came.

    kept: whether a connection is kept for the next request. Each of them asks at least once, however busy
    the machine is. Raises LabError where an answer is not 200.
    """
    parts = urlsplit(url)
    close = "" if kept else "Connection: close\r\n"
    head = f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\n{TAG_HEADER}: doctor\r\n{close}\r\n"
    request, address = head.encode(), (parts.hostname or "", parts.port or 80)
    answer_bytes, end = length(address, request), monotonic() + seconds

    def ask(_: int) -> int:
        answers = 0
        while not answers or monotonic() < end:
            with connect(address) as connection, connection.makefile("rb") as answer:
                again = True
                while again:
                    connection.sendall(request)
                    if len(answer.read(answer_bytes)) < answer_bytes:
                        raise LabError("the server closed a connection", where="lab doctor", exit_code=1)
                    answers += 1
                    again = kept and monotonic() < end
        return answers

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        return sum(pool.map(ask, range(CONNECTIONS)))


def length(address: tuple[str, int], request: bytes) -> int:
    """Return how many bytes an answer has, head and body."""
    with connect(address) as connection, connection.makefile("rb") as answer:
        connection.sendall(request)
        head = b""
        while (line := answer.readline()).strip():
            head += line
    body = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
    if not head.startswith(b"HTTP/1.1 200 ") or body is None:
        status = head.decode("latin-1").partition("\r\n")[0][:60]
        raise LabError(f"the server answers {status!r}", where="lab doctor", exit_code=1)
    return len(head) + len(line) + int(body[1])
