"""What the server keeps for each tag: its counts and its token bucket; pure bookkeeping, no network."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from lab.server import MAX_TAGS
from lab.server.limits import Bucket

REPORTED = ("requests", "new_connections", "peak_in_flight", "bytes", "errors", "refused")
"""The counts that `GET /stats/<tag>` gives."""


@dataclass(slots=True)
class Tally:
    """The counts of one tag since it was first seen or last forgotten, and its bucket of tokens."""

    requests: int = 0
    new_connections: int = 0
    in_flight: int = 0
    peak_in_flight: int = 0
    bytes: int = 0
    errors: int = 0
    refused: int = 0
    bucket: Bucket = field(default_factory=Bucket)

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

    def report(self) -> dict[str, int]:
        """Return the counts by their names."""
        return {name: getattr(self, name) for name in REPORTED}


class Tallies(dict[str, Tally]):
    """Tag -> its tally, for at most MAX_TAGS; the tag first seen longest ago makes room for a new one."""

    def __missing__(self, tag: str) -> Tally:
        """Return the tally of a new tag, with nothing counted."""
        if len(self) == MAX_TAGS:
            del self[next(iter(self))]
        self[tag] = Tally()
        return self[tag]
