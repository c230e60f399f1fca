"""The words an experiment is written in, besides the nouns: figures and claims, as plain data.

figures=[bars("makespan_s"), timeline()],
claims=[claim("Threads speed up waiting", ratio("threads", to="sequential") < 1)],
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lab.core import Claim, Condition, Figure, Value


def bars(metric: str = "makespan_s") -> Figure:
    """Declare a bar a case, with every round's value, the interval and the limit."""
    return Figure("bars", {"metric": metric})


def timeline(**where: Value) -> Figure:
    """Declare the tasks of one sample, a lane a worker and a panel a model; `where` picks the cases.

    An axis that `where` leaves open is held at the largest of its values.
    """
    return Figure("timeline", where)


@dataclass(frozen=True, slots=True)
class Ratio:
    """A metric of one model over the same metric of another; compared with a number: a condition."""

    model: str
    to: str
    metric: str
    where: Mapping[str, Value]

    def __lt__(self, bound: float) -> Condition:
        return Condition(self.metric, self.model, self.to, self.where, above=False, bound=bound)

    def __gt__(self, bound: float) -> Condition:
        return Condition(self.metric, self.model, self.to, self.where, above=True, bound=bound)


def ratio(model: str, *, to: str, metric: str = "makespan_s", **where: Value) -> Ratio:
    """Return the ratio of `model` to `to`, over all cases alike but for the model.

    `where` keeps only the cases with these values: `ratio("threads", to="asyncio", tasks=14) < 1.1`.
    """
    return Ratio(model, to, metric, where)


def claim(sentence: str, condition: Condition) -> Claim:
    """Declare a sentence that the measured intervals support, refute or leave undecided."""
    return Claim(sentence, condition)
