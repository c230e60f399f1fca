"""What is measured, and in which order."""

from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lab.catalog.cases import cases
from lab.core.errors import LabError
from lab.core.experiment import Experiment
from lab.core.machine import cores
from lab.core.work import Case
from lab.runner.jobs import Job, Settings
from lab.runner.plan import check_only, in_rounds, kept, parse_only, with_aa_control
from lab.workloads import pause


def experiment(**grid):
    return Experiment(question="?", workload=pause.sleep(), grid=grid)


def measured(**grid):
    return Experiment(question="?", measure=lambda case: {"x": 1}, grid=grid)


def words(made_cases):
    return [str(case) for case in made_cases]


def test_cases_are_in_the_grids_order_the_last_axis_fastest():
    made_cases = cases("made", experiment(model=["threads", "asyncio"], tasks=[5, 2], workers=[2, 1]))
    assert words(made_cases) == [
        f"model={model} tasks={tasks} workers={workers}"
        for model in ("threads", "asyncio")
        for tasks in (5, 2)
        for workers in (2, 1)
    ]
    assert {case.experiment for case in made_cases} == {"made"}


def test_an_axis_that_a_model_has_no_use_for_is_dropped_from_its_cases_and_none_is_there_twice():
    grid = {
        "model": ["sequential", "threads", "processes"],
        "workers": [1, 2],
        "start_method": ["fork", "spawn"],
    }
    assert words(cases("made", experiment(**grid))) == [
        "model=sequential",
        "model=threads workers=1",
        "model=threads workers=2",
        "model=processes workers=1 start_method=fork",
        "model=processes workers=1 start_method=spawn",
        "model=processes workers=2 start_method=fork",
        "model=processes workers=2 start_method=spawn",
    ]


def test_an_axis_that_no_model_of_the_grid_uses_is_the_workloads_and_stays():
    made_cases = cases("made", experiment(model=["sequential", "threads"], wait_ms=[1, 50]))
    assert [case.params for case in made_cases] == [
        {"model": model, "wait_ms": wait} for model in ("sequential", "threads") for wait in (1, 50)
    ]


def test_cores_becomes_their_number_and_is_not_measured_twice(monkeypatch):
    monkeypatch.setattr("lab.catalog.cases.cores", lambda: 2)
    made_cases = cases("made", experiment(model=["threads"], tasks=["cores", 8], workers=[1, 2, "cores"]))
    assert [(case["tasks"], case["workers"]) for case in made_cases] == [(2, 1), (2, 2), (8, 1), (8, 2)]


def test_all_workers_are_as_many_as_tasks_and_not_measured_twice():
    made_cases = cases("made", experiment(model=["threads"], tasks=[4, 5], workers=[4, "all"]))
    assert [(case["tasks"], case["workers"]) for case in made_cases] == [(4, 4), (5, 4), (5, "all")]
    assert [case.workers for case in made_cases] == [4, 4, 5]


def test_without_tasks_and_workers_a_case_has_one_of_each():
    case = Case("made", {"model": "threads"})
    assert (case.tasks, case.workers) == (1, 1)


def test_one_task_at_a_time_is_in_flight_under_a_model_without_workers():
    made = experiment(model=["sequential", "threads"], tasks=[3], workers=["all", 2, 9])
    job = Job("made", Path("made.py"), made, cases("made", made), Settings())
    assert [job.in_flight(case) for case in job.cases] == [1, 3, 2, 3]


def test_an_experiment_with_measure_keeps_every_axis_and_may_name_models_of_its_own():
    made_cases = cases("made", measured(model=["mine", "sequential"], workers=[1, 2]))
    assert words(made_cases) == [
        f"model={model} workers={n}" for model in ("mine", "sequential") for n in (1, 2)
    ]


def test_a_grid_without_models_runs_under_the_baseline():
    made = experiment(tasks=[1, 2])
    assert words(cases("made", made)) == ["tasks=1", "tasks=2"]
    assert [made.model_of(case) for case in cases("made", made)] == ["asyncio"] * 2
    assert words(with_aa_control(cases("made", made), "asyncio")) == ["tasks=1", "tasks=2"]


