"""How often the server lets a tag ask: a token bucket for each; pure bookkeeping, no network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Rate:
    """`burst` requests at once where none came for long enough, and `per_s` a second on end."""

    per_s: float
    burst: int

    @property
    def interval_ns(self) -> int:
        """The nanoseconds in which one token drips into the bucket."""
        return round(1e9 / self.per_s)


@dataclass(slots=True)
class Bucket:
    """A bucket of `rate.burst` tokens, full at first, of which every request takes one.

    It keeps one number, the moment at which it will be full again (the generic cell rate algorithm of
    ITU-T I.371), in whole nanoseconds: who comes when told to is never refused for a rounding.
    """

    rate: Rate
    _full_ns: int = 0

    def take(self, now_ns: int) -> int:
        """Take a token and return 0; where there is none, return in how many ns there will be one."""
        full_ns = max(self._full_ns, now_ns)
        missing_ns = full_ns - now_ns - (self.rate.burst - 1) * self.rate.interval_ns
        if missing_ns > 0:
            return missing_ns
        self._full_ns = full_ns + self.rate.interval_ns
        return 0


@dataclass(slots=True)
class Limits:
    """The buckets of at most `most` tags; the tag first seen longest ago makes room for a new one.

    A tag has one bucket, of the rate that its last request stated: another rate begins with a full one.
    """

    most: int
    clock_ns: Callable[[], int]
    _buckets: dict[str, Bucket] = field(default_factory=dict)

    def take(self, tag: str, rate: Rate) -> int:
        """Take one of the tag's tokens and return 0; else in how many ns there will be one."""
        bucket = self._buckets.get(tag)
        if bucket is None and len(self._buckets) == self.most:
            del self._buckets[next(iter(self._buckets))]
        if bucket is None or bucket.rate != rate:
            bucket = self._buckets[tag] = Bucket(rate)
        return bucket.take(self.clock_ns())

    def forget(self, tag: str) -> None:
        """Begin the tag again with a full bucket."""
        self._buckets.pop(tag, None)
