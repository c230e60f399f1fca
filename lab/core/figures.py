"""Figures as plain data, and the words that declare them: figures=[bars("makespan_s"), timeline()]."""

import hashlib
import re
from collections.abc import Mapping
from typing import Any, NamedTuple, Self

from lab.core.claims import Gap
from lab.core.work import Value

Picked = Value | tuple[Value, ...]
"""What an axis is held at: a value, or several."""
Lines = tuple[str, str] | tuple[str, str, float]
"""Two lines, and the factor by which the second has to be past the first."""
PLAIN = ("metric", "x", "rows", "columns")
"""The options whose values speak for themselves in a file's name."""
LONGEST = 120  # the characters of a file's name, without its ending


class Figure(NamedTuple):
    """A figure as plain data: its kind is a module of `lab.present.figures.kinds`, with options of its own.

    question: its title; "" for the experiment's question.
    """

    kind: str
    options: Mapping[str, Value | tuple[Value, ...]] = {}
    question: str = ""

    def asking(self, question: str) -> Self:
        """Return the same figure with its own question, if it answers another one."""
        return self._replace(question=question)

    @property
    def stem(self) -> str:
        """Return the name of its files without the ending: "bars-makespan_s", "timeline-tasks-14".

        Where the options are too many for a file's name, a digest stands for the last of them.
        """
        words = [self.kind]
        for name, value in self.options.items():
            words += [] if name in PLAIN else [name]
            several = value if isinstance(value, tuple) else (value,)
            words += [] if value is True else map(str, several)
        name = re.sub(r"[^\w.]+", "-", "-".join(word for word in words if word), flags=re.ASCII)
        if len(name) <= LONGEST:
            return name
        return f"{name[: LONGEST - 9]}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def _figure(kind: str, where: Mapping[str, Picked], **options: object) -> Figure:
    """Return a figure with the options that are given, and those that pick cases after them."""
    given: dict[str, Any] = {name: value for name, value in options.items() if value}
    return Figure(kind, {**given, **where})


def bars(metric: str = "makespan_s") -> Figure:
    """Declare a bar for each case, with every round's value, the interval and the limit."""
    return Figure("bars", {"metric": metric})


def lines(
    x: str,
    metric: str = "makespan_s",
    *,
    crossing: Lines | None = None,
    knee: bool = False,
    **where: Picked,
) -> Figure:
    """Declare a line for each model over the axis `x`, with intervals as bands and the limit drawn.

    Without a model axis the first of the others names the lines; each combination of the remaining axes
    has a panel. A model without `x` is a level line. `where` picks the cases: `workers=4`, or several
    with a tuple, `model=("threads", "asyncio")`.

    crossing: two lines; where the second gets past the first for good is marked, with its interval;
        a third is the factor by which it has to be past it: `("asyncio", "threads", 1.05)`.
    knee: whether to name, for each line, the x beyond which doubling it gains less than 10 %.
    """
    return _figure("lines", where, x=x, metric=metric, crossing=crossing, knee=knee)


def matrix(
    rows: str | tuple[str, ...],
    columns: str | tuple[str, ...],
    metric: str = "",
    *,
    good: tuple[str, ...] = (),
    bad: tuple[str, ...] = (),
    absent: str = "",
    **where: Picked,
) -> Figure:
    """Declare a table of coloured cells with words: facts, not sizes.

    `rows` is an axis; `columns` another, whose cells hold `metric`, or several metrics, a column each. The
    rows may be the metrics as well: then `columns` is the axis. `where` picks the cases, as in `lines`;
    each combination of the remaining axes has a panel.

    The first word of a label may judge it: "good: all others finished", "mixed: seen, late", "bad: hangs".
    The word becomes a sign and a colour, and the rest is the text. Other labels, truths and numbers have
    no judgement, unless `good` names their metric (yes, or more than 0, is good; no and 0 are bad) or `bad`
    does (the other way round). Rounds that disagree are mixed. `absent` is the text of a cell without a
    value, where that is a fact and no gap.
    """
    return _figure(
        "matrix", where, rows=rows, columns=columns, metric=metric, good=good, bad=bad, absent=absent
    )


def speedup(axis: str = "workers", **where: Value) -> Figure:
    """Declare each model's speedup over one worker of its own, with the laws of scaling fitted to it.

    Each model has a panel. `where` picks the cases.
    """
    return Figure("speedup", {"axis": axis, **where})


def winners(
    rows: str, columns: str, metric: str = "makespan_s", *, least: str = "", **where: Value
) -> Figure:
    """Declare a map of which model has the least of a metric, in every field of two axes.

    Each field has the ratio of the next model to it, and is hatched where the intervals cannot tell the two
    apart. `least` is another metric of a model that has a field to itself: the least that those left out of
    it could have. `where` picks the cases.
    """
    return _figure("map", where, rows=rows, columns=columns, metric=metric, least=least)


def split(metric: str, gap: Gap, **where: Value) -> Figure:
    """Declare a gap between two models as a bar on a logarithmic axis, cut into its two factors.

    Each combination of the other axes has a bar. `where` picks the cases.
    """
    return Figure("split", {"metric": metric, **gap._asdict(), **where})


def distribution(metric: str, **where: Picked) -> Figure:
    """Declare the empirical distribution of the tasks of one sample, a step line for each case.

    `metric` is latency_s, queue_wait_s or service_s, as the spans have it. The model, or else the first
    axis that varies, names the lines; each combination of the other axes has a panel. `where` picks the
    cases, as in `lines`.
    """
    return Figure("distribution", {"metric": metric, **where})


def timeline(**where: Value) -> Figure:
    """Declare the tasks of one sample, with a panel for each model and a lane for each worker.

    `where` picks the cases. An axis that `where` leaves open is held at the largest of its values.
    """
    return Figure("timeline", where)
