"""What the server counts for each tag; pure bookkeeping, no network."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class Tally:
    """The counts of one tag since it was first seen or last forgotten."""

    requests: int = 0
    new_connections: int = 0
    in_flight: int = 0
    peak_in_flight: int = 0
    bytes: int = 0
    errors: int = 0
    refused: int = 0

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
        """Return the counts under the names that `GET /stats/<tag>` gives them."""
        names = ("requests", "new_connections", "peak_in_flight", "bytes", "errors", "refused")
        return {name: getattr(self, name) for name in names}


@dataclass(slots=True)
class Counts:
    """The tallies of at most `most` tags; the tag first seen longest ago makes room for a new one."""

    most: int
    _tallies: dict[str, Tally] = field(default_factory=dict)

    def of(self, tag: str) -> Tally:
        """Return the tally of a tag, begun at nothing when the tag is new."""
        tally = self._tallies.get(tag)
        if tally is None:
            if len(self._tallies) == self.most:
                del self._tallies[next(iter(self._tallies))]
            tally = self._tallies[tag] = Tally()
        return tally

    def report(self, tag: str) -> dict[str, int]:
        """Return the counts of a tag; zeros when there are none."""
        return self._tallies.get(tag, Tally()).report()

    def forget(self, tag: str) -> dict[str, int]:
        """Return the counts of a tag, and start it again from nothing."""
        return self._tallies.pop(tag, Tally()).report()
