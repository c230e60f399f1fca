"""`lab claims`: the verdict on every claim and every statement, over all results."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import typer

from lab.cli.options import Json, Out, complain_of, print_json, print_tables
from lab.core.errors import LabError
from lab.store.folders import RESULTS

if TYPE_CHECKING:
    from lab.present.tables.table import Cell

Rows = list[dict[str, Any]]
OTHERS = {"statement": None, "sentence": "Claims on other matters", "verdict": ""}


def claims(out: Out = RESULTS, as_json: Json = False) -> None:
    """Print the verdict on every claim of every experiment that was run, and write them to claims.csv.

    Example: lab claims --out results/reference
    """
    from lab.analysis.claims.over_results import judge_results, on_statements
    from lab.present.tables.table import Column, Table
    from lab.store.files import replace_file

    judged, faults = judge_results(out)
    failed = complain_of(faults)
    if judged.is_empty():
        raise LabError("no result has claims", where=str(out), remedy="lab run all")
    replace_file(out / "claims.csv", judged.write_csv().encode())
    verdicts = {"statements": on_statements(judged).to_dicts(), "claims": judged.to_dicts()}
    if as_json:
        print_json(verdicts)
    else:
        columns = [Column("", number=True, axis=True), Column(""), Column("")]
        print_tables([Table("", columns, list(rows(**verdicts)))])
    if failed:
        raise typer.Exit(1)


def rows(statements: Rows, claims: Rows) -> "Iterator[list[Cell]]":
    """Yield a row for each statement, and below it one for each claim on it; then the other claims."""
    from lab.present.tables.table import Cell

    for row in [*statements, OTHERS]:
        number, sentence = row["statement"], Cell(row["sentence"], strong=True)
        yield [Cell(f"{number}." if number else ""), Cell(verdict=row["verdict"]), sentence]
        for claim in claims:
            if claim["statement"] == number:
                text = f"{claim['experiment']}: {claim['sentence']} ({claim['evidence']})"
                yield [Cell(), Cell(verdict=claim["verdict"]), Cell(text)]
