"""The looks of lines and marks; a model's own colour and marker are in its file, lab/models/NAME.py.

A family shares a hue: threads are blue, processes orange, asyncio green. The lightnesses of the lab's
models differ in even steps of CIELAB L*, so that they stay apart in grey and for colour-blind readers;
every figure also names its models beside their marks. Fonts and line widths are in `lab.mplstyle`.
"""

import colorsys
import hashlib
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from typing import NamedTuple

from lab.catalog.models import load_model
from lab.catalog.names import model_names
from lab.core.errors import LabError
from lab.core.work import AA_SUFFIX
from lab.present.figures.selection import Case, values_of

INK, GREY, PALE, BAND = "#222222", "#555555", "#a8a8a8", "#e6e6e6"


class Look(NamedTuple):
    """The colour and marker of a model; `hollow` for the baseline's second measurement."""

    colour: str
    marker: str
    hollow: bool = False


NEUTRAL = Look("#5b7389", "o")  # for rows that are not models
SHADES = ("#17324a", "#a9bccb", "#4c7391", "#7c6a58", "#2d2622", "#c3ac92")
SHAPES = "os^Dv<>phPX*"
HUES = {"thread": 0.55, "process": 0.06, "loop": 0.42}  # by where a model's workers live
OTHER_HUE, HUE_RANGE = 0.76, 0.12  # purple, which no family has; how far a name may move a hue


def looks_of(names: Sequence[str], axis: str | None, every: Sequence[Case]) -> dict[str, Look]:
    """Return name -> look of a figure's lines: those of models; neutral ones for values of another axis.

    every: all the experiment's cases; a name's index there decides, so a line looks alike in all figures.
    """
    known = list(dict.fromkeys([*(values_of(every, axis) if axis else ()), *names]))
    if axis == "model" or set(known) <= set(model_names()):
        return {name: look(name) for name in known}
    if len(known) == 1:
        return {known[0]: NEUTRAL}
    return {name: Look(SHADES[n % len(SHADES)], SHAPES[n % len(SHAPES)]) for n, name in enumerate(known)}


@cache
def look(model: str) -> Look:
    """Return the look of a model from its file; what the file leaves open follows from the name."""
    if model.endswith(AA_SUFFIX):
        return look(model.removesuffix(AA_SUFFIX))._replace(hollow=True)
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
