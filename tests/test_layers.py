"""What is imported, and what is not: a command is instant, and a trial measures no import."""

import ast
import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from builders import experiment_file
from runs import launched

import lab

HEAVY = ("matplotlib", "numpy", "polars", "scipy", "aiohttp", "requests", "psutil", "rich")
LOOPS = ("asyncio", "multiprocessing")
THREADS_CASE = """
from lab.catalog.models import load_model
from lab.trial.phases import prepared
from lab.workloads import currency
prepared(load_model("threads"), currency.fetch())
"""
ASYNCIO_CASE = THREADS_CASE.replace("threads", "asyncio")
HELP = "import sys; sys.argv = ['lab', '--help']; from lab.cli import main; main()"
LIST = HELP.replace("'--help'", "'list', '--json'")


def loaded(code: str) -> set[str]:
    """Return the top-level modules that an interpreter has loaded after it ran the code."""
    tell = "import atexit, json, sys; atexit.register(lambda: sys.stderr.write(json.dumps([*sys.modules])))"
    ended = subprocess.run(
        [sys.executable, "-P", "-c", f"{tell}\n{code}"],
        capture_output=True,
        text=True,
        timeout=50,
        check=True,
    )
    return {name.partition(".")[0] for name in json.loads(ended.stderr)}


@pytest.mark.parametrize(
    ("code", "not_loaded"),
    [
        ("import lab", (*HEAVY, *LOOPS, "typer")),
        ("import lab; lab.run", (*HEAVY, *LOOPS, "typer")),
        ("import lab.trial", (*HEAVY, *LOOPS, "typer")),
        (HELP, set(HEAVY) - {"rich"}),
        (LIST, HEAVY),
        (THREADS_CASE, (set(HEAVY) | set(LOOPS)) - {"requests"}),
        (ASYNCIO_CASE, set(HEAVY) - {"aiohttp"}),
    ],
    ids=["lab", "lab.run", "lab.trial", "--help", "list --json", "a threads case", "an asyncio case"],
)
def test_nothing_heavy_is_loaded_that_is_not_used(code, not_loaded):
    assert loaded(code) & set(not_loaded) == set()


def test_used_modules_are_loaded_before_the_clock_starts():
    assert "requests" in loaded(THREADS_CASE)
    assert {"aiohttp", "asyncio"} <= loaded(ASYNCIO_CASE)


def test_each_public_name_is_loaded_from_the_module_that_type_checkers_see_it_in():
    source = ast.parse(Path(lab.__file__).read_text())
    (for_checkers,) = (node for node in source.body if isinstance(node, ast.If))
    seen = [(alias.name, node.module) for node in for_checkers.body for alias in node.names]
    assert sorted(lab.__all__) == sorted(name for name, _ in seen)
    assert all(getattr(lab, name) is getattr(import_module(module), name) for name, module in seen)
    listed = [(name, module) for module, names in lab._MODULES.items() for name in names]
    figures = [(name, module) for name, module in seen if module == "lab.core.figures"]
    assert sorted(listed + figures) == sorted(seen)
    assert set(lab.__all__) <= set(dir(lab))


AUDIT = """
import atexit, os, sys

read = []
events = ("open", "os.scandir", "os.listdir")
sys.addaudithook(lambda event, args: read.append(str(args[0])) if event in events else None)
atexit.register(lambda: open(os.environ["LAB_TEST_READ"], "w").write("\\n".join(read)))
"""
SHOWS = """
from lab import Experiment, bars, claim, lines, ratio, scaling
from lab.workloads import pause

experiment = Experiment(
    question="What does a trial read?", workload=pause.sleep(1), samples=1, warmups=0,
    grid={"how": ["x"]}, baseline="threads", figures=[bars(), lines("how")],
    claims=[claim("So", ratio("x", to="x", axis="how") < 9)], derived=[scaling("how")],
)
"""


def test_a_trial_reads_nothing_of_what_shows_and_judges_its_results(tmp_path, monkeypatch):
    experiment_file(tmp_path / "site" / "sitecustomize.py", AUDIT)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "site"))
    monkeypatch.setenv("LAB_TEST_READ", str(tmp_path / "read"))
    report = launched(experiment_file(tmp_path / "reads.py", SHOWS))
    assert "done" in report.frames[-1], report
    house = Path(lab.__file__).parent
    read = {Path(path) for path in (tmp_path / "read").read_text().splitlines()}
    rooms = {
        path.relative_to(house).parts[0] for path in read if path.is_relative_to(house) and path != house
    }
    assert {"trial", "models", "core"} <= rooms, "what is read is seen"
    assert rooms <= {
        "__init__.py",
        "__pycache__",
        "catalog",
        "core",
        "cost",
        "experiments",
        "models",
        "server",
        "trial",
        "workloads",
    }
