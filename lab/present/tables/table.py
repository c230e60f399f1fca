"""A table as plain data; each renderer of this folder makes of it what its reader needs."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, Self, TypeVar

T = TypeVar("T")


class Column(NamedTuple):
    """A column: its heading and unit, and the names that its values have in CSV."""

    heading: str
    unit: str = ""
    names: tuple[str, ...] = ()
    number: bool = False  # whether its cells are aligned to the right
    axis: bool = False  # whether it names the rows, and a reader may filter by its values

    @property
    def label(self) -> str:
        """Return heading and unit in one line: "makespan (ms)"."""
        return f"{self.heading} ({self.unit})" if self.unit else self.heading


class Cell(NamedTuple):
    """A cell: its text, smaller lines below it, its exact values for CSV and sorting, and its verdict."""

    text: str = ""
    note: str = ""  # lines, with "\n" between them
    values: tuple[float | str | None, ...] = ()
    verdict: str = ""  # a word that `verdicts` knows, shown before the text
    link: str = ""  # the anchor in the page that the text leads to; empty for none
    note_link: str = ""  # the same for the note
    strong: bool = False  # whether a terminal shows the text in bold

    @property
    def exact(self) -> str | None:
        """Return the values as CSV has them, "|" between them; None where the text is the value."""
        return "|".join(map(exactly, self.values)) if self.values else None


def exactly(value: float | str | None) -> str:
    """Return a value as CSV has it: a number to nine digits, nothing for None."""
    if value is None:
        return ""
    return f"{value:.9g}" if isinstance(value, int | float) else value


class Table(NamedTuple):
    """A table: its title, its columns, its rows of as many cells, and notes that stand below it."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    notes: Sequence[str] = ()

    @classmethod
    def of(cls, title: str, items: Sequence[T], columns: list[tuple[Column, Callable[[T], Cell]]]) -> Self:
        """Return a row for each item, by a function of each column; a column of blank cells is left out."""
        made = [(column, [cell(item) for item in items]) for column, cell in columns]
        shown = [
            (column, cells)
            for column, cells in made
            if not cells or any(cell.text or cell.note or cell.verdict for cell in cells)
        ]
        rows = list(zip(*(cells for _, cells in shown), strict=True))
        return cls(title, [column for column, _ in shown], rows)
