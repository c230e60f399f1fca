"""Advice as plain data: the kinds of work that people ask about, and the cases that answer them."""

from collections.abc import Mapping
from dataclasses import dataclass

from lab.core.work import Value


@dataclass(frozen=True, slots=True)
class Work:
    """A kind of work that people ask about, and the cases of an experiment that do such work.

    text: the work in words. where: axis -> value; of several cases that fit, the last one counts.
    rank: where its row stands in the page's table "Which model for which work"; the smallest is first.
    """

    text: str
    where: Mapping[str, Value]
    rank: int


def work(text: str, *, rank: int = 1000, **where: Value) -> Work:
    """Declare a row of the page's table "Which model for which work".

    For example `work("14 URLs, all at once", tasks=14, workers="all")`.
    """
    return Work(text, where, rank)
