"""Asks the server what it has counted for a trial, between two batches.

By a socket of its own: a client library would put its import on the way of trials that do without it.
"""

import json
import os
from typing import Self

PATIENCE_S = 30.0


class Tally:
    """The counts of one tag on the server at `host`:`port`."""

    def __init__(self, host: str, port: int, tag: str):
        self.host, self.port, self.tag = host, port, tag
        self._cpu_s = 0.0  # of the server, when its counts began

    @classmethod
    def of_trial(cls) -> Self | None:
        """Return the tally of this trial; None where it asks another server than the embedded one."""
        url = os.environ.get("LAB_SERVER", "")
        if not url or os.environ.get("LAB_LIVE"):
            return None
        host, _, port = url.removeprefix("http://").partition(":")
        return cls(host, int(port), os.environ["LAB_TAG"])

    def restart(self) -> None:
        """Let the server count anew."""
        self._cpu_s = self._asked("DELETE").get("server_cpu_s", 0.0)

    def counts(self) -> dict[str, float]:
        """Return what was counted since `restart`; nothing where the server does not answer.

        requests, new_connections, peak_in_flight, bytes, errors, refused, and `server_cpu_s`: the CPU
        seconds that the server has had since then.
        """
        counts = self._asked("GET")
        return counts | {"server_cpu_s": counts["server_cpu_s"] - self._cpu_s} if counts else {}

    def _asked(self, method: str) -> dict[str, float]:
        import socket  # here: trials that ask nothing do without it

        request = f"{method} /stats/{self.tag} HTTP/1.1\r\nHost: {self.host}\r\nConnection: close\r\n\r\n"
        answer = b""
        try:
            with socket.create_connection((self.host, self.port), PATIENCE_S) as connection:
                connection.sendall(request.encode())
                while piece := connection.recv(65_536):
                    answer += piece
            counts: dict[str, float] = json.loads(answer.partition(b"\r\n\r\n")[2])
        except (OSError, ValueError):
            return {}
        return counts
