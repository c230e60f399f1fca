"""The rows of a results folder, their columns, and how values are written into CSV and read out of it.

One row, one line. Text keeps to its line: what could break one, or cannot be seen, is written as a
backslash and its code, as Python writes it. No control character is ever written, so one that is read is
damage.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields

from lab.core.work import Case, Value


@dataclass(frozen=True, slots=True)
class Sample:
    """One row of samples.csv: the measurement of one batch. `void` says why it does not count."""

    round: int
    trial: int
    sample: int
    case: Case
    metrics: Mapping[str, Value]
    void: str = ""


@dataclass(frozen=True, slots=True)
class Trial:
    """One row of trials.csv: how one child process fared.

    `status` is one of STATUSES; `samples` counts the rows that the trial wrote to samples.csv.
    `first_batch_s` is the makespan of the first batch, whether it is recorded as a sample or not;
    `memory_kind` says what the peak adds up: "pss" or "uss".
    """

    round: int
    trial: int
    case: Case
    status: str
    samples: int
    start_up_s: float | None = None
    first_batch_s: float | None = None
    shutdown_s: float | None = None
    wall_s: float | None = None
    peak_memory_bytes: int | None = None
    memory_kind: str | None = None
    reason: str = ""
    stderr: str = ""


STATUSES = ("ok", "void", "raised", "killed", "exited", "timeout", "skipped")
SAMPLE = ("experiment", "round", "trial", "sample")
TRIAL = ("experiment", "round", "trial")
TRIAL_END = tuple(column.name for column in fields(Trial))[3:]
SPAN = ("trial", "index", "submitted_s", "started_s", "finished_s", "worker", "error")

LONGEST = 30_000  # of one text, in characters; escaped, still less than the 131,072 that `csv` reads
UNSEEN = re.compile(r"[\\\x00-\x1f\x7f-\x9f\u2028\u2029]")
ESCAPED = re.compile(r"\\(?:[\\nrt]|x[0-9a-f]{2}|u202[89])")


def lines(rows: Iterable[Sequence[object]]) -> str:
    """Return the rows as lines of CSV: None as nothing, a bool as true or false, text on one line."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([[_cell(value) for value in row] for row in rows])
    return text.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if value is None or isinstance(value, int | float) else escaped(str(value))


def escaped(text: str) -> str:
    """Return text on one line, cut where it is too long; half a surrogate pair becomes a question mark."""
    whole = text[:LONGEST].encode(errors="replace").decode()
    return UNSEEN.sub(lambda character: character[0].encode("unicode_escape").decode(), whole)


def unescaped(text: str) -> str:
    """Return the text that `escaped` was given."""
    return ESCAPED.sub(lambda code: code[0].encode().decode("unicode_escape"), text)
