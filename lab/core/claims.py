"""Claims as plain data, and the words that declare them.

claims=[claim("Threads speed up waiting", ratio("threads", to="sequential") < 1)]
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from lab.core.work import Value


class Condition(NamedTuple):
    """`metric` of `model` over that of `to`, two values of `axis`, lies `above` or below `bound`."""

    metric: str
    model: str
    to: str
    where: Mapping[str, Value]
    above: bool
    bound: float
    axis: str = "model"


class Level(NamedTuple):
    """`metric` itself lies `above` or below `bound` in every case; where `sought`, once is enough."""

    metric: str
    where: Mapping[str, Value]
    above: bool
    bound: float
    sought: bool = False


class Gap(NamedTuple):
    """Two models compared with `of` on `axis`, and with `control` there, which is alike in both."""

    model: str
    to: str
    axis: str
    of: str
    control: str


class Part(NamedTuple):
    """A factor of a gap in `metric`, the model's or else the axis's, lies `above` or below `bound`."""

    metric: str
    gap: Gap
    of_model: bool
    where: Mapping[str, Value]
    above: bool
    bound: float


class Claim(NamedTuple):
    """A sentence, and the condition on what was measured under which it holds.

    statement: the number of the statement of `lab.core.statements` that it is a verdict on; 0 for none.
    """

    sentence: str
    condition: Condition | Level | Part
    statement: int = 0


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

    `statement` is the number of the statement in `lab.core.statements` on which it is a verdict.
    """
    return Claim(sentence, condition, statement)
