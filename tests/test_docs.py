"""The pages in docs/ name every command, keyword, column and package of the lab, and their links work.

`python tests/test_docs.py` writes the generated parts anew.
"""

import ast
import csv
import dataclasses
import importlib
import importlib.util
import json
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main
from runs import run_lab

import lab
from lab.analysis.predict import extrapolation, scaling
from lab.analysis.stats import summarise
from lab.catalog.experiments import find
from lab.cli import app
from lab.core.experiment import Experiment
from lab.core.work import Model, Span, Workload
from lab.store.reading import read
from lab.store.records import SAMPLE, SPAN, STATUSES, TRIAL, TRIAL_END
from lab.trial.batch import Batch
from lab.trial.validity import Expected

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
REFERENCE = ROOT / "results" / "reference"
PAGES = [*ROOT.glob("*.md"), *DOCS.glob("*.md"), *(ROOT / "findings").glob("*.md")]
PART = re.compile(r"(<!-- generated (\w+): [^>]*-->\n).*?(<!-- end of generated -->)", re.DOTALL)
COMMANDS: dict[str, Any] = typer.main.get_command(app).commands  # type: ignore[attr-defined]
EVENTS = "lab.present.events"


def commands() -> Iterator[str]:
    """Yield a section for each command: what it does, its arguments and its options."""
    for name, command in COMMANDS.items():
        text, _, example = command.help.partition("Example: ")
        yield from ("", f"## lab {name}", "", " ".join(text.split()), "", f"    {example.strip()}", "")
        yield from ("| argument or option | value | default | what it is |", "|---|---|---|---|")
        yield from (row(each) for each in command.params)


def row(parameter: Any) -> str:
    """Return the row of an argument or an option."""
    is_option = parameter.param_type_name == "option"
    name = ", ".join(f"`{flag}`" for flag in parameter.opts) if is_option else parameter.name.upper()
    cells = (name, value_of(parameter), default_of(parameter), " ".join((parameter.help or "").split()))
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def value_of(parameter: Any) -> str:
    """Return in words which values a parameter takes."""
    kind = parameter.type
    if getattr(parameter, "is_flag", False):
        return ""
    if getattr(kind, "choices", None):
        return ", ".join(f"`{getattr(choice, 'value', choice)}`" for choice in kind.choices)
    bounds = [f"from {kind.min:g}"] if getattr(kind, "min", None) is not None else []
    bounds += [f"to {kind.max:g}"] if getattr(kind, "max", None) is not None else []
    number = kind.name.startswith(("int", "float"))
    word = parameter.metavar or ("number" if number else {"str": "text"}.get(kind.name, kind.name))
    return " ".join([word, *bounds])


def default_of(parameter: Any) -> str:
    """Return the default as one would type it; "required" where there is none to leave out."""
    if parameter.required:
        return "required"
    if isinstance(getattr(parameter, "show_default", None), str):
        return str(parameter.show_default)
    if parameter.default is None or callable(parameter.default) or getattr(parameter, "is_flag", False):
        return ""
    return f"`{getattr(parameter.default, 'value', parameter.default)}`"


def events() -> Iterator[str]:
    """Yield a row for each event of a run: its name, its fields, and when it happens."""
    module = importlib.import_module(EVENTS)
    yield from ("| event | fields | what happened |", "|---|---|---|")
    kinds = [kind for kind in vars(module).values() if isinstance(kind, type) and kind is not module.Event]
    for kind in (kind for kind in kinds if issubclass(kind, module.Event)):
        name = re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()
        keys = ", ".join(f"`{each.name}`" for each in dataclasses.fields(kind))
        yield f"| `{name}` | {keys} | {' '.join(kind.__doc__.split())} |"


def packages() -> Iterator[str]:
    """Yield a row for each package of the lab, the highest layer first, with its first sentence."""
    yield from ("| layer | package | what it is |", "|--:|---|---|")
    for level, layer in enumerate(layers(), start=1):
        for name in layer:
            path = ROOT / "lab" / name
            source = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
            says = (ast.get_docstring(ast.parse(source.read_text())) or "").partition("\n\n")[0]
            link = f"[`lab/{name}{'/' if path.is_dir() else '.py'}`](../{source.parent.relative_to(ROOT)})"
            yield f"| {level} | {link} | {' '.join(says.split())} |"


