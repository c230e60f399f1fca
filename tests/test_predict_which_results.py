"""Predictions find their constants by what experiments and models declare, and say what is missing."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import sys
from pathlib import Path

import pytest
from builders import experiment_file
from predict_results import MANY, known, of, write, write_all
from runs import run_lab

import lab.models
from lab.analysis.predict.forecast import forecasts
from lab.analysis.predict.measured_costs import constants
from lab.analysis.predict.question import Question
from lab.catalog.experiments import load
from lab.catalog.names import model_names, names_in
from lab.core.errors import LabError
from lab.core.work import SEQUENTIAL
from lab.experiments import shipped

pytestmark = pytest.mark.usefixtures("unloaded")

HOUSE = Path(lab.__file__).parent
FLIGHTS = """
    from lab import CostOfWaiting, Experiment

    def measure(case):
        return {"makespan_s": 1.0}

    experiment = Experiment(
        question="?",
        measure=measure,
        grid={"model": ["threads", "asyncio"], "flights": [10, 100]},
        constants=[CostOfWaiting("flights", up_to=100)],
    )
"""


LAB_WORDS = {"cpu", "fetch", "in_flight", "memory", "mixed", "start_method"}
"""Names of experiments that are also words of the lab: a workload, axes, what is measured, a judgement."""


def strings_in(path: Path) -> set[str]:
    """Return every string of a Python file."""
    nodes = ast.walk(ast.parse(path.read_text()))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def test_the_lab_names_no_experiment():
    experiments = set(names_in(shipped))
    files = [
        path for path in HOUSE.rglob("*.*") if path.suffix in (".py", ".html", ".jinja", ".json", ".js")
    ]
    named = {path: set(re.findall(r"experiments/(\w+)", path.read_text())) for path in files}
    for path in HOUSE.rglob("*.py"):
        named[path] |= strings_in(path) - LAB_WORDS
    assert {path: words & experiments for path, words in named.items() if words & experiments} == {}


def test_the_analysis_names_no_experiment_and_no_model_but_the_one_that_speedups_are_taken_from():
    named = {*names_in(shipped), *model_names()} - {SEQUENTIAL}
    files = [*(HOUSE / "analysis").rglob("*.py"), HOUSE / "cli" / "predict.py"]
    for path in files:
        assert not strings_in(path) & named, path


def keep(folder: Path, kept) -> None:
    """Leave only those trials of a result whose line this says are kept."""
    for name in ("trials.csv", "samples.csv"):
        head, *lines = (folder / name).read_text().splitlines(keepends=True)
        (folder / name).write_text("".join([head, *(line for line in lines if kept(line))]))


@pytest.mark.parametrize(
    ("experiment", "kept", "missing"),
    [
        ("cpu_scaling", "sequential,", "the cost of computing was not measured under thread_pool"),
        ("cpu_scaling", "thread_pool,", "the cost of computing was not measured under sequential"),
        ("cpu_scaling", ",10,", "the cost of computing was not measured under process_executor"),
        ("cpu_scaling", "no such case", "the cost of computing was not measured under sequential"),
        ("in_flight", "threads,", "the cost of waiting was not measured under asyncio"),
        ("in_flight", "asyncio,", "the cost of waiting was not measured under threads"),
        ("in_flight", ",5000,", "the cost of waiting was not measured under threads"),
        ("in_flight", "no such case", "the cost of waiting was not measured"),
        ("start_cost", "thread,", "the cost of starting was not measured with unit=task"),
        ("start_cost", "no such case", "the cost of starting was not measured with unit=task"),
        ("clients", "asyncio,", "the cost of fetching was not measured under thread_pool"),
        ("clients", "minimal", "client 'requests/aiohttp' was not measured; there are minimal codec"),
    ],
)
def test_of_partial_results_it_says_in_one_line_what_is_missing_and_what_to_run(
    tmp_path, experiment, kept, missing
):
    write_all(tmp_path / "mine")
    keep(tmp_path / "mine" / experiment, lambda line: kept in line)
    ended = run_lab("predict", "--tasks", "3", "--out", "mine", cwd=tmp_path)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == f"lab: mine/{experiment}: {missing}; lab run {experiment}\n"


def test_one_core_tells_no_law_of_scaling_and_is_enough(tmp_path):
    write_all(tmp_path / "mine")
    path = tmp_path / "mine" / "cpu_scaling" / "environment.json"
    path.write_text(path.read_text().replace('"cores": 2', '"cores": 1'))
    assert constants(tmp_path / "mine", tmp_path / "none").laws == {}


def test_an_experiment_is_found_by_what_it_declares_and_the_newest_results_count(tmp_path):
    write_all(tmp_path / "mine")
    experiment_file(tmp_path / "experiments" / "flights.py", FLIGHTS)
    rows = [
        (
            {"model": model, "flights": flights},
            {"makespan_s": 1 + 7e-3 * flights, "limit_s": 1.0, "cpu_of_each_s": 1e-3},
        )
        for model in ("threads", "asyncio")
        for flights in (10, 100)
    ]
    write(tmp_path / "mine" / "flights", ("model", "flights"), rows)
    os.utime(tmp_path / "mine" / "in_flight" / "trials.csv", (1, 1))
    newer = constants(tmp_path / "mine", tmp_path / "none")
    assert list(newer.sources) == ["flights", "start_cost", "cpu_scaling", "clients"]
    assert newer.up_to == 100
    assert newer.waiting["asyncio"].at("makespan_s", 10).each == pytest.approx([7e-3] * 3)
    os.utime(tmp_path / "mine" / "flights" / "trials.csv", (0, 0))
    assert "in_flight" in constants(tmp_path / "mine", tmp_path / "none").sources


def test_results_whose_file_is_gone_or_faulty_are_named(tmp_path):
    write_all(tmp_path / "results" / "reference")
    write(tmp_path / "results" / "flights", ("model",), [({"model": "threads"}, {"makespan_s": 1.0})])
    shutil.copytree(tmp_path / "results" / "flights", tmp_path / "results" / "faulty")
    experiment_file(tmp_path / "experiments" / "faulty.py", "raise OSError('no disk')")
    printed = "".join(run_lab("predict", "--tasks", "3", cwd=tmp_path).out.split())  # wrapped anywhere
    assert "flights:theexperiment'sfileisgone" in printed
    assert "faulty.py:doesnotimport:OSError:nodisk" in printed
    shutil.rmtree(tmp_path / "results" / "reference" / "in_flight")
    with pytest.raises(
        LabError, match=r"in_flight: not measured, .* \(flights: the experiment's file is gone"
    ):
        constants(tmp_path / "results", tmp_path / "results" / "reference")


def test_an_older_result_without_the_declared_axis_says_so(tmp_path):
    write_all(tmp_path / "mine")
    shutil.rmtree(tmp_path / "mine" / "in_flight")
    write(tmp_path / "mine" / "in_flight", ("model",), [({"model": "threads"}, {"makespan_s": 1.0})])
    with pytest.raises(
        LabError, match="in_flight: the cost of waiting was not measured over in_flight; lab"
    ):
        constants(tmp_path / "mine", tmp_path / "none")


@pytest.fixture
def fibres(tmp_path, monkeypatch):
    """Another model, whose law is the event loop's."""
    shutil.copytree(HOUSE / "models", tmp_path / "lab" / "models")
    (tmp_path / "lab" / "present").symlink_to(HOUSE / "present")
    asyncio = (tmp_path / "lab" / "models" / "asyncio.py").read_text()
    (tmp_path / "lab" / "models" / "fibres.py").write_text(asyncio)
    monkeypatch.setattr("lab.catalog.names.PACKAGE", tmp_path / "lab")
    monkeypatch.setattr("lab.catalog.models.PACKAGE", tmp_path / "lab")
    monkeypatch.setattr("lab.models.__path__", [str(tmp_path / "lab" / "models")])
    yield tmp_path / "lab" / "models" / "fibres.py"
    sys.modules.pop("lab.models.fibres", None)


