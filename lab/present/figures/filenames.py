"""A declared figure → the name of its files, without loading what draws it."""

import hashlib
import re

from lab.core.figures import Figure
from lab.core.work import Value

PLAIN = ("metric", "x", "rows", "columns")  # options whose values speak for themselves in a file's name
LONGEST = 120  # characters of a file's name, without its ending


def stem(figure: Figure) -> str:
    """Return a figure's file name without its ending: "bars-makespan_s", "timeline-tasks-14".

    Where the options are too many for a file's name, a digest stands for the last of them.
    """
    words = [figure.kind, *(_words(name, value) for name, value in figure.options.items())]
    name = re.sub(r"[^\w.]+", "-", "-".join(word for word in words if word), flags=re.ASCII)
    if len(name) <= LONGEST:
        return name
    return f"{name[: LONGEST - 9]}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def _words(name: str, value: Value | tuple[Value, ...]) -> str:
    """Return an option as part of a file's name: without its name where it speaks for itself."""
    if value is True:
        return name
    several = value if isinstance(value, tuple) else (value,)
    return "-".join(str(part) for part in ((name, *several) if name not in PLAIN else several))
