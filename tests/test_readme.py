"""The tables and figures of the README and of docs/ are those of the lab: none can go stale unseen.

`python tests/test_readme.py` writes the tables anew.
"""

import re
from collections.abc import Callable
from pathlib import Path

import polars as pl

from lab.analysis.claims import judge
from lab.analysis.claims.over_results import on_statements
from lab.analysis.stats import summarise
from lab.catalog.experiments import find
from lab.catalog.models import load_model
from lab.catalog.names import sentences
from lab.present.tables.exports import markdown
from lab.present.tables.results import narrow_tables
from lab.present.tables.table import Cell, Column, Table
from lab.present.units import unit_of
from lab.store.reading import read

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
PAGES = (README, *sorted((ROOT / "docs").glob("*.md")))
REFERENCE = ROOT / "results" / "reference"
EXPERIMENTS = sorted(path.stem for path in (ROOT / "experiments").glob("[!_]*.py"))
TABLE = re.compile(r"(<!-- table (\w+): [^>]*-->\n).*?(<!-- end of table -->)", re.DOTALL)


def table_of(columns: list[str], rows: list[list[str]], numbers: int = 0) -> Table:
    """Return a table of plain texts, whose last `numbers` columns are numbers."""
    last = len(columns) - numbers
    made = [Column(heading, number=index >= last) for index, heading in enumerate(columns)]
    return Table("", made, [[Cell(text) for text in row] for row in rows])


def fetches() -> Table:
    """Return fetch's makespans with 14 tasks and a worker each."""
    results = read(REFERENCE / "fetch")
    shown = {table.title: table for table in narrow_tables(results, summarise(results))}
    return shown["Makespans at tasks=14, workers=all"]


def statements() -> Table:
    """Return the statements with their verdicts over all reference results."""
    judged = pl.concat(
        judge(find(name).experiment.claims, read(REFERENCE / name)).with_columns(experiment=pl.lit(name))
        for name in EXPERIMENTS
    )
    rows = []
    for row in on_statements(judged).to_dicts():
        mine = judged.filter(pl.col("statement") == row["statement"])["experiment"].unique().sort()
        measured_by = ", ".join(f"`{name}`" for name in mine)
        rows.append([str(row["statement"]), row["sentence"], row["verdict"], measured_by])
    return table_of(["", "statement", "verdict", "measured by"], rows)


def predictions() -> Table:
    """Return what sizes up to a thousand predict of larger ones, beside what was measured."""
    rows = []
    for row in pl.read_csv(REFERENCE / "in_flight" / "prediction.csv").to_dicts():
        unit = unit_of(row["metric"], [row["measured"]])
        low, high = (unit.digits(row[name]) for name in ("predicted_low", "predicted_high"))
        predicted = f"{unit.show(row['predicted'] * unit.factor)} ({low}-{high})"
        off = f"{100 * (row['predicted'] / row['measured'] - 1):+.0f} %".replace("-", "−")
        case = f"{row['in_flight']:,} by `{row['model']}`"
        measured = unit.show(row["measured"] * unit.factor)
        rows.append([case, unit.words, predicted, measured, off])
    columns = ["in flight", "", "predicted (95 % interval)", "measured", "off by"]
    return table_of(columns, rows, numbers=3)


def experiments() -> Table:
    """Return the experiments with their questions."""
    rows = [[f"`{name}`", find(name).experiment.question] for name in EXPERIMENTS]
    return table_of(["experiment", "question"], rows)


def models() -> Table:
    """Return the models with the sentence that describes each, and the traits that matter to a reader."""
    rows = []
    for name, text in sentences("models").items():
        model = load_model(name)
        start = "in the batch" if model.starts_in_batch else "before"
        rows.append([f"`{name}`", text, model.workers_in, start, "yes" if model.pickles else ""])
    return table_of(["model", "what it is", "workers", "start", "pickles"], rows)


TABLES: dict[str, Callable[[], Table]] = {
    "fetch": fetches,
    "statements": statements,
    "prediction": predictions,
    "experiments": experiments,
    "models": models,
}


def rewritten(text: str) -> str:
    """Return a page with every table as it is now."""
    return TABLE.sub(lambda matches: matches[1] + markdown(TABLES[matches[2]]()) + matches[3], text)


def test_the_tables_are_those_of_the_lab_and_its_reference_results():
    texts = [page.read_text() for page in PAGES]
    assert sorted(matches[1] for text in texts for matches in TABLE.findall(text)) == sorted(TABLES)
    assert [rewritten(text) for text in texts] == texts, "python tests/test_readme.py mends it"


def test_the_readme_is_short_and_every_figure_in_it_is_committed():
    text = README.read_text()
    assert len(text.splitlines()) <= 250
    figures = re.findall(r"!\[[^]]+\]\(([^)]+)\)", text)
    assert len(figures) >= 2
    for figure in figures:
        assert (ROOT / figure).is_file(), figure


def test_every_experiment_has_a_complete_reference_result():
    for name in EXPERIMENTS:
        results, experiment = read(REFERENCE / name), find(name).experiment
        rounds = results.environment["plan"]["rounds"]
        tried = results.trials.group_by(results.axes).len()
        assert rounds >= 5
        assert set(tried["len"]) == {rounds}, name
        assert tried.height >= len(results.environment["experiment"]["cases"]), name
        assert set(results.trials["status"]) <= {"ok", "skipped"}, name
        for kind in ("png", "svg"):
            assert len(list((REFERENCE / name).glob(f"*.{kind}"))) == len(experiment.figures), name


def test_the_reference_summary_follows_from_the_reference_samples():
    from lab.core.work import AA_SUFFIX
    from lab.store.first_format import AXES, FIRST_AA_SUFFIX, VALUES, is_first

    renamed = {FIRST_AA_SUFFIX: AA_SUFFIX} | AXES | VALUES["how"]

    for name in EXPERIMENTS:
        folder = REFERENCE / name
        results = read(folder)
        stored = (folder / "summary.csv").read_text()
        for old, new in renamed.items() if is_first(results.environment) else ():
            stored = stored.replace(old, new)
        assert summarise(results).write_csv() == stored, name


if __name__ == "__main__":
    for page in PAGES:
        page.write_text(rewritten(page.read_text()))
