"""Which format a result has, and what the names of older formats are called now.

`format` in environment.json:
    1, or none  The control is "asyncio (again)"; `experiment.sha256` is over the experiment's file alone.
    2           The control is "asyncio (A/A)"; the hash is over the file and the helpers that it imports.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lab.core.work import AA_SUFFIX

if TYPE_CHECKING:
    import polars as pl

FORMAT = 2
"""The format that this lab writes; it reads this one and all before it."""
FIRST_AA_SUFFIX = " (again)"


def is_first(environment: Mapping[str, Any]) -> bool:
    """Return whether a result has the first format."""
    return int(environment.get("format", 1)) == 1


def renamed(rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows of the first format with the labels of today."""
    if "model" not in rows.columns:
        return rows
    import polars as pl

    model = pl.col("model")
    plain = model.str.strip_suffix(FIRST_AA_SUFFIX)
    return rows.with_columns(
        pl.when(model.str.ends_with(FIRST_AA_SUFFIX)).then(plain + AA_SUFFIX).otherwise(model)
    )
