"""Files are found by name; a fault of a file is reported in one line."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from builders import EXPERIMENT, experiment_file

import lab
from lab.catalog.experiments import experiment_names, find, load
from lab.catalog.models import load_model, missing
from lab.catalog.names import model_names, names_in, sentence, sentences
from lab.core.errors import LabError
from lab.core.experiment import Experiment
from lab.core.work import Model

HOUSE = Path(lab.__file__).parent


pytestmark = pytest.mark.usefixtures("unloaded")


def test_models_and_workloads_are_the_files_of_their_folders_without_helpers():
    assert model_names() == sorted(model_names())
    assert {"sequential", "threads", "asyncio"} <= set(model_names())
    workloads = ["arbitrage", "currency", "digest", "document", "pause"]
    assert list(sentences("workloads")) == workloads
    assert not [name for name in model_names() if name.startswith("_")]


def test_every_model_loads_and_has_a_sentence():
    for name, says in sentences("models").items():
        assert isinstance(load_model(name), Model)
        assert says.endswith(".")
        assert "\n" not in says


def test_a_sentence_is_the_first_paragraph_on_one_line_and_the_file_is_not_run(tmp_path):
    path = experiment_file(tmp_path / "x.py", '"""One\nsentence.\n\nMore."""\nraise SystemExit(3)\n')
    assert sentence(path) == "One sentence."
    assert sentence(experiment_file(tmp_path / "y.py", "x = 1\n")) == ""


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("thread", "did you mean 'threads'?"),
        ("asyncoi", "did you mean 'asyncio'?"),
        ("zzz", f"there are: {', '.join(model_names())}"),
        ("../threads", "did you mean 'threads'?"),
    ],
)
def test_an_unknown_model_is_an_error_with_the_nearest_name_or_all(name, remedy):
    with pytest.raises(LabError) as raised:
        load_model(name)
    assert str(raised.value) == f"no model {name!r}; {remedy}"


def test_a_missing_package_is_named_with_the_command_that_installs_it():
    assert missing(["json", "ast"]) == ""
    words = "not installed: no_such_a, no_such_b; pip install no_such_a no_such_b"
    assert missing(["no_such_a", "json", "no_such_b"]) == words


def test_experiments_are_those_of_the_current_directory_else_those_that_ship(tmp_path, monkeypatch):
    assert experiment_names() == names_in(HOUSE.parent / "experiments")
    experiment_file(tmp_path / "experiments" / "mine.py")
    experiment_file(tmp_path / "experiments" / "_helper.py")
    assert experiment_names() == ["mine"]
    loaded = find("mine")
    assert loaded.path == tmp_path / "experiments" / "mine.py"
    assert isinstance(loaded.experiment, Experiment)
    with pytest.raises(LabError, match="no experiment 'mien'; did you mean 'mine'"):
        find("mien")


def test_every_experiment_that_ships_loads():
    for name in experiment_names():
        assert find(name).fault is None


@pytest.mark.parametrize("name", ["mine", "json", "my-own", "2nd"])
def test_a_file_anywhere_is_an_experiment_named_as_the_file_is(tmp_path, name):
    path = experiment_file(tmp_path / "else where" / f"{name}.py")
    loaded = find(os.path.relpath(path))
    assert (loaded.name, loaded.path, loaded.fault) == (name, path, None)
    assert isinstance(loaded.experiment, Experiment)


def test_a_file_that_was_changed_is_loaded_anew(tmp_path):
    path = experiment_file(tmp_path / "mine.py")
    load(path)
    experiment_file(path, EXPERIMENT.replace("Which?", "Who, and why?"))
    assert load(path).question == "Who, and why?"


@pytest.mark.parametrize("name", ["missing.py", "some/where", "some/where.py"])
def test_a_path_to_no_file_is_refused(name):
    with pytest.raises(LabError) as raised:
        find(name)
    assert str(raised.value) == f"{name}: no such experiment file; give the path of a .py file"


def test_the_functions_of_a_file_named_as_a_standard_module_are_found_by_name_in_a_spawned_child(tmp_path):
    source = (
        EXPERIMENT
        + "\n\n    def double(item):\n        import json\n        return json.loads('2') * item\n"
    )
    path = experiment_file(tmp_path / "json.py", source)
    code = (
        "import multiprocessing, pathlib, sys\n"
        "from lab.catalog.experiments import import_file\n"
        "if __name__ == '__main__':\n"
        "    double = import_file(pathlib.Path(sys.argv[1])).double\n"
        "    with multiprocessing.get_context('spawn').Pool(1) as pool:\n"
        "        print(double.__module__.rpartition('.')[2], pool.map(double, [4, 5]))\n"
    )
    script = experiment_file(tmp_path / "elsewhere" / "script.py", code)
    ended = subprocess.run(
        [sys.executable, "-P", script, path], capture_output=True, text=True, check=False, timeout=50
    )
    assert (ended.stdout, ended.stderr) == ("json [8, 10]\n", "")


def test_the_lab_never_imports_an_experiment_by_name():
    experiments = {f"lab.experiments.{name}" for name in experiment_names()}
    for path in HOUSE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [f"{node.module}.{alias.name}" for alias in node.names]
            assert not experiments & set(names), path
            assert not [name for name in names if name.partition(".")[0] == "experiments"], path


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("def (", "does not import: SyntaxError: "),
        ("model = 5", "has no `model`; assign one: model = Model(opened)"),
    ],
)
def test_a_models_file_that_cannot_be_loaded_is_named_with_the_reason(tmp_path, monkeypatch, source, words):
    (tmp_path / "models").mkdir()
    name = f"faulty_{len(source)}"
    (tmp_path / "models" / f"{name}.py").write_text(source)
    monkeypatch.setattr("lab.catalog.models.PACKAGE", tmp_path)
    monkeypatch.setattr("lab.catalog.names.PACKAGE", tmp_path)
    monkeypatch.setattr("lab.models.__path__", [str(tmp_path / "models")])
    with pytest.raises(LabError, match=re.escape(f"{name}.py: {words}")):
        load_model(name)


def test_an_unknown_start_method_is_told_before_anything_is_measured(tmp_path):
    path = tmp_path / "spawning.py"
    path.write_text(
        "from lab import Experiment\nfrom lab.workloads import pause\n"
        'grid = {"model": ["processes"], "start_method": ["spwan"], "tasks": [1]}\n'
        'experiment = Experiment(question="?", workload=pause.sleep(1), grid=grid, baseline="processes")\n'
    )
    with pytest.raises(LabError, match="no start method 'spwan'; did you mean 'spawn'"):
        load(path)
