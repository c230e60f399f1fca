"""What the page shows, as plain frozen data: text and numbers, not markup.

The few fields that are markup have that type, and come from `lessons`, `sources`, `pictures` and
`timelines` alone, which escape what they are given.
"""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup


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
