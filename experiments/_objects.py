"""Objects that are no bytes, and what happens to them on their way: for `pipe.py`."""

import asyncio
import os
import sys
import threading
from collections.abc import Callable
from typing import Any

from lab import Fate

from ._channels import with_partner


def unknown() -> object:
    """Return an object of a class that is made only now, after the partner has started."""
    here: Any = sys.modules[__name__]
    late = here.Late = type("Late", (), {"__module__": __name__})
    return late()


OBJECTS: dict[str, Callable[[], Any]] = {
    "lambda": lambda: lambda: 0,
    "open_file": lambda: open(os.devnull),  # noqa: PTH123, SIM115
    "lock": threading.Lock,
    "unknown_class": unknown,
}


def send_object(channel: str, name: str) -> str:
    """Start a partner, and only then make an object and send it; return what happened to it."""

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


def in_words(fate: Fate) -> str:
    """Return in words what happened to an object."""
    if fate.kind == "answered":
        return str(fate.answer)
    return {"hangs": "bad: lost, without a word", "gone": "bad: ends the sender"}.get(fate.kind, fate.kind)
