"""What lies beside an experiment as `_name.py` is its own, wherever its functions run."""

from __future__ import annotations

import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from builders import experiment_file
from runs import measured, plain_environment, run_lab

import lab
from lab.catalog.experiments import find, import_file, load
from lab.experiments import shipped

ASKS = """
    from lab import Experiment, load_model, Workload
    from . import _helper
    from ._helper import where

    def late(_):
        from . import _late
        return _late.NAME

    def task(item):
        return [_helper.NAME, where(), late(item)]

    def measure(case):
        with load_model("process_pool").open(1, start_method=case["start_method"]) as run:
            (outcome,) = run(Workload(task), [0])
        return {"here": " ".join(task(0)), "there": " ".join(outcome.result or [outcome.span.error])}

    experiment = Experiment(
        question="Whose helper?", measure=measure, samples=1, warmups=0,
        grid={"start_method": ["fork", "spawn", "forkserver"]},
    )
"""
HELPER = "NAME = {name!r}\n\ndef where():\n    return NAME\n"


def folder_of(tmp_path: Path, name: str) -> Path:
    """Write an experiment and its helpers, which say the name, into a folder; return its path."""
    for helper in ("_helper", "_late"):
        experiment_file(tmp_path / name / f"{helper}.py", HELPER.format(name=name))
    return experiment_file(tmp_path / name / "asks.py", ASKS)


@pytest.mark.usefixtures("unloaded")
def test_two_folders_with_helpers_of_one_name_each_have_their_own(tmp_path):
    one, other = (load(folder_of(tmp_path, name)) for name in ("one", "other"))
    for name, experiment in {"other": other, "one": one}.items():
        assert experiment.measure.__globals__["task"](0) == [name] * 3


@pytest.mark.usefixtures("unloaded")
def test_in_a_spawned_child_each_function_has_the_helper_of_its_own_folder(tmp_path):
    tasks = [import_file(folder_of(tmp_path, name)).task for name in ("one", "other")]
    code = "import pickle, sys; print([pickle.loads(each)(0) for each in pickle.load(sys.stdin.buffer)])"
    ended = subprocess.run(
        [sys.executable, "-P", "-c", code],
        input=pickle.dumps([pickle.dumps(task) for task in tasks]),
        capture_output=True,
        check=False,
    )
    assert (ended.stdout, ended.stderr) == (f"{[['one'] * 3, ['other'] * 3]}\n".encode(), b"")


@pytest.mark.parametrize("name", ["one", "other"])
def test_a_trial_and_its_workers_have_the_helper_of_the_experiments_folder(tmp_path, name):
    paths = {each: folder_of(tmp_path, each) for each in ("one", "other")}
    rows = measured(paths[name])
    assert [(trial.status, trial.reason) for trial in rows.trials] == [("ok", "")] * 3
    assert {text for sample in rows.samples for text in sample.metrics.values()} == {
        f"{name} {name} {name}"
    }


@pytest.mark.usefixtures("unloaded")
def test_a_helper_that_is_missing_or_faulty_is_named_in_the_experiments_fault(tmp_path):
    path = experiment_file(tmp_path / "folder" / "mine.py", "from . import _gone")
    assert str(find(str(path)).fault).startswith(
        f"{path}: does not import: ImportError: cannot import name '_gone' from 'folder'"
    )
    experiment_file(path.with_name("_gone.py"), "def (")
    assert "SyntaxError: invalid syntax (_gone.py, line 1)" in str(find(str(path)).fault)


def test_a_run_whose_helper_has_changed_is_not_resumed(tmp_path):
    path = folder_of(tmp_path, "one")
    few = ("--only", "start_method=fork", "--quick")
    assert run_lab("run", str(path), *few, cwd=tmp_path).code == 0
    finished = tmp_path / "results" / "asks"
    finished.rename(tmp_path / "results" / "asks.partial")
    experiment_file(path.with_name("_helper.py"), HELPER.format(name="another"))
    ended = run_lab("run", str(path), "--resume", cwd=tmp_path)
    assert ended.code == 2
    assert "cannot resume: the experiment changed since" in ended.err


INSTALLED = """
import multiprocessing
from lab.catalog.experiments import find
from lab.core.work import Case

if __name__ == "__main__":
    found = find("pipe")
    print(found.path.parent.name, found.fault)
    print(found.experiment.measure(Case("pipe", {"channel": "pipe", "size_bytes": 65536}))["same_object"])
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        print(pool.apply(found.experiment.measure.__globals__["capacity"], ["no channel"]))
"""


def test_the_experiments_of_an_installed_lab_have_their_helpers(tmp_path):
    site = tmp_path / "site"
    shutil.copytree(Path(lab.__file__).parent, site / "lab", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(shipped, site / "lab" / "experiments", dirs_exist_ok=True)  # as the wheel has it
    script = experiment_file(tmp_path / "script.py", INSTALLED)
    ended = subprocess.run(
        [sys.executable, "-P", str(script)],
        cwd=tmp_path,
        env=plain_environment(PYTHONPATH=str(site), PYTHONDONTWRITEBYTECODE="1"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.stdout, ended.stderr) == ("experiments None\nFalse\n{}\n", "")
