"""Launches one trial as a child process, listens to it until it ends, and ends it when it does not."""

import json
import os
import select
import selectors
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic
from typing import IO, Any

from lab.core.child import start
from lab.core.errors import LabError
from lab.cost.memory import Peak
from lab.runner.reap import children, end

TAIL_BYTES = 4000
FLOOD_BYTES = 64 << 20
PIECE_BYTES = 1 << 16
LOOK_EVERY_S = 0.002


@dataclass(slots=True)
class Report:
    """What a child sent and how it ended: its frames, its exit code, and the tail of its stderr.

    cut: why the runner ended it; "" where it ended by itself.
    wall_s: the seconds from its launch until nothing of it was left.
    memory: the peak of its process tree, seen while the child asked to be watched; None where it never did.
    """

    frames: list[dict[str, Any]] = field(default_factory=list)
    tail: bytes = b""
    cut: str = ""
    exit_code: int = 0
    wall_s: float = 0.0
    memory: Peak | None = None


def frames_in(unread: bytearray, piece: bytes) -> list[dict[str, Any]]:
    """Add a piece of a stream to what is unread of it, and take out the lines of JSON that end in it."""
    unread += piece
    if b"\n" not in piece:
        return []
    lines, _, rest = unread.rpartition(b"\n")
    unread[:] = rest
    return [json.loads(line) for line in lines.split(b"\n")]


def check_platform() -> None:
    """Raise LabError where a trial cannot be watched: Windows can wait for sockets only, not for pipes."""
    if not hasattr(select, "poll"):
        remedy = "run it on Linux or macOS; on Windows, in WSL"
        raise LabError("this system cannot wait for the output of a trial", where="lab run", remedy=remedy)


def launch(request: Mapping[str, Any], *, timeout_s: float) -> Report:
    """Run one trial; however it ends, nothing of it is left."""
    launched = monotonic()
    report = Report()
    child = start("lab.trial", stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0)
    # Read while the child starts, when it has none of its own: a scan of all processes takes its time.
    others = children() - {child.pid}
    assert child.stdin and child.stdout and child.stderr
    with child.stdin, child.stdout, child.stderr:
        try:
            with suppress(BrokenPipeError):  # it died before it read; its exit code and stderr say how
                child.stdin.write(json.dumps(request).encode() + b"\n")
            listen(child, report, launched + timeout_s)
        finally:
            report.exit_code = end(child, keep=others)
            hear(child.stderr, report)  # all that can be left: a pipe holds no more than a piece
            report.wall_s = monotonic() - launched
    return report


def listen(child: subprocess.Popen[bytes], report: Report, deadline: float) -> None:
    """Take in frames and the tail of stderr until the child closes its channel or has to be ended."""
    assert child.stdout and child.stderr
    unread, watching = bytearray(), False
    with selectors.DefaultSelector() as selector:
        for pipe in (child.stdout, child.stderr):
            os.set_blocking(pipe.fileno(), False)
            selector.register(pipe, selectors.EVENT_READ)
        while not report.cut:
            left_s = max(0.0, deadline - monotonic())
            wait_s = min(left_s, LOOK_EVERY_S) if watching else left_s
            ready = [key.fileobj for key, _ in selector.select(wait_s)]
            if child.stderr in ready and not hear(child.stderr, report):
                selector.unregister(child.stderr)
            if child.stdout in ready:
                piece = child.stdout.read(PIECE_BYTES)
                if not piece:
                    break
                report.frames += (frames := frames_in(unread, piece))
                watching = next((frame["watch"] for frame in frames[::-1] if "watch" in frame), watching)
            if watching:
                report.memory = report.memory or Peak(child.pid)
                report.memory.look()
            if len(unread) > FLOOD_BYTES:
                report.cut = f"sent a frame of more than {FLOOD_BYTES >> 20} MiB"
            elif monotonic() >= deadline:
                report.cut = "did not end in time"


def hear(stderr: IO[bytes], report: Report) -> bool:
    """Add what there is on stderr to the tail; return whether there was anything."""
    piece = stderr.read(PIECE_BYTES)
    report.tail = (report.tail + (piece or b""))[-TAIL_BYTES:]
    return bool(piece)
