"""The ways in which a forked child can send something to its parent, and how long each takes.

Each is called with a message. Not every way can send all of it.
"""

import mmap
import os
import signal
import socket
import time
from collections.abc import Callable, Mapping
from time import perf_counter_ns as now

CHILD_DELAY_S = 0.001

Timed = tuple[int, int]
"""How many bytes arrived, and the nanoseconds from the child's action until the parent knew."""

stamp = mmap.mmap(-1, 8)  # when the child acted; shared with every forked child


def exit_code(_: bytes) -> Timed:
    """Exit with code 255; that carries one byte."""
    status, took = time_message(lambda: os._exit(255), lambda pid: os.waitpid(pid, 0)[1], reap=False)
    return int(os.waitstatus_to_exitcode(status) == 255), took


def by_signal(_: bytes) -> Timed:
    """Send a signal, which carries no byte."""
    parent = os.getpid()
    _number, took = time_message(
        lambda: os.kill(parent, signal.SIGUSR1), lambda _: signal.sigwait({signal.SIGUSR1})
    )
    return 0, took


def pipe(message: bytes) -> Timed:
    """Write into a pipe."""
    read_end, write_end = os.pipe()
    with os.fdopen(read_end, "rb") as reader, os.fdopen(write_end, "wb", 0) as writer:
        return time_message(lambda: writer.write(message), lambda _: len(reader.read(len(message))))


def by_socket(message: bytes) -> Timed:
    """Write into a socket."""
    reader, writer = socket.socketpair()
    with reader, writer:
        size, whole = len(message), socket.MSG_WAITALL
        return time_message(lambda: writer.sendall(message), lambda _: len(reader.recv(size, whole)))


def shared_memory(message: bytes) -> Timed:
    """Write into memory that both share; the parent looks at it without a pause."""
    with mmap.mmap(-1, len(message) + 1) as memory:

        def write() -> None:
            memory[1:] = message
            memory[0] = 1

        def look(_: int) -> int:
            while not memory[0]:
                pass
            return memory[1:].count(message[:1])

        return time_message(write, look)


def time_message(act: Callable[[], object], notice: Callable[[int], int], *, reap: bool = True) -> Timed:
    """Let a forked child act while its parent waits; return what the parent noticed, and how fast."""
    parent_knows, tell_child = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(tell_child)
            time.sleep(CHILD_DELAY_S)
            stamp[:8] = now().to_bytes(8, "little")
            act()
            # Wait until the parent knows: if both share a core, the child's end would otherwise come first.
            os.read(parent_knows, 1)
        finally:
            os._exit(0)
    noticed = notice(pid)
    took_ns = now() - int.from_bytes(stamp[:8], "little")
    os.close(tell_child)
    os.close(parent_knows)
    if reap:
        os.waitpid(pid, 0)
    return noticed, took_ns


WAYS: Mapping[str, tuple[Callable[[bytes], Timed], str]] = {
    "exit_code": (exit_code, "at the end"),
    "signal": (by_signal, "only that it came"),
    "pipe": (pipe, "one way"),
    "socket": (by_socket, "both ways"),
    "shared_memory": (shared_memory, "in place; wakes nobody"),
}
"""Way -> the function that uses it, and a remark for the table."""
