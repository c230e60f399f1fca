"""One row, one line: how values are written into CSV and read out of it.

Text keeps to its line: what could break one, or cannot be seen, is written as a backslash and its
code, as Python writes it. No control character is ever written, so one that is read is damage.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence

SAMPLE = ("experiment", "round", "trial", "sample")
TRIAL = ("experiment", "round", "trial")
PHASES = ("start_up_s", "first_batch_s", "shutdown_s", "wall_s", "peak_memory_bytes")
TRIAL_END = ("status", "samples", *PHASES, "memory_kind", "reason", "stderr")
SPAN = ("trial", "index", "submitted_s", "started_s", "finished_s", "worker", "error")
STATUSES = ("ok", "void", "raised", "killed", "exited", "timeout", "skipped")

LONGEST = 30_000  # of one text, in characters; escaped, still less than the 131,072 that `csv` reads
UNSEEN = re.compile(r"[\\\x00-\x1f\x7f-\x9f\u2028\u2029]")
ESCAPED = re.compile(r"\\(?:[\\nrt]|x[0-9a-f]{2}|u202[89])")


def lines(rows: Iterable[Sequence[object]]) -> str:
    """Return the rows as lines of CSV."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([[cell(value) for value in row] for row in rows])
    return text.getvalue()


def cell(value: object) -> object:
    """Return a value as it is written: None as nothing, a bool as true or false, text on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if value is None or isinstance(value, int | float) else escaped(str(value))


def escaped(text: str) -> str:
    """Return text on one line, cut where it is too long; half a surrogate pair becomes a question mark."""
    whole = text[:LONGEST].encode(errors="replace").decode()
    return UNSEEN.sub(lambda found: found[0].encode("unicode_escape").decode(), whole)


def unescaped(text: str) -> str:
    """Return the text that `escaped` was given."""
    if "\\" not in text:
        return text
    return ESCAPED.sub(lambda found: found[0].encode().decode("unicode_escape"), text)
