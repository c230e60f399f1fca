"""What the page shows, as plain frozen data: text and numbers, not markup.

The few fields that are markup have that type, and come from `lessons`, `sources`, `pictures` and
`timelines` alone, which escape what they are given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its heading and unit, and the names its values have in CSV.

    axis: whether its values may be filtered by.
    """

    heading: str
    unit: str = ""
    names: tuple[str, ...] = ()
    number: bool = False
    axis: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: what is read, a smaller line below it, its exact values for CSV and sorting, its verdict.

    link, note_link: the place in the page that its text, or its note, leads to; empty for none.
    """

    text: str = ""
    note: str = ""
    values: tuple[float | str | None, ...] = ()
    verdict: str = ""
    link: str = ""
    note_link: str = ""

    @property
    def exact(self) -> str | None:
        """Return the values as CSV has them, "|" between them; None where the text is the value."""
        if not self.values:
            return None
        return "|".join(
            "" if value is None else f"{value:.9g}" if isinstance(value, int | float) else value
            for value in self.values
        )


@dataclass(frozen=True, slots=True)
class Table:
    """A table that a reader may sort, filter and copy; `caption` says what it holds."""

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure and what it shows, in words.

    content: an image's data URI, its size in pixels; or what is inside an SVG, its size in the SVG's units.
    """

    content: Markup
    width: float
    height: float
    alternative: str


@dataclass(frozen=True, slots=True)
class Remark:
    """What an answer has to be read with, and a link to more: an anchor and its words, empty for none."""

    text: str
    link: str = ""
    link_text: str = ""
