"""A result on standard output: its page, or its tables for another program."""

from collections.abc import Sequence

import polars as pl
from rich.console import Console

from lab.analysis.claims import judge
from lab.cli.options import Format
from lab.core.claims import Claim
from lab.present.tables.as_csv import as_csv
from lab.present.tables.markdown import markdown
from lab.present.tables.page import page_of
from lab.present.tables.results import tables
from lab.store.reading import Results


def show_table(results: Results, summary: pl.DataFrame, claims: Sequence[Claim] = ()) -> None:
    """Print the question, the tables, what follows from them, and the verdicts on the claims."""
    page_of(results, summary, judge(claims, results)).show(Console(highlight=False))


def print_tables(results: Results, summary: pl.DataFrame, form: Format) -> None:
    """Print the tables alone, a row a case, with a blank line between two of them."""
    render = as_csv if form is Format.CSV else markdown
    print("\n".join(render(table) for table in tables(results, summary)), end="")
