"""How every figure looks: fonts, line weights, and the colour and marker of each model.

A family shares a hue (threads blue, processes orange, asyncio green) and a kind of marker. The twelve
lightnesses are all different, in even steps of CIELAB L*, so that the models stay apart in grey and
for a reader who is colour-blind; every figure also names its models beside their marks.
"""

from __future__ import annotations

import colorsys
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from lab.catalog.models import load_model
from lab.catalog.names import model_names
from lab.core.work import AA_SUFFIX

INK, GREY, PALE, BAND = "#222222", "#555555", "#a8a8a8", "#e6e6e6"

RC: Any = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans", "Verdana"],  # the first comes with matplotlib: the same everywhere
    "font.size": 9.0,
    "text.color": INK,
    "text.parse_math": False,  # a dollar sign is a dollar sign
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.labelsize": 9.0,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 9.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titlepad": 5.0,
    "axes.axisbelow": True,
    "hatch.linewidth": 0.7,
    "xtick.color": GREY,
    "ytick.color": INK,
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 9.0,
    "xtick.major.width": 0.6,
    "ytick.major.size": 0.0,
    "savefig.dpi": 144,
    "svg.fonttype": "none",  # text stays text: small, searchable, selectable
    "svg.hashsalt": "concurrency lab",  # the same identifiers, so the same bytes, every time
}


@dataclass(frozen=True, slots=True)
class Look:
    """The colour and marker of a model; `hollow` where it is the baseline measured again."""

    colour: str
    marker: str
    hollow: bool = False


LOOKS = {
    "sequential": Look("#303030", "*"),
    "threads": Look("#074d78", "^"),
    "daemon_threads": Look("#0276ae", "v"),
    "queue_pool": Look("#239fdd", "<"),
    "thread_pool": Look("#84c9f4", ">"),
    "fork": Look("#711e02", "D"),
    "processes": Look("#a83f00", "s"),
    "process_pool": Look("#db6800", "p"),
    "process_executor": Look("#f3a24b", "h"),
    "asyncio": Look("#016146", "o"),
    "asyncio_threads": Look("#058d68", "P"),
    "asyncio_processes": Look("#29bb8d", "X"),
}
NEUTRAL = Look("#5b7389", "o")  # for rows that are not models
SHADES = ("#17324a", "#a9bccb", "#4c7391", "#7c6a58", "#2d2622", "#c3ac92")
SHAPES = "os^Dv<>phPX*"


def looks_of(names: Sequence[str], axis: str | None) -> list[Look]:
    """Return the looks of the lines of a figure: those of models, or for values of another axis neutral."""
    if axis == "model" or all(name in LOOKS for name in names):
        return [look(name) for name in names]
    if len(names) == 1:
        return [NEUTRAL]
    return [Look(SHADES[n % len(SHADES)], SHAPES[n % len(SHAPES)]) for n in range(len(names))]


def look(model: str) -> Look:
    """Return the look of a model, as its file says; without a word there it follows from its name alone."""
    if model.endswith(AA_SUFFIX):
        return replace(look(model.removesuffix(AA_SUFFIX)), hollow=True)
    return LOOKS.get(model) or _of_file(model) or _stranger(model)


def _of_file(model: str) -> Look | None:
    """Return the look that a model's file says; None where there is no such file, or it says none."""
    found = load_model(model) if model in model_names() else None
    return Look(found.colour, found.marker) if found and found.colour and found.marker else None


def _stranger(model: str) -> Look:
    """Return a purple, a hue no family has, and one of three markers no known model has."""
    digest = hashlib.sha256(model.encode()).digest()  # not hash(): that differs by process
    first, second, third = digest[:3]
    hue, lightness = 0.76 + 0.12 * first / 255, 0.28 + 0.5 * second / 255
    red, green, blue = (round(255 * part) for part in colorsys.hls_to_rgb(hue, lightness, 0.45))
    return Look(f"#{red:02x}{green:02x}{blue:02x}", "dH8"[third % 3])
