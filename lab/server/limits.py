"""How often the server lets a tag ask: a token bucket; pure bookkeeping, no network."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rate:
    """`burst` requests at once after a long enough pause, and `per_s` a second without one."""

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
    ITU-T I.371), in whole nanoseconds: a request that waited as long as it was asked to is never refused
    because of rounding.
    """

    rate: Rate | None = None
    _full_ns: int = 0

    def take(self, rate: Rate, now_ns: int) -> int:
        """Take a token and return 0; where there is none, return in how many ns there will be one.

        Another rate than that of the last request begins with a full bucket.
        """
        if rate != self.rate:
            self.rate, self._full_ns = rate, 0
        full_ns = max(self._full_ns, now_ns)
        missing_ns = full_ns - now_ns - (rate.burst - 1) * rate.interval_ns
        if missing_ns > 0:
            return missing_ns
        self._full_ns = full_ns + rate.interval_ns
        return 0
