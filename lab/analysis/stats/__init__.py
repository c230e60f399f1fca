"""Rows → summaries, ratios, intervals, verdicts."""

from lab.analysis.stats.summary import summarise

__all__ = ["summarise"]
