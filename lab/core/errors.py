"""The one error that a user is meant to see, and how long a text in it may be."""


class LabError(Exception):
    """An expected mistake: what is wrong, where, and what to do about it, in one line."""

    def __init__(self, what: str, *, where: str = "", remedy: str = "", exit_code: int = 2):
        self.what, self.where, self.remedy, self.exit_code = what, where, remedy, exit_code
        super().__init__(what)

    def __str__(self) -> str:
        where = f"{self.where}: " if self.where else ""
        return where + self.what + (f"; {self.remedy}" if self.remedy else "")


CLIP = 300


def clipped(text: str) -> str:
    """Return the text, cut where it would be too long for a row or a line."""
    return text if len(text) <= CLIP else text[: CLIP - 1] + "…"
