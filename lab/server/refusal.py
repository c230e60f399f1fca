"""A request that gets no document."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil

from lab.server import RETRY_AFTER_MS_HEADER


class RequestError(Exception):
    """The status that a request is refused with, why, and the headers that say more."""

    def __init__(self, status: int, why: str, headers: Mapping[str, str] | None = None):
        self.status, self.headers = status, headers
        super().__init__(why)


def too_many(why: str, wait_ns: int) -> RequestError:
    """Return a 429 that says when to come again: in `wait_ns`, rounded up to what a header can say."""
    whole_s, exact_ms = ceil(wait_ns / 1e9), ceil(wait_ns / 1e3) / 1e3
    return RequestError(429, why, {"Retry-After": str(whole_s), RETRY_AFTER_MS_HEADER: f"{exact_ms:.3f}"})