def layers() -> list[list[str]]:
    """Return the packages of the layers contract, the highest layer first."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (contract,) = [each for each in contracts if each["type"] == "layers"]
    return [re.findall(r"\w+", layer) for layer in contract["layers"]]


PARTS: dict[str, Callable[[], Iterator[str]]] = {"commands": commands, "packages": packages}
if importlib.util.find_spec(EVENTS):
    PARTS["events"] = events


def rewritten(text: str) -> str:
    """Return a page with every generated part as it is now."""
    return PART.sub(
        lambda part: (
            part[1] + "\n".join(PARTS[part[2]]()) + "\n" + part[3] if part[2] in PARTS else part[0]
        ),
        text,
    )


def in_code(page: str) -> set[str]:
    """Return every name that stands between backticks on a page."""
    return {
        word
        for code in re.findall(r"`([^`\n]+)`", (DOCS / page).read_text())
        for word in re.findall(r"\w+", code)
    }


@pytest.mark.parametrize("page", ["architecture.md", "commands.md"])
def test_the_generated_parts_are_those_of_the_lab(page: str):
    text = (DOCS / page).read_text()
    assert PART.search(text)
    assert rewritten(text) == text, "python tests/test_docs.py mends it"


def test_every_command_explains_itself_with_an_example():
    for name, command in COMMANDS.items():
        assert f"Example: lab {name}" in command.help


def test_a_default_that_is_described_in_words_is_in_the_help(tmp_path: Path):
    assert "[default: (random)]" in run_lab("run", "--help", cwd=tmp_path).out


@pytest.mark.parametrize(
    ("described", "page"), [(Experiment, "experiments"), (Workload, "experiments"), (Model, "models")]
)
def test_every_keyword_of_a_declaration_is_described(described: Any, page: str):
    rows = re.findall(r"^\| (`.*?) \|", (DOCS / f"{page}.md").read_text(), re.MULTILINE)
    names = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert {each.name for each in dataclasses.fields(described)} - names == set()


def test_every_name_that_an_experiment_may_use_is_described():
    shown_elsewhere = {"run", "load", "Findings", "textbook"}
    assert set(lab.__all__) - in_code("experiments.md") - shown_elsewhere <= {"Case", "Span", "Value"}


def written_by_the_lab() -> set[str]:
    """Return the columns that the lab itself writes, but for the axes."""
    span = Span(0, 0, 0, 1, "w")
    counts = dict.fromkeys(("requests", "new_connections", "peak_in_flight", "server_cpu_s"), 0.0)
    outcome = type("Outcome", (), {"span": span})
    metrics = Batch(Workload(abs), [0], [outcome], None, counts).metrics(Expected(1, 1), None)  # type: ignore[list-item]
    results = read(REFERENCE / "cpu")
    derived = [*summarise(results).columns, *scaling.SCHEMA, *extrapolation.NUMBERS]
    return {*SAMPLE, *TRIAL, *TRIAL_END, *SPAN, *metrics, "void", *derived} - set(results.axes)


def written_by_experiments() -> Iterator[tuple[str, str]]:
    """Yield each experiment and column of the reference samples, but for the axes."""
    for path in sorted(REFERENCE.glob("*/samples.csv")):
        axes = json.loads((path.parent / "environment.json").read_text())["experiment"]["axes"]
        with path.open(newline="") as file:
            yield from ((path.parent.name, name) for name in next(csv.reader(file)) if name not in axes)


def test_every_column_that_the_lab_writes_is_described():
    assert written_by_the_lab() - in_code("results.md") == set()
    assert set(STATUSES) - in_code("results.md") == set()


def test_every_column_that_an_experiment_writes_is_described():
    known, models = (
        in_code("results.md"),
        "|".join(path.stem for path in (ROOT / "lab" / "models").glob("[!_]*.py")),
    )
    for experiment, name in written_by_experiments():
        pattern = re.sub(rf"^({models})_(naive|lab)", "MODEL_FORM", name)
        assert re.sub(r"_(naive|lab)$", "_FORM", pattern) in known, (experiment, name)


def test_every_part_of_environment_json_is_described():
    environment = json.loads((REFERENCE / "fetch" / "environment.json").read_text())
    nested = {name for value in environment.values() if isinstance(value, dict) for name in value}
    kept = {*environment["packages"], *environment["metrics"]}
    assert {*environment, *nested} - kept - in_code("results.md") == set()


def test_every_example_in_python_is_valid_and_the_readmes_experiment_has_no_fault(
    tmp_path: Path, unloaded: None
):
    blocks = [
        (page, code)
        for page in PAGES
        for code in re.findall(r"```python\n(.*?)```", page.read_text(), re.S)
    ]
    for page, code in blocks:
        compile(code, str(page), "exec")
    (mine,) = [
        code for page, code in blocks if page.name == "README.md" and "experiment = Experiment(" in code
    ]
    (tmp_path / "mine.py").write_text(mine)
    assert find(str(tmp_path / "mine.py")).fault is None


def test_every_link_leads_somewhere():
    for page in PAGES:
        text = page.read_text()
        for target, anchor in re.findall(r"\]\((?!https?:)([^)#]*)#?([^)]*)\)", text):
            path = (page.parent / target) if target else page
            assert path.exists(), (page.name, target)
            headings = re.findall(r"^#+ (.*)$", path.read_text(), re.MULTILINE) if anchor else []
            slugs = {
                re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-") for heading in headings
            }
            assert not anchor or anchor in slugs, (page.name, target, anchor)


def test_every_file_that_a_page_names_is_there():
    folders = "|".join(("benchmarks", "docs", "experiments", "findings", "lab", "tests"))
    for page in PAGES:
        named = re.findall(rf"`((?:{folders})/[\w/.]+)`", page.read_text())
        for name in named if page.name != "CHANGELOG.md" else ():
            assert "NAME" in name or (ROOT / name).exists(), (page.name, name)


def test_a_package_that_lists_its_files_lists_all_of_them():
    listing = 0
    for package in sorted((ROOT / "lab").rglob("__init__.py")):
        docstring = ast.get_docstring(ast.parse(package.read_text()), clean=False) or ""
        named = set(re.findall(r"^ *(\w+\.py)  ", docstring, re.MULTILINE))
        there = {path.name for path in package.parent.glob("*.py")} - {"__init__.py"}
        assert named in (set(), there), (package, named ^ there)
        listing += bool(named)
    assert listing >= 5


if __name__ == "__main__":
    for page in DOCS.glob("*.md"):
        page.write_text(rewritten(page.read_text()))
