"""The race: what must hold on every version of Python and every machine."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from runs import contained, measured

from lab.catalog.cases import cases
from lab.catalog.experiments import import_file
from lab.core.claims import Condition, Level
from lab.core.work import Case

PATH = Path(__file__).parents[1] / "experiments" / "race.py"


@pytest.fixture
def race(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    interval = sys.getswitchinterval()
    with contained():
        module = import_file(PATH)
        monkeypatch.setattr(module, "DURATION_NS", 5_000_000)
        yield module
    sys.setswitchinterval(interval)


def case(model: str, guard: str, gap: str, interval_us: int = 5000) -> Case:
    return Case("race", {"model": model, "guard": guard, "gap": gap, "interval_us": interval_us})


@pytest.mark.parametrize("gap", ["none", "call", "sleep"])
@pytest.mark.parametrize("model", ["threads", "processes", "asyncio"])
def test_the_count_is_exact_with_a_lock(race: Any, model: str, gap: str) -> None:
    counted, done = race.ARMS[model](gap, "lock")
    assert counted == sum(updates for updates, _, _ in done) > 0
    assert len(done) == 10


def test_a_task_is_not_interrupted_without_an_await(race: Any) -> None:
    assert race.measure(case("asyncio", "none", "call"))["lost_percent"] == 0


def test_ten_tasks_that_all_read_before_any_writes_lose_updates(race: Any) -> None:
    numbers = race.measure(case("asyncio", "none", "sleep"))
    assert numbers["lost_percent"] > 0
    assert numbers["seen"] == "bad: updates lost"


def test_lost_updates_and_the_cost_of_one_are_of_all_workers(
    race: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = [(60, 100, 300), (40, 150, 500)]
    monkeypatch.setattr(race, "ARMS", {"threads": lambda gap, guard: (25, done)})
    numbers = race.measure(case("threads", "none", "call"))
    assert numbers == {"lost_percent": 75.0, "cost_ns": 4.0, "updates": 100, "seen": "bad: updates lost"}


def test_the_switch_interval_is_that_of_the_case(race: Any) -> None:
    race.measure(case("threads", "none", "none", interval_us=1))
    assert sys.getswitchinterval() == pytest.approx(1e-6)


@pytest.mark.parametrize("gap", ["none", "call", "sleep"])
def test_to_see_no_loss_without_a_lock_is_never_called_good(race: Any, gap: str) -> None:
    assert race.seen(case("threads", "none", gap), 0).startswith("mixed: none seen")
    assert race.seen(case("processes", "none", gap), 0).startswith("mixed: none seen")
    assert race.seen(case("threads", "lock", gap), 0) == "good: none lost"


def test_the_claim_on_a_bare_update_can_be_supported_and_never_refuted(race: Any) -> None:
    (bare,) = [each for each in race.experiment.claims if each.sentence.endswith("a bare +=")]
    assert isinstance(bare.condition, Level)
    assert bare.condition.sought


def test_every_model_has_a_claim_on_what_its_lock_costs_and_a_figure_beside_none(race: Any) -> None:
    of_locks = [each.condition for each in race.experiment.claims if isinstance(each.condition, Condition)]
    assert {each.where["model"] for each in of_locks} == set(race.experiment.grid["model"])
    costs = [each for each in race.experiment.figures if each.options["metric"] == "cost_ns"]
    assert [(each.kind, each.options["columns"]) for each in costs] == [("matrix", "guard")]


def test_only_threads_have_a_switch_interval_and_only_the_loop_an_await(race: Any) -> None:
    declared = [dict(each.params) for each in cases("race", race.experiment)]
    assert len(declared) == 15
    assert {each["model"] for each in declared if each["interval_us"] != 5000} == {"threads"}
    assert {each["guard"] for each in declared if each["interval_us"] == 1} == {"none", "lock"}
    assert {each["gap"] for each in declared if each["model"] == "asyncio"} == {"call", "sleep"}


def test_a_trial_of_it_is_measured() -> None:
    only = {"model": ["processes"], "guard": ["lock"]}
    rows = measured(PATH, only=only)
    assert [(trial.status, trial.stderr) for trial in rows.trials] == [("ok", "")]
    assert rows.samples[0].metrics["lost_percent"] == 0
