"""The ways in which a forked child can send something to its parent, and how long each takes.

Each is called with a message; how much of it can be sent is a matter of the way.
"""

import mmap
import os
import signal
import socket
import time
from collections.abc import Callable, Mapping
from time import perf_counter_ns as now

UNTIL_PARENT_WAITS_S = 0.001

Trip = tuple[int, int]
"""How many bytes arrived, and the nanoseconds from the child's act until the parent knew."""

stamp = mmap.mmap(-1, 8)  # when the child acted; shared with whoever is forked


def exit_code(_: bytes) -> Trip:
    """Leave with the greatest code there is: one byte."""
    status, took = trip(lambda: os._exit(255), lambda pid: os.waitpid(pid, 0)[1], reap=False)
    return int(os.waitstatus_to_exitcode(status) == 255), took


def by_signal(_: bytes) -> Trip:
    """Send a signal, which brings no byte with it."""
    parent = os.getpid()
    _number, took = trip(
        lambda: os.kill(parent, signal.SIGUSR1), lambda _: signal.sigwait({signal.SIGUSR1})
    )
    return 0, took


def pipe(message: bytes) -> Trip:
    """Write into a pipe."""
    read_end, write_end = os.pipe()
    with os.fdopen(read_end, "rb") as reader, os.fdopen(write_end, "wb", 0) as writer:
        return trip(lambda: writer.write(message), lambda _: len(reader.read(len(message))))


def by_socket(message: bytes) -> Trip:
    """Write into a socket."""
    reader, writer = socket.socketpair()
    with reader, writer:
        size, whole = len(message), socket.MSG_WAITALL
        return trip(lambda: writer.sendall(message), lambda _: len(reader.recv(size, whole)))


def shared_memory(message: bytes) -> Trip:
    """Write into memory that both share; the parent keeps looking."""
    with mmap.mmap(-1, len(message) + 1) as memory:

        def write() -> None:
            memory[1:] = message
            memory[0] = 1

        def look(_: int) -> int:
            while not memory[0]:
                pass
            return memory[1:].count(message[:1])

        return trip(write, look)


def trip(act: Callable[[], object], notice: Callable[[int], int], *, reap: bool = True) -> Trip:
    """Let a forked child act while its parent waits; return what the parent noticed, and how soon."""
    parent_knows, tell_child = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(tell_child)
            time.sleep(UNTIL_PARENT_WAITS_S)
            stamp[:8] = now().to_bytes(8, "little")
            act()
            # Not to end before the parent knows: on a core that both share, that would come first.
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


WAYS: Mapping[str, tuple[Callable[[bytes], Trip], str]] = {
    "exit_code": (exit_code, "at the end"),
    "signal": (by_signal, "only that it came"),
    "pipe": (pipe, "one way"),
    "socket": (by_socket, "both ways"),
    "shared_memory": (shared_memory, "in place; wakes nobody"),
}
"""Way -> how to use it, and what there is to say of it."""
