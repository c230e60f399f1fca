"""All that is said of one result: question, warnings, tables, and what follows from them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl
from rich.console import Console
from rich.table import Table
from rich.text import Text

from lab.present.figures.cells import row_axis
from lab.present.sentences import sentences
from lab.present.tables import facts
from lab.present.tables.costs import costs
from lab.present.tables.makespans import blocks, table
from lab.store.reading import Results


@dataclass(frozen=True, slots=True)
class Page:
    """A result's title, what speaks against trusting it, its tables, and the sentences below them."""

    title: str
    warnings: Sequence[str]
    tables: Sequence[Table | Text]
    sentences: Sequence[str]

    def show(self, console: Console) -> None:
        """Write the page on a console."""
        console.print(Text(self.title, style="bold"))
        for warning in self.warnings:
            console.print(Text(warning, style="yellow"))
        for drawn in self.tables:
            console.print()
            console.print(drawn)
        console.print()
        for sentence in self.sentences:
            console.print(Text(sentence))
        console.print()


def page_of(results: Results, summary: pl.DataFrame, judged: pl.DataFrame) -> Page:
    """Return the page of a result; `judged` holds its claims as `judge` returns them."""
    verdicts = [
        f"{claim['verdict'].capitalize()}: {claim['sentence']} ({claim['evidence']})."
        for claim in judged.iter_rows(named=True)
    ]
    return Page(
        f"{results.name}: {results.environment['experiment']['question']}",
        [f"Careful: {warning}." for warning in results.environment.get("warnings", ())],
        list(tables_of(results, summary)),
        [*sentences(results, summary), *verdicts],
    )


def tables_of(results: Results, summary: pl.DataFrame) -> Iterator[Table | Text]:
    """Yield a workload's makespans and costs block by block; else a table of all that was measured."""
    rows = summary.filter(pl.col("metric") == "makespan_s").to_dicts()
    if "service_s" not in results.samples.columns or not rows:
        yield from facts.tables(results, summary)
        return
    in_batch = set(results.environment["experiment"].get("starts_in_batch", ()))
    for title, block in blocks(rows, results.axes):
        yield table(title, "makespan_s", block, results)
        yield costs(summary, block, results.axes, row_axis(results.axes), in_batch)
