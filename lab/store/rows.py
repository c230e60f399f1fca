"""One row, one line: how values are written into CSV and read out of it.

Text keeps to its line: a backslash, a newline and a carriage return are written as two characters,
and other control characters as a question mark.
"""

import csv
import io
from collections.abc import Iterable, Sequence

CONTROL = dict.fromkeys(range(32), "?")
ESCAPES = CONTROL | {ord("\\"): "\\\\", ord("\n"): "\\n", ord("\r"): "\\r", ord("\t"): "\t", 127: "?"}

SAMPLE = ("experiment", "round", "trial", "sample")
TRIAL = ("experiment", "round", "trial")
TRIAL_END = ("status", "samples", "start_up_s", "shutdown_s", "wall_s", "reason", "stderr")
SPAN = ("trial", "index", "submitted_s", "started_s", "finished_s", "worker", "error")
STATUSES = ("ok", "void", "raised", "killed", "exited", "timeout", "skipped")


def lines(rows: Iterable[Sequence[object]]) -> str:
    """Return the rows as lines of CSV."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([[cell(value) for value in row] for row in rows])
    return text.getvalue()


def cell(value: object) -> object:
    """Return a value as it is written: None as nothing, a bool as true or false, text on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.translate(ESCAPES) if isinstance(value, str) else value


def unescaped(text: str) -> str:
    """Return the text that `cell` wrote."""
    parts = text.split(r"\\")
    return "\\".join(part.replace(r"\n", "\n").replace(r"\r", "\r") for part in parts)
