"""The README's table, figures and commands are those of the lab: nothing there can go stale unseen.

`python tests/test_readme.py` writes the table anew.
"""

import re
from pathlib import Path

import polars as pl

from lab.figures.units import unit_of
from lab.stats.words import digits, interval
from lab.store.reading import read

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
REFERENCE = ROOT / "results" / "reference"
TABLE = re.compile(r"(<!-- table: [^>]*-->\n).*?(<!-- end of table -->)", re.DOTALL)


def table() -> str:
    """Return fetch's cases with 14 tasks and a worker each as a Markdown table."""
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
    return "\n".join(lines) + "\n"


def test_the_readmes_table_is_the_one_in_the_reference_results():
    found = TABLE.search(README.read_text())
    assert found, "the README has no table"
    right = found.group(1) + table() + found.group(2)
    assert found.group(0) == right, "python tests/test_readme.py mends it"


def test_every_figure_in_the_readme_is_committed():
    figures = re.findall(r"!\[[^]]+\]\(([^)]+)\)", README.read_text())
    assert len(figures) >= 2
    for figure in figures:
        assert (ROOT / figure).is_file(), figure


def test_every_experiment_has_a_complete_reference_result():
    for path in (ROOT / "experiments").glob("*.py"):
        results = read(REFERENCE / path.stem)
        plan = results.environment["plan"]
        cases = results.environment["experiment"]["cases"]
        again = [case for case in cases if case["model"] == results.environment["experiment"]["baseline"]]
        assert results.trials.height == (len(cases) + len(again)) * plan["rounds"]
        assert plan["rounds"] >= 5
        assert set(results.trials["status"]) == {"ok"}
        for kind in ("png", "svg"):
            assert list((REFERENCE / path.stem).glob(f"*.{kind}"))


def test_the_reference_summary_follows_from_the_reference_samples():
    from lab.stats import summarise

    for folder in REFERENCE.iterdir():
        assert summarise(read(folder)).write_csv() == (folder / "summary.csv").read_text(), folder.name


def test_every_command_and_option_stands_in_the_readme():
    import typer.main

    from lab.cli import app

    text = README.read_text()
    commands = typer.main.get_command(app).commands
    for name in commands:
        assert f"lab {name}" in text, name
    for option in (flag for parameter in commands["run"].params for flag in parameter.opts):
        if option.startswith("--"):
            assert f"`{option}" in text, option


def test_every_command_explains_itself_with_an_example():
    import typer.main

    from lab.cli import app

    for name, command in typer.main.get_command(app).commands.items():
        assert f"Example: lab {name}" in command.help


if __name__ == "__main__":
    new = TABLE.sub(lambda found: found.group(1) + table() + found.group(2), README.read_text())
    README.write_text(new)
