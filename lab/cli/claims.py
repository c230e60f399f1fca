"""`lab claims`: the verdict on every claim and every statement, over all results."""

from typing import TYPE_CHECKING

import typer

from lab.cli.options import Json, Out, complain_of, print_json
from lab.core.errors import LabError
from lab.store.folders import RESULTS

if TYPE_CHECKING:
    import polars as pl
    from rich.text import Text

STYLES = {"supported": "green", "refuted": "red", "undecided": "yellow"}


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
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False)
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column("statement", justify="right", no_wrap=True)
    table.add_column("verdict", no_wrap=True)
    table.add_column("sentence")
    others = {"statement": None, "sentence": "Claims on other matters", "verdict": ""}
    for row in [*statements.to_dicts(), others]:
        number = row["statement"]
        statement = Text(row["sentence"], style="bold")
        table.add_row(f"{number}." if number else "", verdict(row["verdict"]), statement)
        for claim in judged.to_dicts():
            if claim["statement"] == number:
                text = f"{claim['experiment']}: {claim['sentence']} ({claim['evidence']})"
                table.add_row("", verdict(claim["verdict"]), Text(text))
    console.print(table)


def verdict(word: str) -> "Text":
    """Return a verdict in its colour."""
    from rich.text import Text

    return Text(word, style=STYLES.get(word, ""))
