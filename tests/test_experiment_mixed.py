"""Waiting and computing mixed: the work is what its share says, and every arm returns the same."""

import asyncio
import multiprocessing

import pytest

from lab import plan
from lab.core import Case, LabError
from lab.registry import find
from lab.workloads import mixed

experiment = find("mixed").experiment
CASES = plan.cases("mixed", experiment)


def case(model: str, cpu_percent: int, in_flight: int) -> Case:
    return Case("mixed", {"model": model, "cpu_percent": cpu_percent, "in_flight": in_flight})


@pytest.mark.parametrize("model", experiment.grid["model"])
def test_every_model_runs_a_field_and_its_results_are_checked(model):
    assert experiment.measure(case(model, 25, 3))["makespan_s"] > 0.015  # each waits 15 ms


def test_a_wrong_result_fails_the_trial(monkeypatch):
    monkeypatch.setattr(mixed.Mixed, "__call__", lambda self, chunk: "wrong")
    with pytest.raises(RuntimeError, match="is wrong"):
        experiment.measure(case("sequential", 25, 1))


@pytest.mark.parametrize(
    ("share", "wait_s", "legs"), [(0, 0.02, 0), (50, 0.01, 30), (100, 0.0, 60), (10, 0.018, 6)]
)
def test_wait_and_computing_share_the_task(share, wait_s, legs):
    work = mixed.tasks(20, share)
    assert work.blocking.wait_s == pytest.approx(wait_s)
    assert work.blocking.legs == legs


def test_what_is_handed_over_is_computed_in_another_process_and_the_pool_ends():
    work = mixed.tasks(2, 50, processes=2)

    async def both():
        async with work.awaitable() as call:
            results = await asyncio.gather(call(0), call(1))
            return results, len(multiprocessing.active_children())

    results, workers = asyncio.run(both())
    assert results == [work.expect(0), work.expect(1)]
    assert workers >= 1
    assert multiprocessing.active_children() == []


def test_a_share_beyond_everything_is_refused():
    with pytest.raises(LabError, match="110 is no share"):
        mixed.tasks(20, 110)


def test_every_field_has_somebody_to_win_against():
    fields = {}
    for each in CASES:
        if not experiment.unavailable(each):
            fields.setdefault((each["in_flight"], each["cpu_percent"]), set()).add(each["model"])
    assert all(len(models) >= 2 for models in fields.values())
    assert {share for _, share in fields} == {0, 10, 25, 50, 75, 100}
    assert {number for number, _ in fields} == {1, 4, 16, 64, 256}


def test_a_pool_as_large_as_what_is_in_flight_is_cut():
    assert experiment.unavailable(case("process_executor", 10, 256)).startswith("cut at 64: ")
    assert experiment.unavailable(case("process_executor", 10, 64)) == ""
