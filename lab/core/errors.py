"""The one error that a user is meant to see, and the faults of one part that must not stop the others."""

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
SOME_FAILED, USAGE, UNEXPECTED, INTERRUPTED = 1, 2, 3, 130
"""Exit codes: some trial failed; wrong usage; a fault of the lab; interrupted."""


class LabError(Exception):
    """An expected mistake: what is wrong, where, and what to do about it, in one line."""

    def __init__(self, what: str, *, where: str = "", remedy: str = "", exit_code: int = 2):
        self.what, self.where, self.remedy, self.exit_code = what, where, remedy, exit_code
        super().__init__(what)

    def __str__(self) -> str:
        where = f"{self.where}: " if self.where else ""
        return where + self.what + (f"; {self.remedy}" if self.remedy else "")


def fault_of(error: BaseException, where: str) -> LabError:
    """Return an error as one part's fault, so that the others go on; UNEXPECTED unless it is a LabError."""
    if isinstance(error, LabError):
        return LabError(error.what, where=where, remedy=error.remedy, exit_code=error.exit_code)
    return LabError(f"{type(error).__name__}: {error}", where=where, exit_code=UNEXPECTED)


def attempted(make: Callable[[], T], otherwise: T, where: str, faults: list[LabError]) -> T:
    """Return what is made, or else `otherwise`, with the reason among the faults."""
    try:
        return make()
    except Exception as error:
        faults.append(fault_of(error, where))
        return otherwise


CLIP = 300


def clipped(text: str) -> str:
    """Return the text, cut where it would be too long for a row or a line."""
    return text if len(text) <= CLIP else text[: CLIP - 1] + "…"
