"""`lab claims`: the verdict on every claim and every statement, over all results."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import typer

from lab.cli.options import Json, Out, complain_of, print_json
from lab.core.errors import LabError
from lab.store.folders import RESULTS

if TYPE_CHECKING:
    import polars as pl

    from lab.present.tables.table import Cell


def claims(out: Out = RESULTS, as_json: Json = False) -> None:
    """Print the verdict on every claim of every experiment that was run, and write them to claims.csv.

    Example: lab claims --out results/reference
    """
    from lab.analysis.claims.over_results import judge_results
    from lab.analysis.claims.statements import on_statements
    from lab.store.files import replace_file

    judged, faults = judge_results(out)
    failed = complain_of(faults)
    if judged.is_empty():
        raise LabError("no result has claims", where=str(out), remedy="lab run all")
    replace_file(out / "claims.csv", judged.write_csv().encode())
    statements = on_statements(judged)
    if as_json:
        print_json({"statements": statements.to_dicts(), "claims": judged.to_dicts()})
    else:
        show(statements, judged)
    if failed:
        raise typer.Exit(1)


def show(statements: "pl.DataFrame", judged: "pl.DataFrame") -> None:
    """Print a line for each statement, and below it one for each claim on it; then the other claims."""
    from rich.console import Console

    from lab.present.tables.table import Column, Table
    from lab.present.tables.terminal import drawn

    console = Console(highlight=False)
    columns = [Column("", number=True, axis=True), Column(""), Column("")]
    console.print(drawn(Table("", columns, list(rows(statements, judged))), console.width))


def rows(statements: "pl.DataFrame", judged: "pl.DataFrame") -> "Iterator[list[Cell]]":
    """Yield a row for each statement, and below it one for each claim on it; then the other claims."""
    from lab.present.tables.table import Cell

    others = {"statement": None, "sentence": "Claims on other matters", "verdict": ""}
    for row in [*statements.to_dicts(), others]:
        number = row["statement"]
        yield [
            Cell(f"{number}." if number else ""),
            Cell(verdict=row["verdict"]),
            Cell(row["sentence"], strong=True),
        ]
        for claim in judged.to_dicts():
            if claim["statement"] == number:
                text = f"{claim['experiment']}: {claim['sentence']} ({claim['evidence']})"
                yield [Cell(), Cell(verdict=claim["verdict"]), Cell(text)]
