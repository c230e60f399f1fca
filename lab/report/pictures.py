"""Figures' files → pictures inside the page, each as small as it gets without losing what it shows."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

from markupsafe import Markup
from PIL import Image

DENSITY, SMALL = 1.5, 30_000
"""How many of a figure's pixels are one of the page, and how many characters a small SVG has."""
COLOURS, THUMB = 64, (440, 220)
QUALITY, METHOD = 50, 2
"""How long WebP searches for what repeats: nothing is lost by less, and little is won by more."""
LONG_NUMBER = re.compile(r"-?\d+\.\d{2,}")
TAG = re.compile(r"<[^<>]*>")
UNQUOTED = " !$'()*+,-./:;=?@_~{}"
"""What needs no quoting in a URI that stands in an attribute, beside letters and digits."""
NAME, REFERENCE = re.compile(r' id="([^"]*)"'), re.compile(r"#([\w.-]+)")
TURNED_BY_NOTHING = re.compile(r' transform="rotate\(-?0 [^"]*"')
NEEDLESS_SPACE = re.compile(r"(?<=[;:,])\s+|\s+(?=[MLHVCQz]\s)|(?<=[MLHVCQz])\s+|\s+(?=\")")
UNSEEN = re.compile(r"<!--.*?-->|<metadata>.*?</metadata>|<\?xml.*?\?>|<!DOCTYPE.*?>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Embedded:
    """A picture's data URI, and the size, in pixels, at which it is to be shown."""

    uri: Markup
    width: int
    height: int


def embedded(path: Path, shrink: float = 1.0) -> Embedded:
    """Return a figure, of which `path` is the PNG, as the smaller of its pixels and its SVG.

    A small SVG is taken as it is: it is sharper, and sooner made. `shrink` is what to multiply the pixels
    by, where the page would else be too large; its size on the page stays the same.
    """
    drawn = path.with_suffix(".svg")
    uri = _svg(drawn.read_text(encoding="utf-8")) if drawn.is_file() else Markup()
    with Image.open(path) as image:
        width, height = image.size
        if not uri or len(uri) > SMALL:
            pixels = _webp(image, (round(width * shrink), round(height * shrink)))
            uri = min(filter(None, (uri, pixels)), key=len)
    return Embedded(uri, round(width / DENSITY), round(height / DENSITY))


def thumbnail(path: Path) -> Embedded:
    """Return a small picture of the top of a figure, for the front."""
    with Image.open(path) as image:
        width, height = image.size
        top = image.crop((0, 0, width, min(height, round(width * THUMB[1] / THUMB[0]))))
        size = (THUMB[0], max(1, round(top.height * THUMB[0] / width)))
        return Embedded(_webp(top, size), *size)


def _webp(image: Image.Image, size: tuple[int, int]) -> Markup:
    """Return a picture in a size: WebP is two thirds of a PNG."""
    drawn = image.convert("RGB")
    if size != drawn.size:
        # To about twice the size by averaging whole pixels first: a third of the time, and nobody sees it.
        drawn = drawn.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)
    content = BytesIO()
    # The octree is a sixth of the default's time, and of flat colours it keeps more.
    few = drawn.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    few.convert("RGB").save(content, "webp", lossless=True, quality=QUALITY, method=METHOD)
    return Markup(f"data:image/webp;base64,{b64encode(content.getvalue()).decode()}")


def _svg(text: str) -> Markup:
    """Return an SVG as a data URI, with a tenth of a point for its coordinates; its words stay.

    No character of a URI so quoted ends an attribute that stands in double quotes, or begins anything else.
    """
    text = UNSEEN.sub("", text)
    named = frozenset(REFERENCE.findall(text))
    short = TAG.sub(lambda tag: _shortened(tag[0], named), text)
    written = re.sub(r"\s+", " ", re.sub(r">\s+<", "><", short)).strip()
    # Shorter than base64, since most of it is numbers.
    return Markup(f"data:image/svg+xml,{quote(written, safe=UNQUOTED)}")


def _shortened(tag: str, named: frozenset[str]) -> str:
    """Return a tag that draws the same, without names that nothing refers to, and with shorter numbers."""
    tag = LONG_NUMBER.sub(lambda number: f"{float(number[0]):.1f}", tag)
    tag = NAME.sub(lambda name: name[0] if name[1] in named else "", tag.replace("'", ""))
    return TURNED_BY_NOTHING.sub("", NEEDLESS_SPACE.sub("", tag)).replace('"', "'")
