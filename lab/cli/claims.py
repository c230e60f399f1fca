"""`lab claims`: what the measurements say of every claim, over all results."""

from pathlib import Path

from lab.cli.guard import complain
from lab.cli.options import RESULTS, Json, Out, print_json
from lab.core.errors import LabError

STYLES = {"supported": "green", "refuted": "red", "undecided": "yellow"}


def claims(out: Out = RESULTS, as_json: Json = False) -> None:
    """Print the verdict on every claim of every experiment that was run, and write them to claims.csv.

    Example: lab claims --out results/reference
    """
    from lab.analysis.claims.statements import on_statements
    from lab.present.derive import write_claims

    judged, faults = write_claims(Path(out))
    for fault in faults:
        complain(fault)
    if judged.is_empty():
        raise LabError("no result has claims", where=str(out), remedy="lab run all")
    statements = on_statements(judged)
    if as_json:
        print_json({"statements": statements.to_dicts(), "claims": judged.to_dicts()})
        return
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
        said = _said(row["verdict"], Text(row["sentence"], style="bold"))
        table.add_row(f"{number}." if number else "", *said)
        for claim in judged.to_dicts():
            if claim["statement"] == number:
                told = Text(f"{claim['experiment']}: {claim['sentence']} ({claim['evidence']})")
                table.add_row("", *_said(claim["verdict"], told))
    console.print(table)


def _said(verdict: str, words: "Text") -> tuple["Text", "Text"]:  # type: ignore[name-defined]  # noqa: F821
    from rich.text import Text

    return Text(verdict, style=STYLES.get(verdict, "")), words
