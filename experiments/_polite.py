"""The parts of a polite client: a token bucket, and one GET that returns its status and headers.

For `experiments/rate_limit.py`.
"""

import threading
import time
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPMessage
from urllib.parse import urlsplit


class TokenBucket:
    """Lets `burst` threads through at once, and then one at a time, `rate_per_s` a second."""

    def __init__(self, rate_per_s: float, burst: int) -> None:
        self.interval_s, self.burst = 1 / rate_per_s, burst
        self.lock = threading.Lock()
        self.next_s = 0.0

    def take(self) -> None:
        """Reserve the next token under the lock, and wait for it outside."""
        with self.lock:
            now_s = time.monotonic()
            token_s = max(self.next_s, now_s - (self.burst - 1) * self.interval_s)
            self.next_s = token_s + self.interval_s
        time.sleep(max(0.0, token_s - now_s))


def get(url: str, headers: Mapping[str, str]) -> tuple[int, HTTPMessage, bytes]:
    """Send one GET through a connection of its own; return status, headers and body."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.netloc, timeout=30.0)
    try:
        connection.request("GET", f"{parts.path}?{parts.query}", headers={"Connection": "close", **headers})
        response = connection.getresponse()
        return response.status, response.headers, response.read()
    finally:
        connection.close()
