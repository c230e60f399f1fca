"""What was measured and what follows from it: for the command line, for Python and for a notebook."""

import os
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
from rich.console import Group
from rich.text import Text

from lab.analysis.claims import SCHEMA, judge
from lab.analysis.derived import DerivedTable, derive
from lab.analysis.stats import summarise
from lab.catalog.experiments import find_here
from lab.core.errors import LabError, attempted
from lab.core.experiment import Experiment
from lab.core.words import many
from lab.present.figures.draw import Drawing
from lab.present.sentences import comparisons
from lab.present.tables.results import narrow_tables
from lab.present.tables.table import Table
from lab.present.tables.terminal import drawn, text
from lab.present.templates import lines, pages
from lab.store.files import replace_file
from lab.store.folders import ResultsFolder
from lab.store.reading import Results, read

LARGEST_SVG = 1 << 19  # bytes; a drawing with more marks than that is shown as PNG
WIDTH = 100


class Page(NamedTuple):
    """What the terminal and a notebook show of a result: its title, warnings, tables, and sentences."""

    title: str
    warnings: Sequence[str] = ()
    tables: Sequence[Table] = ()
    sentences: Sequence[str] = ()

    def drawn(self, width: int) -> Group:
        """Return the page for a terminal of that width."""
        title, *warnings = Text(self.title, style="bold"), *(Text(each, "yellow") for each in self.warnings)
        tables = [part for table in self.tables for part in ("", drawn(table, width))]
        return Group(title, *warnings, *tables, "", *map(Text, self.sentences), "")


@dataclass(frozen=True, eq=False, repr=False)
class Findings(Results):
    """One experiment's results and what follows from them.

    environment: the machine, the interpreter, the seed and the command, as in environment.json. samples,
    trials, spans: rows as in the CSV files of these names; a trial's `reason` says why it failed.
    summary: a row for each case and metric, as in summary.csv. claims: a row for each claim, with its
    verdict and evidence. derived: the experiment's own tables. experiment: None where its file is not
    here. page: all of that in words and tables. faults: what could not be made, and why.
    """

    folder: Path
    summary: pl.DataFrame
    claims: pl.DataFrame
    derived: Sequence[DerivedTable]
    page: Page
    experiment: Experiment | None = None
    faults: Sequence[LabError] = ()

    @property
    def figures(self) -> list[Path]:
        """Return the figures' PNG files; beside each is the same as SVG."""
        return sorted(self.folder.glob("*.png"))

    @property
    def drawing(self) -> Drawing:
        """Return what is to be drawn: no figure where there is no summary."""
        figures = self.experiment.figures if self.experiment and self.summary.width else ()
        return Drawing(figures, Results(**held(self)), self.summary, self.folder)

    def __repr__(self) -> str:
        return f"<Findings of {self.name}: {many(self.trials.height, 'trial')} in {self.folder}>"

    def __str__(self) -> str:
        return text(self.page.drawn(WIDTH), WIDTH)

    def _repr_html_(self) -> str:
        pictures = {path.stem: picture(path) for path in self.figures}
        return pages().get_template("notebook.html").render(page=self.page, pictures=pictures)


def load(folder: str | os.PathLike[str]) -> Findings:
    """Return what is in a result's folder, such as "results/fetch", without measuring anything.

    The claims are those of the experiment's file as it is now, where it can be seen from here. Raises
    LabError where nothing is there, or where it is damaged.
    """
    folder = Path(folder)
    if not (folder / "environment.json").exists():
        there = ", ".join(str(folder / name) for name in ResultsFolder(folder).names())
        remedy = f"there are: {there}" if there else "lab.run(NAME)"
        raise LabError("is no result's folder", where=str(folder), remedy=remedy)
    results = read(folder)
    return findings(folder, results, find_here(results.name))


def findings(folder: Path, results: Results, experiment: Experiment | None) -> Findings:
    """Return results with what follows from them; without the experiment, no claims and no derived tables.

    Whatever cannot be made is one of the `faults`, and does not keep the rest from being made.
    """
    name, claims = results.name, experiment.claims if experiment else ()
    derived = list(derive(experiment.derived if experiment else (), results))
    faults = [table.fault for table in derived if table.fault]
    summary = attempted(lambda: summarise(results), pl.DataFrame(), f"{name}: not summarised", faults)
    no_claims = pl.DataFrame(schema=SCHEMA)
    judged = attempted(lambda: judge(claims, results), no_claims, f"{name}: claims not judged", faults)
    page = Page(f"{name}: {results.environment['experiment']['question']}")
    if summary.width:
        page = attempted(lambda: page_of(results, summary, judged), page, f"{name}: not shown", faults)
    none: list[str] = []
    says = attempted(lambda: sentences_of(derived), none, f"{name}: derived tables not in words", faults)
    page = page._replace(sentences=[*page.sentences, *says])
    made: dict[str, Any] = {"derived": derived, "page": page, "experiment": experiment, "faults": faults}
    return Findings(**held(results), folder=folder, summary=summary, claims=judged, **made)


def held(results: Results) -> dict[str, Any]:
    """Return name -> value of what every kind of results holds: its environment, axes and rows."""
    return {each.name: getattr(results, each.name) for each in fields(Results)}


def page_of(results: Results, summary: pl.DataFrame, judged: pl.DataFrame) -> Page:
    """Return the page of a result; `judged` holds its claims as `judge` returns them."""
    return Page(
        f"{results.name}: {results.environment['experiment']['question']}",
        [f"Careful: {warning}." for warning in results.environment.get("warnings", ())],
        [table for table in narrow_tables(results, summary) if table.rows],
        [*comparisons.findings(results, summary), *lines("verdicts", claims=judged.to_dicts())],
    )


def sentences_of(derived: Sequence[DerivedTable]) -> list[str]:
    """Return what derived tables say; the macro of a table's kind in `sentences.jinja` has the words."""
    says = []
    for kind, rows in [(table.kind, table.rows) for table in derived if table.rows is not None]:
        axes = [name for name, dtype in rows.schema.items() if dtype == pl.String and name != "metric"]
        says += lines(kind, rows=rows.to_dicts(), axes=axes)
    return says


def write_tables(result: Findings) -> None:
    """Write summary.csv and the derived tables; remove one of an earlier run that cannot be made now."""
    if result.summary.width:
        replace_file(result.folder / "summary.csv", result.summary.write_csv().encode())
    for table in result.derived:
        if table.rows is None:
            (result.folder / table.file).unlink(missing_ok=True)
        else:
            replace_file(result.folder / table.file, table.rows.write_csv().encode())


def picture(png: Path) -> str:
    """Return a figure as a URL that holds it: the SVG, which is sharp at any size, unless it is large."""
    svg = png.with_suffix(".svg")
    small = svg.exists() and svg.stat().st_size <= LARGEST_SVG
    path, kind = (svg, "svg+xml") if small else (png, "png")
    return f"data:image/{kind};base64,{b64encode(path.read_bytes()).decode()}"
