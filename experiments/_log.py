"""A log that is rotated and emptied while it is written, and the reader that a follower uses."""

import os
import re
import threading
from pathlib import Path
from time import perf_counter_ns as now

LINES = 200
ROTATED, EMPTIED = LINES // 3, 2 * LINES // 3
"""Before which line the file is moved away and a new one begun, and before which it is emptied."""

LINE = re.compile(rb"line (\d+) written at (\d+)")


class Log:
    """A log file with a program that writes it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file = path.open("ab", buffering=0)

    def write(self, index: int) -> None:
        """Append a stamped line; before two of them, the file is rotated or emptied."""
        if index == ROTATED:
            self.path.rename(self.path.with_suffix(".1"))
            self.file.close()
            self.file = self.path.open("ab", buffering=0)
        if index == EMPTIED:
            self.file.truncate(0)
        self.file.write(b"line %d written at %d\n" % (index, now()))


class Tail:
    """A file followed by its name from its end, across rotation and truncation: what `tail -F` does."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file = path.open("rb")
        self.file.seek(0, os.SEEK_END)
        self.rest = b""
        self.seen: dict[int, tuple[int, int]] = {}

    def look(self) -> None:
        """Read what was written since the last look, and stamp every line of it."""
        try:
            there = self.path.stat()
        except FileNotFoundError:  # moved away, and the new one has not begun
            return
        if there.st_ino != os.fstat(self.file.fileno()).st_ino:
            self.read()  # what was written to the old file before it was moved away
            self.file.close()
            self.file, self.rest = self.path.open("rb"), b""
        elif there.st_size < self.file.tell():
            self.file.seek(0)
            self.rest = b""
        self.read()

    def last_look(self, written: threading.Event) -> bool:
        """Look; return whether everything had been written before."""
        last = written.is_set()
        self.look()
        return last

    def read(self) -> None:
        """Read to the end of the file that is open."""
        *lines, self.rest = (self.rest + self.file.read()).split(b"\n")
        seen_ns = now()
        for line in lines:
            if stamped := LINE.fullmatch(line):
                self.seen.setdefault(int(stamped[1]), (int(stamped[2]), seen_ns))
