"""What the doctor says, as tables: the machine, the baseline against itself, the server; and what to mend.

The words are in `sentences.jinja`. What disturbs any benchmark, such as a clock that varies, interrupts, or
cores that are not isolated, is found by `pyperf system show` and mended by `pyperf system tune`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from lab.analysis.stats.intervals import FEWEST_ROUNDS
from lab.doctor.pairs import MOST_ROUNDS
from lab.present.tables.cells import ratio
from lab.present.tables.table import Cell, Column, Table
from lab.present.templates import lines, say

MACHINE = ("system", "cores", "load", "files", "processes", "Python", "models", "packages")
PAIRS, RESOLVED = ("takes", "failed", "resolves"), ("noise", "needs", "found")


def tables(report: Mapping[str, Any]) -> list[Table]:
    """Return the report as tables."""
    facts, server = report["facts"], report["server"]
    shown = [
        described("This machine", {name: say(f"doctor_{name.lower()}", facts=facts) for name in MACHINE})
    ]
    for work, judged in report["pairs"].items():
        names = PAIRS if judged["resolution"] is None else PAIRS + RESOLVED
        limits = {"resolves": {"fewest": FEWEST_ROUNDS}, "needs": {"most": MOST_ROUNDS}}
        says = {name: say(f"doctor_{name}", judged=judged, **limits.get(name, {})) for name in names}
        shown += [described(f"The baseline against itself: {work} work", says), verdicts(judged["pairs"])]
    speeds = {kind: say("doctor_server", each=each, kind=kind) for kind, each in server.items()}
    return [*shown, described("The server, on one core", speeds)]


def remedies(facts: Mapping[str, Any]) -> list[str]:
    """Return a sentence or two for each thing to mend; empty for a machine in good order."""
    return lines("doctor_remedies", facts=facts)


def described(title: str, says: Mapping[str, str]) -> Table:
    """Return a table of names and what each is, but for those of which there is nothing to say."""
    rows = [[Cell(name), Cell(text)] for name, text in says.items() if text]
    return Table(title, [Column("", axis=True), Column("")], rows)


def verdicts(pairs: Sequence[Mapping[str, Any]]) -> Table:
    """Return a row for each pair: the ratio of one to the other with its interval, and the verdict."""
    columns = [Column("pair", number=True, axis=True), Column("ratio"), Column("verdict")]
    names = ("ratio", "ratio_low", "ratio_high")
    rows = [
        [Cell(pair["pair"]), ratio(pair, *names), Cell(verdict=pair["verdict"] or "none")] for pair in pairs
    ]
    return Table("", columns, rows)
