"""What does not count, and why: trials that failed or were skipped, and samples that are void."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from lab.core.words import many
from lab.present.units import case_words
from lab.store.reading import Results

MOST, TAIL = 30, 1500
"""How many lines are shown, and how many characters of the end of stderr."""
SAMPLE = "void sample"
Row = dict[str, Any]


def voids(results: Results) -> tuple[list[Row], int]:
    """Return the trials that are not ok and the samples that are void; how many lines more there are.

    A line has where, status, reason and stderr. Several rounds of a case that ended alike are one line,
    with the end of the last one's stderr.
    """
    alike = [*results.axes, "status", "reason"]
    trials = results.trials.filter(pl.col("status") != "ok").select(*alike, "round", "stderr")
    samples = results.samples.filter(pl.col("void") != "").select(
        *results.axes, pl.lit(SAMPLE).alias("status"), pl.col("void").alias("reason"), "round", stderr=None
    )
    groups = pl.concat([trials, samples], how="vertical_relaxed").group_by(alike, maintain_order=True)
    rows = groups.agg("round", pl.col("stderr").last()).to_dicts()
    order = [_case(case, results) for case in results.environment["experiment"]["cases"]]
    ranks = {case: rank for rank, case in enumerate(order)}
    rows.sort(key=lambda row: ranks.get(_case(row, results), len(ranks)))
    merged = _merged(rows, results.axes)
    return [_line(row, results) for row in merged[:MOST]], max(0, len(merged) - MOST)


def _merged(rows: Sequence[Row], axes: Sequence[str]) -> list[Row]:
    """Return the rows; those that were skipped for one reason and differ in the last axis are one."""
    merged: dict[str, Row] = {}
    for row in rows:
        last = axes[-1] if axes and row["status"] == "skipped" else ""
        key = str({name: value for name, value in row.items() if name not in (last, "stderr")})
        first = merged.setdefault(key, row)
        if first is not row:
            first[last] = ", ".join(filter(None, (first[last], row[last])))
    return list(merged.values())


def _line(row: Row, results: Results) -> Row:
    where, status, rounds = _case(row, results), row["status"], row["round"]
    if status == SAMPLE:
        status = many(len(rounds), SAMPLE)
    else:
        where = f"{f'round {rounds[0]}' if len(rounds) == 1 else f'{len(rounds)} rounds'}, {where}"
    stderr = (row["stderr"] or "")[-TAIL:]
    return {"where": where, "status": status, "reason": row["reason"], "stderr": stderr}


def _case(row: Mapping[str, Any], results: Results) -> str:
    return case_words({axis: row.get(axis) for axis in results.axes}) or results.name
