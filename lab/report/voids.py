"""Trials that failed or were skipped, and samples that are void, with the reasons."""

from typing import Any

import polars as pl

from lab.analysis.stats.rounds import by_round
from lab.core.words import many
from lab.present.units import case_words
from lab.store.reading import Results

MOST, TAIL = 30, 1500  # how many lines are shown, and how many characters of the end of stderr
SAMPLE = "void sample"
Row = dict[str, Any]


def voids(results: Results) -> tuple[list[Row], int]:
    """Return the trials that are not ok and the samples that are void; how many lines more there are.

    A line has where, status, reason and stderr. Rounds of a case that ended alike are one line, with the
    last one's end of stderr; so are cases that were skipped for one reason and differ in the last axis.
    """
    alike = [*results.axes, "status", "reason"]
    trials = results.trials.filter(pl.col("status") != "ok").select(*alike, "round", "stderr")
    samples = results.samples.filter(pl.col("void") != "").select(
        *results.axes, pl.lit(SAMPLE).alias("status"), pl.col("void").alias("reason"), "round", stderr=None
    )
    groups = pl.concat([trials, samples], how="vertical_relaxed").group_by(alike, maintain_order=True)
    rows = groups.agg("round", pl.col("stderr").last()).to_dicts()
    ranks = {tuple(case.values()): rank for rank, case in enumerate(by_round(results).cases)}
    rows.sort(key=lambda row: ranks[tuple(row[axis] for axis in results.axes)])
    merged: dict[str, Row] = {}
    for row in rows:
        last = results.axes[-1] if results.axes and row["status"] == "skipped" else ""
        key = str({name: value for name, value in row.items() if name not in (last, "stderr")})
        first = merged.setdefault(key, row)
        if first is not row:
            first[last] = ", ".join(filter(None, (first[last], row[last])))
    lines = [_line(row, results) for row in list(merged.values())[:MOST]]
    return lines, len(merged) - len(lines)


def _line(row: Row, results: Results) -> Row:
    where = case_words({axis: row[axis] for axis in results.axes}) or results.name
    status, rounds = row["status"], row["round"]
    if status == SAMPLE:
        status = many(len(rounds), SAMPLE)
    else:
        where = f"{f'round {rounds[0]}' if len(rounds) == 1 else f'{len(rounds)} rounds'}, {where}"
    stderr = (row["stderr"] or "")[-TAIL:]
    return {"where": where, "status": status, "reason": row["reason"], "stderr": stderr}
