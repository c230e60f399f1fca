"""Claims as plain data, and the words that declare them.

claims=[claim("Threads speed up waiting", ratio("threads", to="sequential") < 1)]

A comparison (`ratio`, `value`, `ever`, `factor`) becomes a condition by `<`, by `>`, or by
`.between(low, high)`. A condition has no truth value, so a chained comparison is refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import inf
from typing import NamedTuple, Self

from lab.core.errors import LabError
from lab.core.work import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounded:
    """Something measured, which is to lie above `low` and below `high`."""

    low: float = -inf
    high: float = inf

    def between(self, low: float, high: float) -> Self:
        """Return the condition that it lies above `low` and below `high`."""
        return replace(self, low=low, high=high)

    def __gt__(self, bound: float) -> Self:
        return replace(self, low=bound)

    def __lt__(self, bound: float) -> Self:
        return replace(self, high=bound)

    def __bool__(self) -> bool:
        what = "a condition has no truth value, so `low < ... < high` would lose a bound"
        raise LabError(what, where="claim", remedy="write .between(low, high)")


@dataclass(frozen=True, slots=True)
class Condition(Bounded):
    """A condition on `metric` of `model` over that of `to`, two values of `axis`."""

    metric: str
    model: str
    to: str
    where: Mapping[str, Value]
    axis: str = "model"


@dataclass(frozen=True, slots=True)
class Level(Bounded):
    """A condition on `metric` itself in every case; where `sought`, once is enough."""

    metric: str
    where: Mapping[str, Value]
    sought: bool = False


class Gap(NamedTuple):
    """Two models compared with `of` on `axis`, and with `control` there, which is alike in both."""

    model: str
    to: str
    axis: str
    of: str
    control: str


@dataclass(frozen=True, slots=True)
class Part(Bounded):
    """A condition on a factor of a gap in `metric`: the model's, or else the axis's."""

    metric: str
    gap: Gap
    of_model: bool
    where: Mapping[str, Value]


class Claim(NamedTuple):
    """A sentence that the measured intervals support, refute or leave undecided, by its condition.

    statement: the number of the statement of `lab.core.statements` on which it is a verdict; 0 for none.
    """

    sentence: str
    condition: Condition | Level | Part
    statement: int = 0


claim = Claim


def ratio(
    model: str, /, *, to: str, metric: str = "makespan_s", axis: str = "model", **where: Value
) -> Condition:
    """Return the ratio of `model` to `to`, over all cases alike but for the model.

    `where` keeps only the cases with these values: `ratio("threads", to="asyncio", tasks=14) < 1.1`.
    Two values of another axis are compared by naming it: `ratio("fork", to="spawn", axis="start_method")`,
    of one model if `model="processes"` says so. That two are about as fast: `.between(0.9, 1.1)`.
    """
    return Condition(metric, model, to, where, axis)


def value(metric: str, **where: Value) -> Level:
    """Return a metric of every case that has these values: `value("lost_percent", guard="lock") < 0.001`.

    A truth counts 1 and a falsehood 0: `value("finally_ran", ending="daemon thread") < 0.5`.
    """
    return Level(metric, where)


def ever(metric: str, **where: Value) -> Level:
    """Return a metric that is looked for: `ever("lost_percent", guard="none") > 0`.

    One sighting supports the claim; none leaves it undecided, since not seen is not impossible.
    """
    return Level(metric, where, sought=True)


def factor(name: str, /, *, gap: Gap, metric: str, **where: Value) -> Part:
    """Return a factor of a gap: "model", or the axis on which the two models differ too.

    `factor("client", gap=Gap("thread_pool", "asyncio", axis="client", of="requests/aiohttp",
    control="minimal codec"), metric="cpu_of_each_s") > 1.3`; the evidence has both factors.
    """
    if name not in ("model", gap.axis):
        raise ValueError(f"a gap's factors are 'model' and {gap.axis!r}, not {name!r}")
    return Part(metric, gap, name == "model", where)
