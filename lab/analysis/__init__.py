"""Rows in, verdicts out: knows nothing of measuring."""
