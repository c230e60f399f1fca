"""Rows → summaries, ratios, intervals, verdicts."""

from lab.analysis.stats.rounds import Measured
from lab.analysis.stats.summary import resolution, summarise

__all__ = ["Measured", "resolution", "summarise"]
