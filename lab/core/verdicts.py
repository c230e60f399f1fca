"""The words of a verdict, from verdicts.json: what each means, its sign on the page, and its tone.

`lab.analysis.stats.decision` decides which word a ratio gets, `lab.analysis.claims.decision` which a claim.
"""

import json
from pathlib import Path
from typing import NamedTuple

FASTER, SLOWER, TIE, UNDECIDED = "faster", "slower", "tie", "undecided"
BASELINE, SERVER_BOUND, VOID = "baseline", "server-bound", "void"
SUPPORTED, REFUTED = "supported", "refuted"


class Verdict(NamedTuple):
    """How a verdict looks: the sign before its word and the tone of its colour; and what it means."""

    sign: str
    tone: str
    meaning: str


WORDS = json.loads(Path(__file__).with_suffix(".json").read_text("utf-8"))
VERDICTS = {word: Verdict(**described) for word, described in WORDS.items()}
"""A verdict's word, or a trial's status -> its sign, tone and meaning."""
