"""The words an experiment is written in, besides the nouns: figures, tables and claims, as plain data.

figures=[bars("makespan_s"), timeline()],
claims=[claim("Threads speed up waiting", ratio("threads", to="sequential") < 1)],
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lab.core import Claim, Condition, Derived, Figure, Gap, Level, Part, Value

Picked = Value | tuple[Value, ...]
"""What an axis is held at: a value, or several."""


def bars(metric: str = "makespan_s") -> Figure:
    """Declare a bar a case, with every round's value, the interval and the limit."""
    return Figure("bars", {"metric": metric})


def lines(
    x: str,
    metric: str = "makespan_s",
    *,
    crossing: tuple[str, str] | tuple[str, str, float] | None = None,
    knee: bool = False,
    **where: Picked,
) -> Figure:
    """Declare a line for each model over the axis `x`, with intervals as bands and the limit drawn.

    Without a model axis the first of the others names the lines; what is left over has a panel each.
    A model that has no `x` is a level line. `where` picks the cases: `workers=4`, or several with a
    tuple, `model=("threads", "asyncio")`.

    crossing: two lines; where the second gets past the first for good is marked, with its interval;
        a third says by which factor it has to be past it: `("asyncio", "threads", 1.05)`.
    knee: whether to name, for each line, the x beyond which doubling it gains less than 10 %.
    """
    options: dict[str, Picked] = {"x": x, "metric": metric}
    if crossing is not None:
        options["crossing"] = crossing
    if knee:
        options["knee"] = True
    return Figure("lines", {**options, **where})


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
    what is left over has a panel each.

    A label says by its first word what to think of it: "good: all others finished", "mixed: seen, late",
    "bad: hangs". The word becomes a sign and a colour, and the rest is the text. Other labels, truths and
    numbers are without judgement, unless their metric is named in `good` (yes, or more than nothing, is
    good; no and nothing are bad) or in `bad` (the other way round). Rounds that disagree on it are mixed.
    `absent` says what it means that a trial told nothing, where that is a fact and no gap.
    """
    options: dict[str, Picked] = {
        "rows": rows,
        "columns": columns,
        "metric": metric,
        "good": good,
        "bad": bad,
        "absent": absent,
    }
    return Figure("matrix", {**{name: value for name, value in options.items() if value}, **where})


def speedup(axis: str = "workers", **where: Value) -> Figure:
    """Declare each model's speedup over one worker of its own, with the laws of scaling fitted to it.

    A panel a model. `where` picks the cases.
    """
    return Figure("speedup", {"axis": axis, **where})


def winners(
    rows: str, columns: str, metric: str = "makespan_s", *, least: str = "", **where: Value
) -> Figure:
    """Declare a map of which model has the least of a metric, in every field of two axes.

    With the ratio of the next one to it, and hatched where the intervals cannot tell the two apart.
    `least` is another metric of a model that has a field to itself: the least that those left out of it
    could have. `where` picks the cases.
    """
    bound: dict[str, Value] = {"least": least} if least else {}
    return Figure("map", {"rows": rows, "columns": columns, "metric": metric, **bound, **where})


def split(metric: str, gap: Gap, **where: Value) -> Figure:
    """Declare a gap between two models as a bar on a logarithmic axis, cut into its two factors.

    A bar for each combination of the other axes; `where` picks the cases.
    """
    return Figure("split", {"metric": metric, **gap._asdict(), **where})


def distribution(metric: str, **where: Picked) -> Figure:
    """Declare the empirical distribution of the tasks of one sample, a step line a case.

    `metric` is latency_s, queue_wait_s or service_s, as the spans have it. The model, or else the first
    axis that varies, names the lines; what is left over has a panel each. `where` picks the cases, as
    in `lines`.
    """
    return Figure("distribution", {"metric": metric, **where})


def timeline(**where: Value) -> Figure:
    """Declare the tasks of one sample, a lane a worker and a panel a model; `where` picks the cases.

    An axis that `where` leaves open is held at the largest of its values.
    """
    return Figure("timeline", where)


def scaling(axis: str = "workers", **where: Value) -> Derived:
    """Declare laws.csv: the laws of scaling, fitted to each model's makespan over `axis`.

    `where` picks the cases.
    """
    return Derived("scaling", {"axis": axis, **where})


def extrapolation(axis: str, *, up_to: int, wait_s: float) -> Derived:
    """Declare prediction.csv: what the sizes up to `up_to` foretell of the larger ones, beside what was
    measured there.

    The tasks of a case, `axis` of them, are all in flight at once and each waits `wait_s`.
    """
    return Derived("extrapolation", {"axis": axis, "up_to": up_to, "wait_s": wait_s})


@dataclass(frozen=True, slots=True)
class Ratio:
    """A metric of one model over the same metric of another; compared with a number: a condition."""

    model: str
    to: str
    metric: str
    where: Mapping[str, Value]
    axis: str = "model"

    def __lt__(self, bound: float) -> Condition:
        return self._bounded(above=False, bound=bound)

    def __gt__(self, bound: float) -> Condition:
        return self._bounded(above=True, bound=bound)

    def _bounded(self, *, above: bool, bound: float) -> Condition:
        return Condition(self.metric, self.model, self.to, self.where, above, bound, self.axis)


def ratio(
    model: str, /, *, to: str, metric: str = "makespan_s", axis: str = "model", **where: Value
) -> Ratio:
    """Return the ratio of `model` to `to`, over all cases alike but for the model.

    `where` keeps only the cases with these values: `ratio("threads", to="asyncio", tasks=14) < 1.1`.
    Two values of another axis are compared by naming it: `ratio("fork", to="spawn", axis="start_method")`,
    of one model if `model="processes"` says so.
    """
    return Ratio(model, to, metric, where, axis)


@dataclass(frozen=True, slots=True)
class Number:
    """A metric by itself; compared with a number: a condition."""

    metric: str
    where: Mapping[str, Value]
    sought: bool = False

    def __lt__(self, bound: float) -> Level:
        return Level(self.metric, self.where, above=False, bound=bound, sought=self.sought)

    def __gt__(self, bound: float) -> Level:
        return Level(self.metric, self.where, above=True, bound=bound, sought=self.sought)


def value(metric: str, **where: Value) -> Number:
    """Return a metric of every case that has these values: `value("lost_percent", guard="lock") < 0.001`.

    A truth counts 1 and a falsehood 0: `value("finally_ran", ending="daemon thread") < 0.5`.
    """
    return Number(metric, where)


def ever(metric: str, **where: Value) -> Number:
    """Return a metric that is looked for: `ever("lost_percent", guard="none") > 0`.

    One sighting supports the claim; none leaves it undecided, since not seen is not impossible.
    """
    return Number(metric, where, sought=True)


@dataclass(frozen=True, slots=True)
class Factor:
    """One of the two factors of a gap; compared with a number: a condition."""

    metric: str
    gap: Gap
    of_model: bool
    where: Mapping[str, Value]

    def __lt__(self, bound: float) -> Part:
        return Part(self.metric, self.gap, self.of_model, self.where, above=False, bound=bound)

    def __gt__(self, bound: float) -> Part:
        return Part(self.metric, self.gap, self.of_model, self.where, above=True, bound=bound)


def factor(name: str, /, *, gap: Gap, metric: str, **where: Value) -> Factor:
    """Return a factor of a gap: "model", or the axis on which the two models differ too.

    `factor("client", gap=Gap("thread_pool", "asyncio", axis="client", of="requests/aiohttp",
    control="minimal codec"), metric="cpu_of_each_s") > 1.3`; the evidence has both factors.
    """
    if name not in ("model", gap.axis):
        raise ValueError(f"a gap's factors are 'model' and {gap.axis!r}, not {name!r}")
    return Factor(metric, gap, name == "model", where)


def claim(sentence: str, condition: Condition | Level | Part, *, statement: int = 0) -> Claim:
    """Declare a sentence that the measured intervals support, refute or leave undecided.

    `statement` is the number of the statement in `lab.statements` on which it is a verdict.
    """
    return Claim(sentence, condition, statement)