@pytest.mark.usefixtures("fibres")
def test_a_model_with_a_law_is_predicted_with_the_constants_of_that_law(tmp_path):
    asked = Question(1_000, 1.0, 0.01, cores=2)
    assert of("fibres", asked).makespan_s == of("asyncio", asked).makespan_s
    write_all(tmp_path / "mine")
    printed = json.loads(run_lab("predict", "--tasks", "3", "--json", "--out", "mine", cwd=tmp_path).out)
    models = [each["model"] for each in printed["forecasts"]]
    assert models[models.index("asyncio") + 1] == "fibres"


@pytest.mark.usefixtures("fibres")
def test_a_model_that_was_measured_itself_has_its_own_constants():
    waiting = known().waiting
    own = known(waiting={**waiting, "fibres": waiting["threads"]})
    asked = Question(1_000, 1.0, 0.0, cores=2)
    assert of("fibres", asked, own).cpu_s.value == pytest.approx(0.5)
    assert of("asyncio", asked, own).cpu_s.value == pytest.approx(0.2)


def test_a_law_that_is_none_is_refused_with_those_there_are(fibres):
    fibres.write_text(fibres.read_text().replace('law="event loop"', 'law="event lop"'))
    with pytest.raises(LabError, match=re.escape("fibres: no law 'event lop'; did you mean 'event loop'?")):
        forecasts(Question(1, 1.0, 0.0, 1), known(), MANY)


@pytest.mark.parametrize(
    ("declared", "says"),
    [
        ('"flights"', "'flights' is no constant; write constants="),
        ('CostOfWaiting("flight", up_to=100)', "no axis 'flight'; did you mean 'flights'?"),
    ],
)
def test_a_declaration_that_cannot_be_is_found_when_the_file_is_read(tmp_path, declared, says):
    wrong = FLIGHTS.replace('CostOfWaiting("flights", up_to=100)', declared)
    with pytest.raises(LabError, match=re.escape(says)):
        load(experiment_file(tmp_path / "flights.py", wrong))
