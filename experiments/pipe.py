"""A message to another process, thread or task, and its reply: how fast, how large, and what gets through?

## The question

A partner sends back every message it gets: an int, a str, a dict, an object of a user's class, and None as
the end. It sits behind a `Pipe`, a `multiprocessing.Queue`, shared memory or a socket, in a process; behind
a `queue.Queue`, in a thread; behind an `asyncio.Queue`, in a task. How long do a message and its reply
take, for 16 bytes and for 64 MiB? What does not get through?

## What to expect

- Between *processes* every message is pickled, copied and unpickled. What comes back is equal, and never
  the same object. The time is the same for all small messages, and grows with the size from some tens of
  kilobytes on.
- Between *threads* and *tasks* nothing is copied. They pass a reference, whatever the size, and the same
  object comes back. So both sides can change it, and the program has to allow for that.
- A sender that does not wait for an answer is not woken up for each message. Most bytes a second arrive in
  messages of 64 KiB to one MiB: with smaller ones the number of messages counts, and a larger one needs new
  pages from the system for each of its copies.
- An object that does not pickle does not get through: a lambda, an open file, a lock. A `Pipe` raises that
  error in the sender. A `multiprocessing.Queue` pickles later, in a thread of its own: the sender gets no
  error, and the partner waits forever. An object is sent as the name of its class and its data: a partner
  that does not know the class fails when it receives it.
- A `Pipe` and a socket can hold the same limited amount: a pipe that goes both ways is a socket (on Linux
  176 KiB, in pieces of 4). A sender waits when its partner does not read; two partners that both send first
  wait for each other forever. A queue accepts the message, and its sender goes on.

## What to look at

The round trip over the size: the two lines of the channels that copy nothing are flat, and from some size
on all others are above them. The reply of another thread to a small message comes no earlier than one
through a pipe: most of the time is for waking the other thread, which an asyncio task does not need. Then
the bytes that arrive in a second. Then the matrix: which objects get through, and from which size on a send
waits if nobody reads.

## What not to conclude

That shared memory is free. Here messages are pickled into it and copied out of it, as everywhere else, and
it has room for one message: the sender of another has to wait. It is worth it if both sides work on the
bytes in place (`payload`).

## In the code

The channels: `experiments/_channels.py`. What may hang runs in a watched process: `lab/trial/isolate.py`.
"""

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from statistics import median
from time import perf_counter_ns as now
from typing import Any

from lab import Case, Experiment, Value, attempts, claim, lines, matrix, value

from ._channels import CHANNELS, FORK, IN_THIS_PROCESS, Link, Partner, capacity, with_partner
from ._objects import OBJECTS, in_words, send_object

LARGEST = 64 << 20
MEASURE_FOR_S, HANG_AFTER_S, MAX_MESSAGES = 0.02, 0.1, 300
COPYING = ("pipe", "process_queue", "shared_memory", "socket")
UNREAD = b"u" * (1 << 20)


@dataclass(frozen=True)
class Mine:
    """An object of a user's class."""

    number: int


MESSAGES = [7, "seven", {"seven": 7}, Mine(7)]


async def round_trips(trip: Callable[[Any], Any], message: object, fewest: int) -> tuple[float, Any]:
    """Return the median seconds of a message and its reply, and the last reply."""
    took_ns: list[int] = []
    began = now()
    while len(took_ns) < fewest or (len(took_ns) < MAX_MESSAGES and now() - began < MEASURE_FOR_S * 1e9):
        sent = now()
        reply = await trip(message)
        took_ns.append(now() - sent)
    return median(took_ns[1:] or took_ns) / 1e9, reply


