"""A client that costs less than the server: bare sockets in threads, answers counted and not read."""

from __future__ import annotations

import re
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from time import monotonic
from urllib.parse import urlsplit

from lab.core.errors import LabError
from lab.server import TAG_HEADER

CONNECTIONS = 16
PIECE_BYTES = 1 << 18
PATIENCE_S = 10.0


def load(url: str, seconds: float, *, kept: bool) -> int:
    """Ask for a document again and again, CONNECTIONS times at once; return how many answers came.

    kept: whether a connection is kept for the next request. Raises LabError where an answer is not 200.
    """
    parts = urlsplit(url)
    close = "" if kept else "Connection: close\r\n"
    head = f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\n{TAG_HEADER}: doctor\r\n{close}\r\n"
    request, address = head.encode(), (parts.hostname or "", parts.port or 80)
    answer_bytes, end = length(address, request), monotonic() + seconds

    def ask(_: int) -> int:
        answers, piece = 0, bytearray(PIECE_BYTES)
        while monotonic() < end:
            with closing(socket.create_connection(address, timeout=PATIENCE_S)) as connection:
                while monotonic() < end:
                    connection.sendall(request)
                    receive(connection, piece, answer_bytes)
                    answers += 1
                    if not kept:
                        break
        return answers

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        return sum(pool.map(ask, range(CONNECTIONS)))


def receive(connection: socket.socket, piece: bytearray, answer_bytes: int) -> None:
    """Receive a whole answer; LabError where the connection ends before."""
    while answer_bytes > 0:
        received = connection.recv_into(piece)
        if not received:
            raise LabError("the server closed a connection", where="lab doctor", exit_code=1)
        answer_bytes -= received


def length(address: tuple[str, int], request: bytes) -> int:
    """Return how many bytes an answer has, head and body."""
    head = b""
    with socket.create_connection(address, timeout=PATIENCE_S) as connection:
        connection.sendall(request)
        while b"\r\n\r\n" not in head and (piece := connection.recv(PIECE_BYTES)):
            head += piece
    head = head.partition(b"\r\n\r\n")[0]
    body = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
    if not head.startswith(b"HTTP/1.1 200 ") or body is None:
        status = head.decode("latin-1").partition("\r\n")[0][:60]
        raise LabError(f"the server answers {status!r}", where="lab doctor", exit_code=1)
    return len(head) + 4 + int(body[1])
