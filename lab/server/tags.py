"""The server's counts and token bucket for each tag; pure bookkeeping, no network."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

COUNTED = ("requests", "new_connections", "peak_in_flight", "bytes", "errors", "refused")


@dataclass(frozen=True, slots=True)
class Rate:
    """`burst` requests at once after a long enough pause, and `per_s` a second from then on."""

    per_s: float
    burst: int


@dataclass(slots=True)
class Tag:
    """The counts of one tag, and a bucket of `rate.burst` tokens, full at first: each request takes one.

    The bucket keeps one number, the moment at which it will be full again (the generic cell rate algorithm
    of ITU-T I.371), in whole nanoseconds: a request that comes at the moment it was given is never refused
    for a rounding.
    """

    requests: int = 0
    new_connections: int = 0
    in_flight: int = 0
    peak_in_flight: int = 0
    bytes: int = 0
    errors: int = 0
    refused: int = 0
    rate: Rate | None = None
    _full_ns: int = 0

    @contextmanager
    def request(self, *, first_on_connection: bool) -> Iterator[None]:
        """Count one request, in flight for as long as the block runs; a block that raises is an error."""
        self.requests += 1
        self.new_connections += first_on_connection
        self.in_flight += 1
        self.peak_in_flight = max(self.peak_in_flight, self.in_flight)
        try:
            yield
        except BaseException:
            self.errors += 1
            raise
        finally:
            self.in_flight -= 1

    def answered(self, status: int, body_bytes: int) -> None:
        """Count the answer to a request."""
        self.bytes += body_bytes
        self.errors += status >= 400
        self.refused += status == 429

    def take(self, rate: Rate, now_ns: int) -> int:
        """Take a token and return 0, or the ns until there is one; a new rate begins with a full bucket."""
        if rate != self.rate:
            self.rate, self._full_ns = rate, 0
        interval_ns = round(1e9 / rate.per_s)  # after which one more token drips into the bucket
        full_ns = max(self._full_ns, now_ns)
        missing_ns = full_ns - now_ns - (rate.burst - 1) * interval_ns
        if missing_ns > 0:
            return missing_ns
        self._full_ns = full_ns + interval_ns
        return 0

    def report(self) -> dict[str, int]:
        """Return the counts under the names that `GET /stats/<tag>` gives them."""
        return {name: getattr(self, name) for name in COUNTED}


class Tags(dict[str, Tag]):
    """At most `most` tags, each new at its first look-up; the one first seen longest ago makes room."""

    def __init__(self, most: int):
        super().__init__()
        self.most = most

    def __missing__(self, name: str) -> Tag:
        if len(self) == self.most:
            del self[next(iter(self))]
        return self.setdefault(name, Tag())
