"""Ways to add one to a number that others change too: for `race.py`."""

import time
from collections.abc import Callable, Mapping
from typing import Any

PAUSE_S = 0.0005


class Counter:
    """The number that threads and tasks share."""

    value = 0


def bare(counter: Any) -> None:
    """Add one, in a single statement."""
    counter.value += 1


def called(counter: Any) -> None:
    """Read, call a function, write."""
    counter.value = one_more(counter.value)


def one_more(number: int) -> int:
    """Return the next number."""
    return number + 1


def slept(counter: Any) -> None:
    """Read, sleep, write."""
    number = counter.value
    time.sleep(PAUSE_S)
    counter.value = number + 1


GAPS: Mapping[str, Callable[[Any], None]] = {"none": bare, "call": called, "sleep": slept}
