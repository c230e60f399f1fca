"""A model is one file: what is written there is all that has to be written to have it everywhere."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from builders import experiment_file
from runs import plain_environment

import lab
from lab.catalog.models import load_model
from lab.catalog.names import model_names
from lab.experiments import shipped

HERE = Path(__file__).parent
THROW_AWAY = '''
"""Two tasks at a time, each in a thread of its own: made by a test."""

from lab.core.work import Model
from lab.models.threads import opened, textbook

model = Model(opened, textbook=textbook, starts_in_batch=True, colour="#123456", marker="d")
'''
UNAVAILABLE = '''
"""A model of another platform: made by a test."""

from dataclasses import replace

from lab.models.threads import model

model = replace(model, unavailable="this platform has no fibres")
'''
EXPERIMENT = """
    from lab import Experiment
    from lab.workloads import pause

    experiment = Experiment(
        question="Does it run?", workload=pause.sleep(), grid={"model": ["throw_away"], "tasks": [3]},
        baseline="throw_away",
    )
"""


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the lab with one more file in it: that of a model."""
    tree = tmp_path_factory.mktemp("tree")
    for folder in (Path(lab.__file__).parent, shipped):
        shutil.copytree(folder, tree / folder.name, ignore=shutil.ignore_patterns("__pycache__"))
    experiment_file(tree / "lab" / "models" / "throw_away.py", THROW_AWAY.lstrip())
    experiment_file(tree / "lab" / "models" / "thrown_away.py", UNAVAILABLE.lstrip())
    experiment_file(tree / "experiments" / "mine.py", EXPERIMENT)
    return tree


def python(tree: Path, *words: str, **more: str) -> str:
    ended = subprocess.run(
        [sys.executable, *words],
        cwd=tree,
        env=plain_environment(PYTHONPATH=str(HERE), PYTHONDONTWRITEBYTECODE="1", **more),
        capture_output=True,
        text=True,
        timeout=55,
        check=False,
        start_new_session=True,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def test_a_models_file_is_enough_for_it_to_be_listed(tree):
    listed = json.loads(python(tree, "-m", "lab", "list", "models", "--json"))["models"]
    (says,) = [row["says"] for row in listed if row["name"] == "throw_away"]
    assert says == "Two tasks at a time, each in a thread of its own: made by a test."


def test_a_model_that_cannot_run_here_is_listed_with_the_reason_on_every_platform(tree):
    listed = json.loads(python(tree, "-m", "lab", "list", "models", "--json"))["models"]
    reasons = {row["name"]: row.get("unavailable") for row in listed}
    assert (reasons["thrown_away"], reasons["throw_away"]) == ("this platform has no fibres", None)


def test_a_models_file_is_enough_for_it_to_be_measured_and_drawn_in_its_own_colour(tree):
    python(tree, "-m", "lab", "run", "mine", "--quick", "--out", "out")
    environment = json.loads((tree / "out" / "mine" / "environment.json").read_text())
    assert environment["experiment"]["starts_in_batch"] == ["throw_away"]
    page = (tree / "out" / "index.html").read_text()
    summary = (tree / "out" / "mine" / "summary.csv").read_text()
    assert "throw_away" in summary and 'id="model-throw_away"' in page
    look = "from lab.present.figures.style import look; print(look('throw_away'), look('throw_away (A/A)'))"
    printed = python(tree, "-c", look)
    assert printed.count("colour='#123456', marker='d'") == 2
    assert printed.count("hollow=True") == 1


def test_a_models_file_is_enough_for_it_to_be_held_to_the_promises(tree):
    arms = python(tree, "-c", "import test_models; print(('throw_away',) in test_models.arms())")
    assert arms == "True\n"
    kept = json.loads(python(tree, "-W", "error", "-c", "import promises; promises.main()", "throw_away"))
    assert kept["plain"]["results"] == [0, 1, 4, 9]
    assert kept["after"] == kept["before"]


def test_a_models_file_is_enough_for_it_to_fail_beside_the_others(tree):
    look = "from lab.catalog.experiments import find; print(find('failures').experiment.figures)"
    assert "'throw_away_naive'" in python(tree, "-c", look)


def test_every_model_says_where_its_workers_live_how_it_looks_and_what_a_textbook_makes_of_it():
    models = {name: load_model(name) for name in model_names()}
    assert {name for name, model in models.items() if model.textbook is None} == set()
    assert {model.workers_in for model in models.values()} == {"caller", "loop", "thread", "process"}
    looks = [(model.colour, model.marker) for model in models.values()]
    assert len(set(looks)) == len(looks) and all(colour and marker for colour, marker in looks)