def test_the_baselines_cases_come_a_second_time_under_another_name_and_the_same_model():
    made = experiment(model=["asyncio", "threads"], tasks=[1, 2])
    made_cases = with_aa_control(cases("made", made), "asyncio")
    assert words(made_cases) == [
        "model=asyncio tasks=1",
        "model=asyncio (A/A) tasks=1",
        "model=asyncio tasks=2",
        "model=asyncio (A/A) tasks=2",
        "model=threads tasks=1",
        "model=threads tasks=2",
    ]
    assert {made.model_of(case) for case in made_cases} == {"asyncio", "threads"}


def some(number: int) -> list[Case]:
    return [Case("made", {"tasks": n}) for n in range(1, number + 1)]


@settings(deadline=None)
@given(st.integers(1, 30), st.integers(1, 5), st.integers(0))
def test_every_case_is_there_once_a_round_and_trials_are_numbered_from_one(number, rounds, seed):
    planned = list(in_rounds(some(number), rounds, seed))
    assert [each.trial for each in planned] == list(range(1, number * rounds + 1))
    for at in range(1, rounds + 1):
        of_round = [each.case["tasks"] for each in planned if each.round == at]
        assert sorted(of_round) == list(range(1, number + 1))


def orders(seed: int, name: str = "made") -> list[tuple[object, ...]]:
    made_cases = [Case(name, case.params) for case in some(20)]
    planned = list(in_rounds(made_cases, 3, seed))
    return [tuple(each.case["tasks"] for each in planned if each.round == at) for at in (1, 2, 3)]


def test_the_same_seed_gives_the_same_order_whatever_was_drawn_before():
    before = orders(7)
    Random(7).random()
    assert orders(7) == before


def test_rounds_seeds_and_experiments_have_orders_of_their_own():
    shuffled = [*orders(7), *orders(8), *orders(7, "other")]
    assert len(set(shuffled)) == 9


def test_the_order_of_a_seed_is_the_same_in_every_version_of_the_lab():
    assert orders(7)[0][:6] == (4, 8, 5, 16, 20, 15)


def test_filters_are_read_with_several_values_and_repeated_ones_add_up():
    filters = ["model=threads,asyncio", "tasks=5", "model=fork"]
    assert parse_only(filters) == {"model": ["threads", "asyncio", "fork"], "tasks": ["5"]}
    assert parse_only([]) == {}
    assert parse_only(["model=asyncio (A/A)"]) == {"model": ["asyncio (A/A)"]}


@pytest.mark.parametrize("word", ["model", "model=", "=threads", "", "="])
def test_a_word_that_is_no_filter_is_refused_with_how_to_write_one(word):
    with pytest.raises(LabError) as raised:
        parse_only([word])
    assert str(raised.value) == f"--only: {word!r} is no filter; write AXIS=VALUE[,VALUE...]"


FOUND = cases(
    "made", experiment(model=["sequential", "threads", "asyncio"], tasks=[5, 14], workers=[4, "all"])
)


def test_filters_keep_the_cases_that_have_the_values_or_have_not_the_axis():
    assert words(kept(FOUND, {"model": ["sequential", "threads"], "tasks": ["14"], "workers": ["4"]})) == [
        "model=sequential tasks=14",
        "model=threads tasks=14 workers=4",
    ]
    assert kept(FOUND, {}) == FOUND


@pytest.mark.parametrize(
    ("only", "says"),
    [
        ({"modle": ["threads"]}, "no axis 'modle'; did you mean 'model'?"),
        ({"colour": ["red"]}, "no axis 'colour'; there are: model, tasks, workers"),
        ({"model": ["threads", "thread"]}, "no model 'thread'; did you mean 'threads'?"),
        ({"tasks": ["6"]}, "no tasks '6'; there are: 5, 14"),
        ({"tasks": [""]}, "no tasks ''; there are: 5, 14"),
    ],
)
def test_a_filter_that_no_case_knows_is_refused_with_the_nearest_name(only, says):
    with pytest.raises(LabError) as raised:
        check_only(FOUND, only)
    assert str(raised.value) == f"--only: {says}"


def test_a_filter_that_one_of_several_experiments_knows_is_good():
    others = cases("other", measured(size=[1, 2]))
    check_only([*FOUND, *others], {"size": ["2"], "model": ["threads"]})
    with pytest.raises(LabError):
        check_only(FOUND, {"size": ["2"]})


def test_there_is_at_least_one_core():
    assert cores() >= 1
