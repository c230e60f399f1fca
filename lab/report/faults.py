"""What does not count, and why: trials that failed, and samples that are void."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from lab.report.views import Void
from lab.stats.words import many
from lab.store.reading import Results

MOST, TAIL = 30, 1500
"""How many lines are shown, and how many characters of the end of stderr."""


def voids(results: Results) -> tuple[list[Void], int]:
    """Return the cases with trials that are not ok or samples that are void; how many more there are.

    What ended alike in several rounds is told once, with the end of the last one's stderr.
    """
    alike = [*results.axes, "status", "reason"]
    trials = (
        results.trials.filter(pl.col("status") != "ok")
        .group_by(alike, maintain_order=True)
        .agg(pl.col("round"), pl.col("stderr").last())
    )
    found = [
        Void(
            f"{_rounds(row['round'])}, {_case(row, results)}",
            row["status"],
            row["reason"] or "",
            (row["stderr"] or "")[-TAIL:],
        )
        for row in trials.head(MOST).to_dicts()
    ]
    samples = (
        results.samples.filter(pl.col("void") != "")
        .group_by(*results.axes, "void", maintain_order=True)
        .len()
        .to_dicts()
    )
    found += [
        Void(_case(row, results), f"{many(row['len'], 'void sample')}", row["void"])
        for row in samples[:MOST]
    ]
    return found, max(0, trials.height - MOST) + max(0, len(samples) - MOST)


def _rounds(rounds: Sequence[int]) -> str:
    return f"round {rounds[0]}" if len(rounds) == 1 else f"{len(rounds)} rounds"


def _case(row: Mapping[str, Any], results: Results) -> str:
    return " ".join(f"{axis}={row[axis]}" for axis in results.axes if row[axis] is not None) or results.name
