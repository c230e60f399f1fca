"""Work that computes until a moment: in pure Python, with the GIL released, and in one call that holds it.

For `experiments/responsiveness.py`. Moments are those of `time.perf_counter_ns`.
"""

import hashlib
from collections.abc import Callable, Mapping
from time import perf_counter_ns as now

Work = Callable[[int], None]

SUMMED = [1_000_000]
"""How far `total` sums."""


def python(end: int) -> None:
    """Compute in pure Python."""
    while now() < end:
        pass


def digest(end: int) -> None:
    """Compute digests of 1 MiB, which release the GIL."""
    buffer = bytes(1 << 20)
    while now() < end:
        hashlib.sha256(buffer).digest()


def total(_: int) -> None:
    """Compute in one call, which holds the GIL for the time that `calibrate` has set."""
    sum(range(SUMMED[0]))


def calibrate(work_ns: int) -> None:
    """Make `total` take `work_ns`."""
    fastest_ns = work_ns
    for _ in range(3):
        began = now()
        total(0)
        fastest_ns = min(fastest_ns, now() - began)
    SUMMED[0] = SUMMED[0] * work_ns // fastest_ns


WORKS: Mapping[str, Work] = {"python": python, "digest": digest, "sum": total}
