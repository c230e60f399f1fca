"""Claims → verdicts: supported, refuted or undecided, by the intervals of what was measured."""

from collections.abc import Sequence

import polars as pl

from lab.analysis.claims import comparisons, levels
from lab.analysis.stats.rounds import Rounds, by_round
from lab.core.claims import Claim, Condition, Level, Part
from lab.core.verdicts import UNDECIDED
from lab.store.reading import Results

SCHEMA = {"sentence": pl.String, "statement": pl.Int64, "verdict": pl.String, "evidence": pl.String}


def judge(claims: Sequence[Claim], results: Results) -> pl.DataFrame:
    """Return a row for each claim: sentence, statement, verdict and its evidence in one line.

    statement: the number of that on which it is a verdict, or null. verdict: supported, refuted, undecided.
    """
    if not claims:
        return pl.DataFrame(schema=SCHEMA)
    rounds = by_round(results)
    rows = [
        (each.sentence, each.statement or None, *judge_condition(each.condition, rounds)) for each in claims
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def judge_condition(condition: Condition | Level | Part, rounds: Rounds) -> tuple[str, str]:
    """Return the verdict on a condition, and its evidence in one line."""
    if condition.metric not in rounds.values:
        return UNDECIDED, f"{condition.metric} was not measured"
    axes = {*condition.where, *((condition.gap.axis,) if isinstance(condition, Part) else ())}
    if unknown := axes - set(rounds.axes):
        return UNDECIDED, f"there is no axis {min(unknown)}"
    if isinstance(condition, Level):
        return levels.judge(condition, rounds)
    if isinstance(condition, Part):
        return comparisons.judge_gap(condition, rounds)
    return comparisons.judge(condition, rounds)
