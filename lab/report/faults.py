"""What does not count, and why: trials that failed, and samples that are void."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from lab.core.words import many
from lab.report.views import Void
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
    order = [_case(case, results) for case in results.environment["experiment"]["cases"]]
    ranks = {place: rank for rank, place in enumerate(order)}
    rows = sorted(trials.to_dicts(), key=lambda row: ranks.get(_case(row, results), len(ranks)))
    grouped = _alike(rows, results.axes)
    found = [
        Void(
            f"{_rounds(row['round'])}, {_case(row, results)}",
            row["status"],
            row["reason"] or "",
            (row["stderr"] or "")[-TAIL:],
        )
        for row in grouped[:MOST]
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
    return found, max(0, len(grouped) - MOST) + max(0, len(samples) - MOST)


def _alike(rows: Sequence[dict[str, Any]], axes: Sequence[str]) -> list[dict[str, Any]]:
    """Return the rows; those that were left out for the same reason and differ in the last axis are one."""
    merged: dict[tuple[object, ...], dict[str, Any]] = {}
    for row in rows:
        last = axes[-1] if axes and row["status"] == "skipped" else None
        key = tuple(str(value) for name, value in row.items() if name not in (last, "stderr"))
        there = merged.setdefault(key, row)
        if there is not row and last and row[last] is not None:
            there[last] = f"{there[last]}, {row[last]}"
        elif there is not row:
            merged[*key, len(merged)] = row
    return list(merged.values())


def _rounds(rounds: Sequence[int]) -> str:
    return f"round {rounds[0]}" if len(rounds) == 1 else f"{len(rounds)} rounds"


def _case(row: Mapping[str, Any], results: Results) -> str:
    return (
        " ".join(f"{axis}={row[axis]}" for axis in results.axes if row.get(axis) is not None)
        or results.name
    )
