"""Many experiments' claims → a verdict on each statement that is made of Python's concurrency."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from lab.analysis.claims.verdicts import REFUTED, SUPPORTED, UNDECIDED
from lab.core.statements import STATEMENTS


def on_statements(judged: pl.DataFrame) -> pl.DataFrame:
    """Return a row for each statement: its number, its sentence, its verdict, and its number of claims.

    `judged` holds the claims of all experiments, with `statement` and `verdict`.
    """
    rows = []
    for number, sentence in STATEMENTS.items():
        verdicts = judged.filter(pl.col("statement") == number)["verdict"].to_list()
        rows.append((number, sentence, on_statement(verdicts), len(verdicts)))
    schema = {"statement": pl.Int64, "sentence": pl.String, "verdict": pl.String, "claims": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def on_statement(verdicts: Iterable[str]) -> str:
    """Return the verdict on a statement whose claims have these verdicts.

    A statement says what all its claims say: it is refuted where one of them is, supported where all are.
    """
    found = set(verdicts)
    if REFUTED in found:
        return REFUTED
    return SUPPORTED if found == {SUPPORTED} else UNDECIDED
