"""The tables and figures of the README and of docs/ are those of the lab: none can go stale unseen.

`python tests/test_readme.py` writes the tables anew.
"""

import re
from collections.abc import Callable
from pathlib import Path

import polars as pl

from lab.analysis.claims import judge
from lab.analysis.claims.statements import on_statements
from lab.catalog.experiments import find
from lab.catalog.models import load_model
from lab.catalog.names import sentences
from lab.core.words import digits, interval
from lab.present.units import unit_of
from lab.store.reading import read

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
PAGES = (README, *sorted((ROOT / "docs").glob("*.md")))
REFERENCE = ROOT / "results" / "reference"
EXPERIMENTS = sorted(path.stem for path in (ROOT / "experiments").glob("[!_]*.py"))
TABLE = re.compile(r"(<!-- table (\w+): [^>]*-->\n).*?(<!-- end of table -->)", re.DOTALL)


def fetches() -> list[str]:
    """Return fetch's cases with 14 tasks and a worker each."""
    summary = pl.read_csv(REFERENCE / "fetch" / "summary.csv", infer_schema_length=None)
    rows = summary.filter(
        (pl.col("metric") == "makespan_s")
        & (pl.col("tasks") == 14)
        & ((pl.col("workers") == "all") | pl.col("workers").is_null())
    ).to_dicts()
    unit = unit_of("makespan_s", [row["median"] for row in rows])
    lines = [
        "| 14 fetches, all at once | makespan (95 % interval) | speedup | of asyncio | |",
        "|---|--:|--:|--:|---|",
    ]
    for row in rows:
        low, high = (digits(row[end] * unit.factor) for end in ("low", "high"))
        makespan = f"{unit.show(row['median'] * unit.factor)} ({low}–{high})"
        ratio = ""
        if row["ratio"] is not None and row["verdict"] != "baseline":
            ratio = interval(row["ratio"], row["ratio_low"], row["ratio_high"], unit="×")
        cells = (f"`{row['model']}`", makespan, f"{digits(row['speedup'])}×", ratio, row["verdict"] or "")
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def statements() -> list[str]:
    """Return the statements with their verdicts over all reference results."""
    judged = pl.concat(
        judge(find(name).experiment.claims, read(REFERENCE / name)).with_columns(experiment=pl.lit(name))
        for name in EXPERIMENTS
    )
    lines = ["| | statement | verdict | measured by |", "|--:|---|---|---|"]
    for row in on_statements(judged).to_dicts():
        mine = judged.filter(pl.col("statement") == row["statement"])["experiment"].unique().sort()
        told = (
            str(row["statement"]),
            row["sentence"],
            row["verdict"],
            ", ".join(f"`{name}`" for name in mine),
        )
        lines.append(f"| {' | '.join(told)} |")
    return lines


def predictions() -> list[str]:
    """Return what sizes up to a thousand foretold of larger ones, beside what was measured."""
    rows = pl.read_csv(REFERENCE / "in_flight" / "prediction.csv").to_dicts()
    lines = [
        "| in flight | | predicted (95 % interval) | measured | off by |",
        "|---|---|--:|--:|--:|",
    ]
    for row in rows:
        unit = unit_of(row["metric"], [row["measured"]])
        numbers = [row[name] * unit.factor for name in ("predicted_low", "predicted_high")]
        foretold = (
            f"{unit.show(row['predicted'] * unit.factor)} ({digits(numbers[0])}–{digits(numbers[1])})"
        )
        off = f"{100 * (row['predicted'] / row['measured'] - 1):+.0f} %".replace("-", "−")
        case = f"{row['in_flight']:,} by `{row['model']}`"
        lines.append(
            f"| {case} | {unit.words} | {foretold} | {unit.show(row['measured'] * unit.factor)} | {off} |"
        )
    return lines


def experiments() -> list[str]:
    """Return the experiments with their questions."""
    found = {name: find(name).experiment.question for name in EXPERIMENTS}
    return [
        "| experiment | question |",
        "|---|---|",
        *(f"| `{name}` | {says} |" for name, says in found.items()),
    ]


def models() -> list[str]:
    """Return the models with the sentence that describes each, and the traits that matter to a reader."""
    lines = ["| model | what it is | workers | start | pickles |", "|---|---|---|---|---|"]
    for name, text in sentences("models").items():
        model = load_model(name)
        start = "in the batch" if model.starts_in_batch else "before"
        traits = (model.workers_in, start, "yes" if model.pickles else "")
        lines.append(f"| {' | '.join((f'`{name}`', text, *traits))} |")
    return lines


TABLES: dict[str, Callable[[], list[str]]] = {
    "fetch": fetches,
    "statements": statements,
    "prediction": predictions,
    "experiments": experiments,
    "models": models,
}


def rewritten(text: str) -> str:
    """Return a page with every table as it is now."""
    return TABLE.sub(lambda found: found[1] + "\n".join(TABLES[found[2]]()) + "\n" + found[3], text)


def test_the_tables_are_those_of_the_lab_and_its_reference_results():
    texts = [page.read_text() for page in PAGES]
    assert sorted(found[1] for text in texts for found in TABLE.findall(text)) == sorted(TABLES)
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
    from lab.analysis.stats import summarise
    from lab.core.work import AA_SUFFIX
    from lab.store.formats import FIRST_AA_SUFFIX, is_first

    for name in EXPERIMENTS:
        folder = REFERENCE / name
        results = read(folder)
        stored = (folder / "summary.csv").read_text()
        if is_first(results.environment):  # whose label of the control is mapped
            stored = stored.replace(FIRST_AA_SUFFIX, AA_SUFFIX)
        assert summarise(results).write_csv() == stored, name


if __name__ == "__main__":
    for page in PAGES:
        page.write_text(rewritten(page.read_text()))
