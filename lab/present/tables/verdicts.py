"""The words of a verdict: what each means, its sign on the page, and its colour everywhere."""

from dataclasses import dataclass

STYLES = {"good": "green", "bad": "red", "open": "yellow", "none": ""}
"""Tone -> the terminal's style; on the page it is a class of CSS."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a verdict looks: the sign before its word and the tone of its colour; and what it means."""

    sign: str
    tone: str
    meaning: str = ""


VERDICTS = {
    "faster": Look("▼", "good", "the interval lies below 1×, by more than the run can resolve"),
    "slower": Look("▲", "bad", "the interval lies above 1×, by more than the run can resolve"),
    "tie": Look("=", "open", "the whole interval lies within what the run can resolve"),
    "undecided": Look("?", "open", "the interval is wider than that: more rounds may decide"),
    "too close": Look("≈", "open", "a tie, or undecided"),
    "baseline": Look("●", "none", "what the others are compared with"),
    "server-bound": Look("!", "open", "the server is nearly busy, so the case is not ranked"),
    "void": Look("✗", "bad", "nothing of it counts: its results are wrong, or its trials failed"),
    "supported": Look("✓", "good", "the interval lies on the claim's side"),
    "refuted": Look("✗", "bad", "the interval lies on the other side"),
    "not measured": Look("–", "none", "no result has a claim on it"),
    **{
        status: Look("✗", "bad", "a trial that failed")
        for status in ("raised", "killed", "exited", "timeout")
    },
    "skipped": Look("–", "none", "a case that was not run"),
}
"""A verdict's word, or a trial's status -> its look; `lab.analysis.stats.verdicts` decides which it is."""


def style(word: str) -> str:
    """Return the terminal's style of a verdict; plain for a word that is none."""
    return STYLES[VERDICTS[word].tone] if word in VERDICTS else ""
