"""Numbers and lists → words: one spelling of a ratio, an interval or a count for the whole lab."""

from collections.abc import Sequence
from math import isnan

TIMES = "\N{MULTIPLICATION SIGN}"  # the sign after a ratio that is a multiple
TINY = 1e-6


def interval(ratio: float, low: float, high: float, unit: str = "") -> str:
    """Return a ratio and its interval: "1.10 (1.07-1.14)", to three digits."""
    return f"{digits(ratio)}{unit} ({digits(low)}-{digits(high)})"


def multiple(ratio: float, low: float | None = None, high: float | None = None) -> str:
    """Return a ratio as a multiple, with its interval where there is one: "1.10× (1.07-1.14)"."""
    if low is None or high is None or isnan(low):
        return f"{digits(ratio)}{TIMES}"
    return interval(ratio, low, high, unit=TIMES)


def percent(share: float, low: float | None, high: float | None) -> str:
    """Return a share in per cent, with its interval where there is one."""
    if low is None or high is None:
        return f"{digits(100 * share)} %"
    return f"{interval(100 * share, 100 * low, 100 * high)} %"


def digits(number: float) -> str:
    """Return a number to three digits, never as a power of ten; only zero itself is written "0".

    A number nearer to zero than TINY is shown as "< 0.000001".
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
    """Return a count with its noun: "1 round", "5 rounds"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def does(model: str, verb: str) -> str:
    """Return a model with its verb: "threads take", "asyncio takes", "asyncio is", "`threads` are"."""
    several = model.rstrip("`").endswith("s") and not model.rstrip("`").endswith("ss")  # "in_process"
    one, more = ("is", "are") if verb == "be" else (f"{verb}s", verb)
    return f"{model} {more if several else one}"
