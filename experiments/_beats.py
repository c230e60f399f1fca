"""A timer that fires every 5 ms, and when it really did: for `responsiveness.py`."""

import asyncio
import time
from time import perf_counter_ns as now

BEAT_NS = 5_000_000
BEATS = 28
WORK_NS = BEATS * BEAT_NS

Beat = tuple[int, int]  # due, happened


def due_beats(began: int) -> list[int]:
    """Return when each beat is due."""
    return [began + number * BEAT_NS for number in range(1, BEATS + 1)]


def beat(began: int) -> list[Beat]:
    """Beat in this thread: sleep until each beat is due, or not at all if it is overdue."""
    beats = []
    for due in due_beats(began):
        if (early := due - now()) > 0:
            time.sleep(early / 1e9)
        beats.append((due, now()))
    return beats


async def beat_in_loop(began: int) -> list[Beat]:
    """Beat in the loop: the same with an `await`."""
    beats = []
    for due in due_beats(began):
        if (early := due - now()) > 0:
            await asyncio.sleep(early / 1e9)
        beats.append((due, now()))
    return beats
