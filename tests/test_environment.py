"""What is stored of the machine, the interpreter, the lab and the experiment."""

import ast
import json
import os
import platform
import runpy
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from builders import experiment_file

import lab
from lab.catalog.cases import cases
from lab.core.experiment import Experiment
from lab.environment import code, describe, describe_experiment, warnings
from lab.environment.code import sha256, sources
from lab.experiments import shipped
from lab.workloads import pause


@pytest.fixture(scope="module")
def described():
    return describe()


def test_every_documented_field_is_there_and_survives_json(described):
    assert json.loads(json.dumps(described)) == described
    parts = {"started", "machine", "pyperf", "limits", "python", "lab", "packages", "warnings"}
    assert set(described) == parts
    here = {"system", "cpu", "cores", "affinity", "quota_cores", "governors", "load_1min"}
    assert here <= set(described["machine"])
    python = {"version", "implementation", "build_flags", "gil", "start_method", "switch_interval_s"}
    assert python <= set(described["python"])
    assert set(described["limits"]) == {"open_files", "processes"}
    assert {"version", "commit", "sha256"} == set(described["lab"])
    assert described["python"]["version"] == platform.python_version()
    assert described["lab"]["version"] == lab.__version__
    assert described["machine"]["cpu"]
    assert described["packages"]["aiohttp"]
    assert described["started"].endswith("+00:00")


def test_the_experiment_is_described_with_its_cases(tmp_path):
    path = experiment_file(tmp_path / "made.py")
    made = Experiment(
        question="Which?", workload=pause.sleep(), grid={"model": ["threads"], "tasks": [1, 2]}
    )
    described = describe_experiment("made", path, made, cases("made", made))
    assert (
        json.loads(json.dumps(described))
        == described
        == {
            "name": "made",
            "question": "Which?",
            "file": "made.py",
            "sha256": sha256({"made.py": path.read_bytes()}),
            "axes": ["model", "tasks"],
            "cases": [{"model": "threads", "tasks": 1}, {"model": "threads", "tasks": 2}],
            "baseline": "asyncio",
            "starts_in_batch": ["threads"],
        }
    )


def test_a_busy_machine_warns_and_a_quiet_one_does_not():
    busy = "the machine was busy before the run began: load 1.5 on 2 cores"
    assert warnings({"load_1min": 1.5, "cores": 2}) == [busy]
    assert warnings({"load_1min": 1.0, "cores": 2}) == []
    assert warnings({"load_1min": None, "cores": 2}) == []


@pytest.mark.skipif(not hasattr(os, "getloadavg"), reason="this system does not tell its load")
def test_the_load_is_that_of_the_last_minute_and_its_warning_is_stored(monkeypatch):
    monkeypatch.setattr(os, "getloadavg", lambda: (99.126, 1.0, 1.0))
    described = describe()
    assert described["machine"]["load_1min"] == 99.13
    assert len(described["warnings"]) == 1


def test_the_hash_changes_with_the_sources_and_their_names_and_not_with_their_order():
    before = sha256({"one.py": b"x = 1", "two.py": b"y = 1"})
    assert sha256({"two.py": b"y = 1", "one.py": b"x = 1"}) == before
    others = (
        {"one.py": b"x = 1"},
        {"one.py": b"x = 2", "two.py": b"y = 1"},
        {"1.py": b"x = 1", "two.py": b"y = 1"},
    )
    assert before not in [sha256(other) for other in others]


HELPED = """
import json
from . import _one, no_such
from ._two import name
from .. import _not_mine
from lab.workloads import pause

def measure(case):
    from ._late import later
"""


def test_the_helpers_of_an_experiment_are_what_it_imports_from_beside_it_and_what_these_import(tmp_path):
    path = experiment_file(tmp_path / "mine.py", HELPED)
    for name in ("_one", "_late", "_unused", "_not_mine", "json", "pause"):
        experiment_file(tmp_path / f"{name}.py", "x = 1")
    experiment_file(tmp_path / "_two.py", "from . import _deep, _one, mine")
    experiment_file(tmp_path / "_deep.py", "def (")
    for name in ("_two.json", "_two.csv.gz", "_unused.json", "mine.json"):
        experiment_file(tmp_path / name, "[1]")
    helpers = ["_deep.py", "_late.py", "_one.py", "_two.csv.gz", "_two.json", "_two.py"]
    assert sorted(sources(path)) == [*helpers, "mine.py"]
    before = sha256(sources(path))
    experiment_file(tmp_path / "_unused.py", "x = 2")
    assert sha256(sources(path)) == before
    for name in helpers:
        kept = (tmp_path / name).read_text()
        experiment_file(tmp_path / name, f"{kept}\ny = 2")
        assert sha256(sources(path)) != before, name
        experiment_file(tmp_path / name, kept)
    assert sha256(sources(path)) == before


