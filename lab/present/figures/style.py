"""How every figure looks: fonts, line widths, and the colour and marker of each model.

A model's file names its colour and marker. A family shares a hue: threads are blue, processes orange,
asyncio green. The lightnesses of the lab's models differ in even steps of CIELAB L*, so that they stay
apart in grey and for colour-blind readers; every figure also names its models beside their marks.
"""

import colorsys
import hashlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from lab.catalog.models import load_model
from lab.catalog.names import model_names
from lab.core.errors import LabError
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
    "grid.color": BAND,
    "grid.linewidth": 0.6,
    "hatch.linewidth": 0.7,
    "xtick.color": GREY,
    "ytick.color": INK,
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 9.0,
    "xtick.major.size": 0.0,  # the grid shows where a tick is
    "ytick.major.size": 0.0,
    "savefig.dpi": 144,
    "svg.fonttype": "none",  # text stays text: small, searchable, selectable
    "svg.hashsalt": "concurrency lab",  # the same identifiers, so the same bytes, every time
}


@dataclass(frozen=True, slots=True)
class Look:
    """The colour and marker of a model; `hollow` for the baseline's second measurement."""

    colour: str
    marker: str
    hollow: bool = False


NEUTRAL = Look("#5b7389", "o")  # for rows that are not models
SHADES = ("#17324a", "#a9bccb", "#4c7391", "#7c6a58", "#2d2622", "#c3ac92")
SHAPES = "os^Dv<>phPX*"
HUES = {"thread": 0.55, "process": 0.06, "loop": 0.42}  # by where a model's workers live
OTHER_HUE, HUE_RANGE = 0.76, 0.12  # purple, which no family has; how far a name may move a hue


def looks_of(names: Sequence[str], axis: str | None) -> list[Look]:
    """Return the looks of a figure's lines: those of models; neutral ones for values of another axis."""
    if axis == "model" or set(names) <= set(model_names()):
        return [look(name) for name in names]
    if len(names) == 1:
        return [NEUTRAL]
    return [Look(SHADES[n % len(SHADES)], SHAPES[n % len(SHAPES)]) for n in range(len(names))]


@cache
def look(model: str) -> Look:
    """Return the look of a model from its file; what the file leaves open follows from the name."""
    if model.endswith(AA_SUFFIX):
        return replace(look(model.removesuffix(AA_SUFFIX)), hollow=True)
    hue, colour, marker = OTHER_HUE, "", ""
    with suppress(LabError):  # a result may name a model that is not here
        file = load_model(model)
        hue, colour, marker = HUES.get(file.workers_in, hue), file.colour, file.marker
    by_name = _look_by_name(model, hue)
    return Look(colour or by_name.colour, marker or by_name.marker)


def _look_by_name(model: str, hue: float) -> Look:
    """Return a colour near this hue, and one of three markers that no model of the lab has."""
    first, second, third = hashlib.sha256(model.encode()).digest()[:3]  # hash() differs by process
    lightness = 0.28 + 0.5 * second / 255
    parts = colorsys.hls_to_rgb(hue + HUE_RANGE * first / 255, lightness, 0.45)
    red, green, blue = (round(255 * part) for part in parts)
    return Look(f"#{red:02x}{green:02x}{blue:02x}", "dH8"[third % 3])
