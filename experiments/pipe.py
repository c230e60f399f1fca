"""Messages to another process, thread or task and back: how fast, how large, and what gets through?

## The question

A partner sends back every message it gets: an int, a str, a dict, an object of a user's class, and None as
the end. It sits behind a `Pipe`, a `multiprocessing.Queue`, shared memory or a socket, in a process; behind
a `queue.Queue`, in a thread; behind an `asyncio.Queue`, in a task. How long does the way there and back
take, for 16 bytes and for 64 MiB? What does not get through?

## What to expect

- Between *processes* every message is pickled, copied and unpickled. What comes back is equal, and never
  the same object. The time is the same for everything small, and grows with the size from some tens of
  kilobytes on.
- Between *threads* and *tasks* nothing is copied. They pass a reference, whatever the size, and the same
  object comes back. So both sides can change it, and the program has to allow for that.
- A sender that does not wait for an answer is not woken up for each message. Most bytes a second arrive in
  messages of 64 KiB to one MiB; smaller ones cost by their number, and a larger one needs new pages from
  the system for each of its copies.
- An object that does not pickle does not cross: a lambda, an open file, a lock. A `Pipe` raises that error
  in the sender. A `multiprocessing.Queue` pickles later, in a thread of its own: the sender gets no error,
  and the partner waits forever. An object is sent as the name of its class and its data: a partner that
  does not know the class fails when it receives it.
- A `Pipe` and a socket hold a limited amount, and the same: a pipe that goes both ways is a socket (on
  Linux 176 KiB, in pieces of 4). A sender waits when its partner does not read; two partners that both send
  first wait for each other forever. A queue takes the message in, and its sender goes on.

## What to look at

The round trip over the size, and how flat the two lines are where nothing is copied: from some size on all
others lie above them. A small message to another thread is back no earlier than one through a pipe: the
time goes into waking the other thread, which an asyncio task does not need. Then the bytes that arrive in a
second. Then the matrix: which objects cross, and from which size on a send waits when nothing reads.

## What not to conclude

That shared memory is free. Here messages are pickled into it and copied out of it, as everywhere else, and
it has room for one message: the sender of another has to wait. It pays where both sides work on the bytes
in place (`payload`).

## In the code

The channels: `experiments/_channels.py`. What may hang is tried in a watched process:
`lab/trial/isolate.py`.
"""

import asyncio
import os
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from statistics import median
from time import perf_counter_ns as now
from typing import Any

from lab import Case, Experiment, Fate, Value, attempts, claim, lines, matrix, value

from ._channels import AT_HOME, CHANNELS, FORK, Link, Partner, room, with_partner

LARGEST = 64 << 20
LASTS_S, PATIENCE_S, MOST = 0.02, 0.1, 300
COPYING = ("pipe", "process_queue", "shared_memory", "socket")
UNREAD = b"u" * (1 << 20)


@dataclass(frozen=True)
class Mine:
    """An object of a class of one's own."""

    number: int


MESSAGES = [7, "seven", {"seven": 7}, Mine(7)]


async def round_trips(trip: Callable[[Any], Any], message: object, fewest: int) -> tuple[float, Any]:
    """Return the median seconds of a message's way there and back, and what came back last."""
    took_ns: list[int] = []
    began = now()
    while len(took_ns) < fewest or (len(took_ns) < MOST and now() - began < LASTS_S * 1e9):
        sent = now()
        reply = await trip(message)
        took_ns.append(now() - sent)
    return median(took_ns[1:] or took_ns) / 1e9, reply


