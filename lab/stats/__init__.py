"""Rows → summaries, ratios, intervals, verdicts."""

from lab.stats.rounds import Measured
from lab.stats.sentences import sentences
from lab.stats.summary import resolution, summarise

__all__ = ["Measured", "resolution", "sentences", "summarise"]
