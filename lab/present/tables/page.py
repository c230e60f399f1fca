"""All that the terminal and a notebook show of one result: question, warnings, tables, sentences."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl
from rich.console import Group
from rich.text import Text

from lab.present.sentences.comparisons import findings
from lab.present.tables.results import narrow_tables
from lab.present.tables.table import Table
from lab.present.tables.terminal import drawn
from lab.store.reading import Results


@dataclass(frozen=True, slots=True)
class Page:
    """A result's title, the warnings about it, its tables, and the sentences below them."""

    title: str
    warnings: Sequence[str] = ()
    tables: Sequence[Table] = ()
    sentences: Sequence[str] = ()

    def drawn(self, width: int) -> Group:
        """Return the page for a terminal of that width."""
        title, *warnings = Text(self.title, style="bold"), *(Text(each, "yellow") for each in self.warnings)
        tables = [part for table in self.tables for part in ("", drawn(table, width))]
        return Group(title, *warnings, *tables, "", *map(Text, self.sentences), "")


def page_of(results: Results, summary: pl.DataFrame, judged: pl.DataFrame) -> Page:
    """Return the page of a result; `judged` holds its claims as `judge` returns them."""
    verdicts = [
        f"{claim['verdict'].capitalize()}: {claim['sentence']} ({claim['evidence']})."
        for claim in judged.to_dicts()
    ]
    return Page(
        f"{results.name}: {results.environment['experiment']['question']}",
        [f"Careful: {warning}." for warning in results.environment.get("warnings", ())],
        [table for table in narrow_tables(results, summary) if table.rows],
        [*findings(results, summary), *verdicts],
    )
