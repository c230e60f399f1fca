"""Figures' files → pictures inside the page, each as small as it gets without losing what it shows."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

from PIL import Image

DENSITY, SMALL = 1.5, 30_000
"""How many of a figure's pixels are one of the page, and how many characters a small SVG has."""
COLOURS, THUMB_WIDTH = 64, 460
LONG_NUMBER = re.compile(r"-?\d+\.\d{2,}")
TAG = re.compile(r"<[^<>]*>")
UNQUOTED = " !$()*+,-./:;=?@_~{}"
"""What needs no quoting in a URI that stands in an attribute, beside letters and digits."""
UNSEEN = re.compile(r"<!--.*?-->|<metadata>.*?</metadata>|<\?xml.*?\?>|<!DOCTYPE.*?>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Embedded:
    """A picture's data URI, and the size, in pixels, at which it is to be shown."""

    uri: str
    width: int
    height: int


def embedded(path: Path, shrink: float = 1.0) -> Embedded:
    """Return a figure, of which `path` is the PNG, as the smaller of its PNG and its SVG.

    A small SVG is taken as it is: it is sharper, and sooner made. `shrink` is what to multiply the PNG's
    pixels by, where the page would else be too large; its size on the page stays the same.
    """
    drawn = path.with_suffix(".svg")
    uri = _svg(drawn.read_text(encoding="utf-8")) if drawn.is_file() else ""
    with Image.open(path) as image:
        width, height = image.size
        if not uri or len(uri) > SMALL:
            png = _png(image, (round(width * shrink), round(height * shrink)))
            uri = min(filter(None, (uri, png)), key=len)
    return Embedded(uri, round(width / DENSITY), round(height / DENSITY))


def thumbnail(path: Path) -> Embedded:
    """Return a small picture of a figure, for the front."""
    with Image.open(path) as image:
        width, height = image.size
        size = (THUMB_WIDTH, round(height * THUMB_WIDTH / width))
        return Embedded(_png(image, size), *size)


def _png(image: Image.Image, size: tuple[int, int]) -> str:
    drawn = image.convert("RGB")
    if size != drawn.size:
        drawn = drawn.resize(size, Image.Resampling.BICUBIC)
    content = BytesIO()
    # The octree is a sixth of the default's time, and of flat colours it keeps more.
    few = drawn.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    few.save(content, "png", compress_level=6)
    return f"data:image/png;base64,{b64encode(content.getvalue()).decode()}"


def _svg(text: str) -> str:
    """Return an SVG as a data URI, with a tenth of a point for its coordinates; its words stay."""
    short = TAG.sub(_rounded, UNSEEN.sub("", text))
    written = re.sub(r"\s+", " ", re.sub(r">\s+<", "><", short)).strip()
    # Shorter than base64, since most of it is numbers.
    return f"data:image/svg+xml,{quote(written, safe=UNQUOTED)}"


def _rounded(tag: re.Match[str]) -> str:
    return LONG_NUMBER.sub(lambda number: f"{float(number[0]):.1f}", tag[0])
