"""The words of a verdict, from verdicts.json: what each means, its sign in the page, and its colour."""

import json
from pathlib import Path
from typing import NamedTuple

WORDS = Path(__file__).with_suffix(".json")
STYLES = {"good": "green", "bad": "red", "open": "yellow", "none": ""}
"""Tone -> the terminal's style; on the page it is a class of CSS."""


class Look(NamedTuple):
    """How a verdict looks: the sign before its word and the tone of its colour; and what it means."""

    sign: str
    tone: str
    meaning: str


VERDICTS = {word: Look(**look) for word, look in json.loads(WORDS.read_text("utf-8")).items()}
"""A verdict's word, or a trial's status -> its look; `lab.analysis.stats.verdicts` decides which it is."""


def style(word: str) -> str:
    """Return the terminal's style of a verdict; plain for a word that is none."""
    return STYLES[VERDICTS[word].tone] if word in VERDICTS else ""
