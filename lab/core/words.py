"""Numbers → words, alike wherever the lab speaks of a ratio."""

from __future__ import annotations

from collections.abc import Sequence

TIMES = "\N{MULTIPLICATION SIGN}"
"""The sign after a ratio that is a multiple."""
TINY = 1e-6


def interval(ratio: float, low: float, high: float, unit: str = "") -> str:
    """Return a ratio and its interval: "1.10 (1.07-1.14)", to three digits."""
    return f"{digits(ratio)}{unit} ({digits(low)}-{digits(high)})"


def digits(number: float) -> str:
    """Return a number to three digits, and never as a power of ten; nothing but 0 is written 0.

    A number nearer to 0 than TINY is shown as such: "< 0.000001".
    """
    size = abs(number)
    if size < TINY:
        return "0" if not size else f"< {TINY:f}" if number > 0 else f"> -{TINY:f}"
    if size < 1e-4:
        return f"{number:.7f}"
    return f"{number:.0f}" if size >= 100 else f"{number:#.3g}".rstrip(".")


def listing(names: Sequence[str], most: int = 3) -> str:
    """Return "a", "a and b", "a, b and c", or "a, b, c and 4 more"."""
    shown = list(names[:most])
    shown += [f"{len(names) - most} more"] if len(names) > most else []
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def many(number: int, noun: str) -> str:
    """Return a number of things: "1 round", "5 rounds"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def does(model: str, verb: str) -> str:
    """Return a model with its verb: "threads take", "asyncio takes"."""
    return f"{model} {verb}" if model.endswith("s") else f"{model} {verb}s"