def test_the_stored_answers_of_a_helper_count_as_the_experiments_code():
    assert {"_searches.py", "_searches.json"} <= set(sources(shipped / "cpu_scaling.py"))


def test_the_packages_of_an_experiment_are_what_it_and_its_helpers_import_wherever_they_do(tmp_path):
    path = experiment_file(tmp_path / "mine.py", HELPED + "    import numpy.linalg as la, os.path\n")
    experiment_file(tmp_path / "_two.py", "def f():\n    from polars.series import Series\n")
    experiment_file(tmp_path / "_late.py", "def (")
    assert code.packages_of(sources(path)) == {"numpy", "polars"}


@pytest.fixture
def package(monkeypatch, tmp_path):
    """Another lab: a few files of one, in their places."""
    for name in ("trial.py", "api.py", "models/asyncio.py", "report/page.py", "server/report.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x = 1")
    monkeypatch.setattr(code, "SOURCE", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "name", ["trial.py", "models/asyncio.py", "server/report.py", "models/new.py", "server/day.csv"]
)
def test_the_labs_hash_changes_with_what_measures(package, name):
    before = describe()["lab"]["sha256"]
    (package / name).write_text("x = 2")
    assert describe()["lab"]["sha256"] != before


@pytest.mark.parametrize("name", ["api.py", "report/page.py", "report/new.py", "models/read.md"])
def test_the_labs_hash_stays_where_only_what_reads_the_measured_changes(package, name):
    before = describe()["lab"]["sha256"]
    (package / name).write_text("x = 2")
    assert describe()["lab"]["sha256"] == before


def test_no_trial_imports_what_the_labs_hash_leaves_out():
    program = "import sys, lab.trial.__main__, lab.runner.trials\n"
    program += "print([name for name in sys.modules if name[:4] == 'lab.'])"
    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=50
    )
    names = {name.split(".")[1] for name in ast.literal_eval(loaded.stdout)}
    assert {"trial", "runner", "store", "server"} <= names
    assert not names & code.AFTER
    assert all(
        (code.SOURCE / name).is_dir() or (code.SOURCE / f"{name}.py").is_file() for name in code.AFTER
    )


def test_outside_a_checkout_of_its_own_the_lab_has_no_commit(monkeypatch, tmp_path):
    for inside in (tmp_path, code.SOURCE):  # the second: somewhere in somebody's checkout
        monkeypatch.setattr(code, "SOURCE", inside / "lab")
        assert code.commit() is None


def test_a_package_that_is_not_installed_has_no_version():
    assert code.installed("no-such-package") is None


@pytest.mark.parametrize(
    ("implementation", "version", "free_threaded", "line"),
    [
        ("CPython", (3, 11), 0, ""),
        ("CPython", (3, 15), None, ""),
        ("CPython", (3, 10), 0, "this is CPython 3.10.1; the lab runs on CPython 3.11 to 3.15"),
        ("CPython", (3, 16), 0, "this is CPython 3.16.1; the lab runs on"),
        ("CPython", (3, 13), 1, "this is CPython 3.13.1, built without a GIL; the lab runs on"),
        ("PyPy", (3, 11), 0, "this is PyPy 3.11.1; the lab runs on"),
    ],
)
def test_an_interpreter_that_the_lab_does_not_run_on_is_named_with_those_it_does(
    implementation, version, free_threaded, line, monkeypatch
):
    monkeypatch.setattr(platform, "python_implementation", lambda: implementation)
    monkeypatch.setattr(platform, "python_version", lambda: ".".join(map(str, (*version, 1))))
    monkeypatch.setattr(sys, "version_info", (*version, 1))
    monkeypatch.setattr(sys, "implementation", SimpleNamespace(name=implementation.lower()))
    monkeypatch.setattr(sys, "version", "3 free-threading build (main)" if free_threaded else "3 (main)")
    try:
        runpy.run_path(str(Path(lab.__file__).parent / "core" / "pythons.py"), run_name="__main__")
        ended = ""
    except SystemExit as refusal:
        ended = str(refusal)
    assert ended.startswith(line) and bool(ended) == bool(line)
    assert not line or ended.endswith("; name one: make PYTHON=python3.13")
