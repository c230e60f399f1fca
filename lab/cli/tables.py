"""A result's page on standard output."""

from collections.abc import Sequence

import polars as pl
from rich.console import Console

from lab.analysis.claims import judge
from lab.core.claims import Claim
from lab.present.tables.page import page_of
from lab.store.reading import Results


def show_table(results: Results, summary: pl.DataFrame, claims: Sequence[Claim] = ()) -> None:
    """Print the question, the tables, what follows from them, and what became of the claims, on stdout."""
    page_of(results, summary, judge(claims, results)).show(Console(highlight=False))
