"""Computes statistics and verdicts from stored rows."""