async def timed(channel: str, size: int) -> dict[str, Value]:
    """Return how long a message of this size and its reply take, and how many bytes a second arrive."""
    message = os.urandom(16) * (size // 16)
    # All except shared memory take new pages for each message; there only the first trip does.
    fewest = 1 if size == LARGEST and channel != "shared_memory" else 2
    seconds, reply = await with_partner(channel, size, lambda trip: round_trips(trip, message, fewest))
    if reply != message:
        raise RuntimeError("another message came back")
    numbers: dict[str, Value] = {"round_trip_s": seconds, "same_object": reply is message}
    # An object that is passed by reference is not moved, however large it is.
    return (
        numbers
        if reply is message
        else numbers | {"sent_bytes_per_s": bytes_per_s(channel, message, seconds)}
    )


def bytes_per_s(channel: str, message: bytes, trip_s: float) -> float:
    """Return the bytes a second if the sender does not wait for replies; this takes 20 ms at most."""
    messages = max(1, min(MAX_MESSAGES, round(MEASURE_FOR_S / trip_s)))
    # Shared memory has room for one message: the next must wait until the last was received.
    batch = 1 if channel == "shared_memory" else messages
    ours, theirs = CHANNELS[channel](len(message))
    partner = Partner(ours, FORK.Process(target=acknowledge, args=(theirs, batch), daemon=True))
    partner.worker.start()
    theirs.close()
    ours.receive()
    began = now()
    for number in range(1, messages + 1):
        ours.send(message)
        if number % batch == 0:
            ours.receive()
    seconds = (now() - began) / 1e9
    partner.end()
    return messages * len(message) / seconds


def acknowledge(link: Link, batch: int) -> None:
    """Receive until None; acknowledge the start, and then every `batch` messages."""
    link.send(received := 0)
    while link.receive() is not None:
        received += 1
        if received % batch == 0:
            link.send(received)


async def messages_survive(channel: str) -> dict[str, Value]:
    """Return whether the messages come back equal, and whether the object is the same one, not a copy."""

    async def send(trip: Callable[[Any], Any]) -> list[Any]:
        return [await trip(message) for message in MESSAGES]

    replies = await with_partner(channel, 16, send)
    return {"messages_equal": replies == MESSAGES, "same_instance": replies[-1] is MESSAGES[-1]}


def unread(channel: str) -> bool:
    """Send a MiB that nobody receives; return at once, or never."""
    if channel == "async_queue":
        asyncio.Queue[bytes]().put_nowait(UNREAD)
    else:
        ours, theirs = CHANNELS[channel](2 * len(UNREAD))
        ours.send(UNREAD)
        del theirs
    return True


def objects_and_unread(channel: str) -> dict[str, Value | None]:
    """Return what happens to each object, and to a message that nobody reads, in words and numbers."""
    tried: dict[str, Callable[[], Any]] = {name: partial(send_object, channel, name) for name in OBJECTS}
    fates = attempts({**tried, "unread": partial(unread, channel)}, patience_s=HANG_AFTER_S)
    words = {name: in_words(fates[name]) for name in OBJECTS}
    through = sum(word.startswith("good") for word in words.values())
    space, kind = capacity(channel), fates["unread"].kind
    beyond = f" beyond {space['blocks_at_bytes'] >> 10} KiB" if space else ""
    waits = {"hangs": f"mixed: waits{beyond}", "answered": "good: goes on"}.get(kind, kind)
    return {
        **words,
        "unread": waits,
        **space,
        "objects_crossing": None if "unknown" in words.values() else through,
        "unread_waits": None if kind == "unknown" else kind == "hangs",
    }


def measure(case: Case) -> dict[str, Value | None]:
    """Send and receive; with the smallest size, also objects that are not bytes."""
    channel, size = str(case["channel"]), int(case["size_bytes"])
    numbers = asyncio.run(timed(channel, size))
    return (
        numbers
        if size > 16
        else numbers | asyncio.run(messages_survive(channel)) | objects_and_unread(channel)
    )


experiment = Experiment(
    question="A message and its reply: how fast, how large, and what gets through?",
    measure=measure,
    grid={"channel": [*CHANNELS, "async_queue"], "size_bytes": [16, 1 << 16, 1 << 20, LARGEST]},
    keep=lambda at: at["channel"] not in IN_THIS_PROCESS or at["size_bytes"] in (16, LARGEST),
    unavailable=lambda _: "" if hasattr(os, "fork") else "this platform has no os.fork",
    samples=1,
    warmups=0,
    figures=[
        lines("size_bytes", "round_trip_s").asking("How long do a message and its reply take?"),
        lines("size_bytes", "sent_bytes_per_s", channel=COPYING).asking(
            "How many bytes a second get through, in one direction?"
        ),
        matrix(rows="channel", columns=(*OBJECTS, "unread"), size_bytes=16).asking(
            "What gets through, and how much can be sent if nobody reads?"
        ),
    ],
    claims=[
        claim("Between processes a copy arrives", value("same_instance", channel="pipe") < 0.5),
        claim("An asyncio.Queue copies nothing", value("same_object", channel="async_queue") > 0.5),
        claim("A queue.Queue copies nothing", value("same_object", channel="thread_queue") > 0.5),
        claim(
            "Multiprocessing needs no queues: each process has what the others have",
            value("same_instance", channel="pipe") > 0.5,
            statement=11,
        ),
        claim(
            "No lambda, open file, lock or unknown class gets through a pipe",
            value("objects_crossing", channel="pipe") < 1,
        ),
        claim("A sender waits if nobody reads its pipe", value("unread_waits", channel="pipe") > 0.5),
    ],
)
