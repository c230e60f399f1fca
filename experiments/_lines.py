"""Lines in four pieces, the streams that take them, and what became of them: for `output_order.py`."""

import io
import re
from collections.abc import Sequence
from time import perf_counter_ns as now
from typing import Any, TextIO

WHOLE = re.compile(rb"(\d\d-\d\d)a \1b \1c \1@\d+\.\n")
FIRST, STAMP = re.compile(rb"(\d\d-\d\d)a"), re.compile(rb"(\d\d-\d\d)@(\d+)\.")
LOSSES = ("torn_percent", "out_of_order_percent", "lost_percent")

Pieces = Sequence[str]


def line(worker: int, number: int) -> Pieces:
    """Return the four pieces of a line, each with the line's tag, the last with the time."""
    tag = f"{worker:02}-{number:02}"
    return f"{tag}a", f"{tag}b", f"{tag}c", f"{tag}@{now()}."


def opened(fd: int, held_back: str) -> TextIO:
    """Open a text stream as Python opens its output: to a terminal, under -u, or to a file."""
    raw: Any = io.FileIO(fd, "w", closefd=False)
    if held_back == "nothing":
        return io.TextIOWrapper(raw, write_through=True)
    return io.TextIOWrapper(io.BufferedWriter(raw), line_buffering=held_back == "line")


def losses(written: bytes, submitted: int) -> dict[str, float]:
    """Return how many of the submitted lines are torn, overtaken by one submitted later, or lost, in %.

    A line is torn if its pieces did not arrive next to each other; its first piece gives its place.
    """
    stamps = {tag: int(stamp) for tag, stamp in STAMP.findall(written)}
    whole = sum(WHOLE.fullmatch(each) is not None for each in written.splitlines(keepends=True))
    latest = overtaken = 0
    for tag in FIRST.findall(written):
        overtaken += stamps[tag] < latest
        latest = max(latest, stamps[tag])
    counts = (len(stamps) - whole, overtaken, submitted - len(stamps))
    return {metric: 100 * count / submitted for metric, count in zip(LOSSES, counts, strict=True)}