async def timed(channel: str, size: int) -> dict[str, Value]:
    """Return how long a message of a size takes there and back, and how much gets there in a second."""
    message = os.urandom(16) * (size // 16)
    # All but shared memory take new pages for each message; there the first trip is the one that does.
    fewest = 1 if size == LARGEST and channel != "shared_memory" else 2
    seconds, reply = await with_partner(channel, size, lambda trip: round_trips(trip, message, fewest))
    if reply != message:
        raise RuntimeError("another message came back")
    numbers: dict[str, Value] = {"round_trip_s": seconds, "same_object": reply is message}
    # An object that is only handed over is not moved, however large it is.
    return numbers if reply is message else numbers | {"sent_bytes_per_s": sent(channel, message, seconds)}


def sent(channel: str, message: bytes, trip_s: float) -> float:
    """Return the bytes a second that arrive where one message follows the other, for 20 ms at most."""
    messages = max(1, min(MOST, round(LASTS_S / trip_s)))
    # Shared memory has one place: the next message has to wait until the last was taken.
    batch = 1 if channel == "shared_memory" else messages
    ours, theirs = CHANNELS[channel](len(message))
    partner = Partner(ours, FORK.Process(target=take, args=(theirs, batch), daemon=True))
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


def take(link: Link, batch: int) -> None:
    """Say that one is there; take messages until None comes, and say so after every `batch`."""
    link.send(taken := 0)
    while link.receive() is not None:
        taken += 1
        if taken % batch == 0:
            link.send(taken)


async def five_messages(channel: str) -> dict[str, Value]:
    """Return whether the messages come back equal, and whether the object comes back itself."""

    async def send(trip: Callable[[Any], Any]) -> list[Any]:
        return [await trip(message) for message in MESSAGES]

    replies = await with_partner(channel, 16, send)
    return {"messages_equal": replies == MESSAGES, "same_instance": replies[-1] is MESSAGES[-1]}


def unknown() -> object:
    """Return an object of a class that was made only now, when the partner was there already."""
    late = sys.modules[__name__].Late = type("Late", (), {"__module__": __name__})
    return late()


OBJECTS: dict[str, Callable[[], Any]] = {
    "lambda": lambda: lambda: 0,
    "open_file": lambda: open(os.devnull),  # noqa: PTH123, SIM115
    "lock": threading.Lock,
    "unknown_class": unknown,
}


def crossing(channel: str, name: str) -> str:
    """Start a partner, and only then make an object; return what became of it on the way and back."""

    async def send(trip: Callable[[Any], Any]) -> str:
        thing = OBJECTS[name]()
        try:
            reply = await trip(thing)
        except EOFError:
            return "bad: ends the receiver"
        except Exception as error:
            return f"bad: refused, {type(error).__name__}"
        return "good: the same" if reply is thing else "good: a copy"

    return str(asyncio.run(with_partner(channel, 16, send)))


def unread(channel: str) -> bool:
    """Send a MiB, with nobody there to receive; return at once, or never."""
    if channel == "async_queue":
        asyncio.Queue[bytes]().put_nowait(UNREAD)
    else:
        ours, theirs = CHANNELS[channel](2 * len(UNREAD))
        ours.send(UNREAD)
        del theirs
    return True


def crossings(channel: str) -> dict[str, Value | None]:
    """Return what becomes of each object, and of a message that nobody reads, in words and numbers."""
    tried: dict[str, Callable[[], Any]] = {name: partial(crossing, channel, name) for name in OBJECTS}
    fates = attempts({**tried, "unread": partial(unread, channel)}, patience_s=PATIENCE_S)
    words = {name: in_words(fates[name]) for name in OBJECTS}
    crossed = sum(said.startswith("good") for said in words.values())
    space, kind = room(channel), fates["unread"].kind
    beyond = f" beyond {space['blocks_at_bytes'] >> 10} KiB" if space else ""
    waits = {"hangs": f"mixed: waits{beyond}", "answered": "good: goes on"}.get(kind, kind)
    return {
        **words,
        "unread": waits,
        **space,
        "objects_crossing": None if "unknown" in words.values() else crossed,
        "unread_waits": None if kind == "unknown" else kind == "hangs",
    }


def in_words(fate: Fate) -> str:
    """Return in words what became of an object."""
    if fate.kind == "answered":
        return str(fate.answer)
    return {"hangs": "bad: lost, without a word", "gone": "bad: ends the sender"}.get(fate.kind, fate.kind)


def measure(case: Case) -> dict[str, Value | None]:
    """Send and receive; with the smallest size, also what is not bytes."""
    channel, size = str(case["channel"]), int(case["size_bytes"])
    numbers = asyncio.run(timed(channel, size))
    return numbers if size > 16 else numbers | asyncio.run(five_messages(channel)) | crossings(channel)


experiment = Experiment(
    question="Messages there and back: how fast, how large, and what gets through?",
    measure=measure,
    grid={"channel": [*CHANNELS, "async_queue"], "size_bytes": [16, 1 << 16, 1 << 20, LARGEST]},
    keep=lambda at: at["channel"] not in AT_HOME or at["size_bytes"] in (16, LARGEST),
    unavailable=lambda _: "" if hasattr(os, "fork") else "this platform has no os.fork",
    samples=1,
    warmups=0,
    figures=[
        lines("size_bytes", "round_trip_s").asking("How long is a message on its way there and back?"),
        lines("size_bytes", "sent_bytes_per_s", channel=COPYING).asking(
            "How many bytes a second go through, one way?"
        ),
        matrix(rows="channel", columns=(*OBJECTS, "unread"), size_bytes=16).asking(
            "What gets through, and how much can be sent that nobody reads?"
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
            "No lambda, open file, lock or unknown class crosses a pipe",
            value("objects_crossing", channel="pipe") < 1,
        ),
        claim("A sender waits where nothing reads its pipe", value("unread_waits", channel="pipe") > 0.5),
    ],
)
