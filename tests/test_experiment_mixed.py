"""Waiting and computing mixed: the work is what its share says, and every arm returns the same."""

import asyncio
import multiprocessing

import pytest
from builders import beside

from lab.catalog.cases import cases as cases_of
from lab.catalog.experiments import find
from lab.core import machine
from lab.core.errors import LabError
from lab.core.work import Case

mixed = beside("_mixed")
experiment = find("mixed").experiment


def case(model: str, cpu_percent: int, in_flight: int) -> Case:
    return Case("mixed", {"model": model, "cpu_percent": cpu_percent, "in_flight": in_flight})


@pytest.mark.parametrize("model", experiment.grid["model"])
def test_every_model_runs_a_field_and_its_results_are_checked(model):
    assert experiment.measure(case(model, 25, 3))["makespan_s"] > 0.015  # each waits 15 ms


def test_a_wrong_result_fails_the_trial(monkeypatch):
    monkeypatch.setattr(mixed.Mixed, "__call__", lambda self, chunk: "wrong")
    with pytest.raises(LabError, match=r"lab\.batch: task 0 returned 'wrong' instead of "):
        experiment.measure(case("sequential", 25, 1))


@pytest.mark.parametrize(
    ("share", "wait_s", "legs"), [(0, 0.02, 0), (50, 0.01, 38), (100, 0.0, 76), (10, 0.018, 8)]
)
def test_wait_and_computing_share_the_task(share, wait_s, legs):
    work = mixed.tasks(20, share)
    assert work.blocking.wait_s == pytest.approx(wait_s)
    assert work.blocking.legs == legs


def test_a_task_that_is_handed_over_is_computed_in_another_process_and_the_pool_ends():
    work = mixed.tasks(2, 50, processes=2)

    async def both():
        async with work.awaitable() as call:
            there = len(multiprocessing.active_children())
            return await asyncio.gather(call(0), call(1)), there

    results, workers = asyncio.run(both())
    assert results == [work.expect(0), work.expect(1)]
    assert workers == 2, "they are there before the first task"
    assert multiprocessing.active_children() == []


def test_a_share_beyond_everything_is_refused():
    with pytest.raises(LabError, match="110 is no share"):
        mixed.tasks(20, 110)


LEFT_OUT_OF = {"threads", "asyncio"}  # computing on one core


def fields() -> dict[tuple[int, int], set[str]]:
    by_field: dict[tuple[int, int], set[str]] = {}
    for each in cases_of("mixed", experiment):
        if not experiment.unavailable(each):
            by_field.setdefault((each["in_flight"], each["cpu_percent"]), set()).add(each["model"])
    return by_field


@pytest.mark.parametrize("cores", [1, 2, 4, 64])
def test_every_short_field_is_measured_and_who_is_alone_in_it_is_put_first_by_arithmetic(
    monkeypatch, cores
):
    names = experiment.measure.__globals__
    monkeypatch.setitem(names, "cores", lambda: cores)
    monkeypatch.setitem(names, "MOST_PROCESSES", max(4, cores))
    shares, numbers = (0, 10, 25, 50, 75, 100), (1, 4, 16, 64, 256)
    assert set(fields()) == {
        (number, share)
        for number in numbers
        for share in shares
        if min(names["limit_ms"](model, share, number) for model in experiment.grid["model"])
        <= names["MAX_LIMIT_MS"]
    }
    for (number, share), models in fields().items():
        if len(models) == 1:
            (alone,) = models
            least = min(names["limit_ms"](model, share, number) for model in LEFT_OUT_OF)
            assert least > names["HOPELESS_RATIO"] * names["limit_ms"](alone, share, number)


def test_limits_are_what_cannot_overlap(monkeypatch):
    names = experiment.measure.__globals__
    monkeypatch.setitem(names, "cores", lambda: 2)
    limits = [names["limit_ms"](model, 25, 4) for model in experiment.grid["model"]]
    assert limits == [80.0, 15 + 4 * 5, 15 + 2 * 5, 15 + 4 * 5, 15 + 2 * 5]
    assert names["limit_ms"]("asyncio_processes", 100, 1) == 20


def test_the_need_of_models_left_out_is_measured_where_they_are_left_out(monkeypatch):
    names = experiment.measure.__globals__
    monkeypatch.setitem(names, "cores", lambda: 2)
    assert "one_core_least_s" not in experiment.measure(case("asyncio_processes", 50, 2))
    monkeypatch.setitem(names, "ALWAYS_MEASURED_MS", 0)
    monkeypatch.setitem(names, "HOPELESS_RATIO", 1.0)
    measured = experiment.measure(case("asyncio_processes", 25, 2))
    assert measured["one_core_least_s"] > 0.015  # one waits 15 ms, and both compute


def test_a_task_that_only_opens_what_has_to_be_opened_gives_no_answer_to_check():
    work = mixed.tasks(20, 100)
    assert work.blocking(mixed.OPENING) == mixed.Search(1, mixed.CURRENCIES)(0)
    assert work.blocking.wait_of(mixed.OPENING) == 0
    assert mixed.tasks(20, 0).blocking(mixed.OPENING) is None


def test_a_pool_as_large_as_what_is_in_flight_is_cut():
    most = max(4, machine.cores())
    assert experiment.unavailable(case("process_executor", 0, 256)).startswith(f"cut at {most}: ")
    assert experiment.unavailable(case("process_executor", 10, 4)) == ""


def test_where_the_best_takes_long_nobody_is_measured(monkeypatch):
    monkeypatch.setitem(experiment.measure.__globals__, "cores", lambda: 2)
    for model in experiment.grid["model"]:
        assert experiment.unavailable(case(model, 50, 256)).startswith("even the best has a limit above")
    assert experiment.unavailable(case("asyncio_processes", 25, 256)) == ""
    assert experiment.unavailable(case("asyncio_processes", 100, 64)) == ""
