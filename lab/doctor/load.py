"""A client that costs less than the server: bare sockets in one loop, answers counted and not read."""

from __future__ import annotations

import re
import selectors
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from urllib.parse import urlsplit

from lab.core.errors import LabError
from lab.server import TAG_HEADER

CONNECTIONS = 16
PIECE_BYTES = 1 << 18
PATIENCE_S = 10.0


@dataclass(slots=True)
class Call:
    """One connection, and how much of its answer is still to come."""

    connection: socket.socket
    left_bytes: int


class Load:
    """Asks a server for one document again and again, over kept connections or a new one each time."""

    def __init__(self, url: str, *, kept: bool):
        """Ask once, to learn how long an answer is; LabError where it is not 200."""
        place = urlsplit(url)
        self.address = (place.hostname or "", place.port or 80)
        self.kept = kept
        header = "" if kept else "Connection: close\r\n"
        self.request = (
            f"GET {place.path} HTTP/1.1\r\nHost: {place.netloc}\r\n{TAG_HEADER}: doctor\r\n{header}\r\n"
        ).encode()
        self.answer_bytes = self.length()

    def run(self, seconds: float) -> int:
        """Keep CONNECTIONS requests in flight for so long; return how many were answered."""
        answered, end = 0, monotonic() + seconds
        piece = bytearray(PIECE_BYTES)
        with self.calls() as selector:
            while monotonic() < end:
                for key, _ in selector.select(PATIENCE_S):
                    call: Call = key.data
                    received = call.connection.recv_into(piece)
                    if not received:
                        raise LabError("the server closed a connection", where="lab doctor", exit_code=1)
                    call.left_bytes -= received
                    if call.left_bytes <= 0:
                        answered += 1
                        self.again(call, selector)
        return answered

    def again(self, call: Call, selector: selectors.BaseSelector) -> None:
        """Ask once more, over the same connection or a new one."""
        if not self.kept:
            selector.unregister(call.connection)
            call.connection.close()
            call.connection = self.connect()
            selector.register(call.connection, selectors.EVENT_READ, call)
        call.left_bytes = self.answer_bytes
        call.connection.sendall(self.request)

    @contextmanager
    def calls(self) -> Iterator[selectors.BaseSelector]:
        """Open CONNECTIONS with a request on each; close them all."""
        with selectors.DefaultSelector() as selector:
            try:
                for _ in range(CONNECTIONS):
                    call = Call(self.connect(), self.answer_bytes)
                    selector.register(call.connection, selectors.EVENT_READ, call)
                    call.connection.sendall(self.request)
                yield selector
            finally:
                for key in list(selector.get_map().values()):
                    key.data.connection.close()

    def connect(self) -> socket.socket:
        """Return a new connection."""
        return socket.create_connection(self.address, timeout=PATIENCE_S)

    def length(self) -> int:
        """Return how many bytes an answer has, head and body."""
        with self.connect() as connection:
            connection.sendall(self.request)
            head = b""
            while b"\r\n\r\n" not in head and (piece := connection.recv(PIECE_BYTES)):
                head += piece
        head = head.partition(b"\r\n\r\n")[0]
        body = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
        if not head.startswith(b"HTTP/1.1 200 ") or body is None:
            said = head.decode("latin-1").partition("\r\n")[0][:60]
            raise LabError(f"the server answers {said!r}", where="lab doctor", exit_code=1)
        return len(head) + 4 + int(body[1])
