"""Claims → verdicts: supported, refuted or undecided, by the intervals of what was measured."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from lab.analysis.claims import comparisons, gaps, levels
from lab.analysis.stats import Measured
from lab.analysis.stats.rounds import by_round
from lab.core.claims import Claim, Condition, Part

SCHEMA = {"sentence": pl.String, "statement": pl.Int64, "verdict": pl.String, "evidence": pl.String}


def judge(claims: Sequence[Claim], results: Measured) -> pl.DataFrame:
    """Return a row for each claim: sentence, statement, verdict and its evidence in one line.

    statement: the number of the statement the claim is a verdict on; null for none.
    verdict: supported, refuted or undecided.
    """
    if not claims:
        return pl.DataFrame(schema=SCHEMA)
    rounds = by_round(results)
    rows = []
    for claim in claims:
        if isinstance(claim.condition, Condition):
            verdict, evidence = comparisons.judge(claim.condition, rounds)
        elif isinstance(claim.condition, Part):
            verdict, evidence = gaps.judge(claim.condition, rounds)
        else:
            verdict, evidence = levels.judge(claim.condition, rounds)
        rows.append((claim.sentence, claim.statement or None, verdict, evidence))
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")
