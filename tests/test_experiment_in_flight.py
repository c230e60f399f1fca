"""Many fetches at once: what is counted, what is cut and why; never how fast."""

import resource
from types import SimpleNamespace

import pytest
from runs import measured as measured_in_trials

from lab.catalog.cases import cases as cases_of
from lab.catalog.experiments import find
from lab.core.errors import LabError
from lab.core.work import Case
from lab.runner import plan

FILE = find("in_flight").path
experiment = find("in_flight").experiment


@pytest.fixture
def module(server, tag, monkeypatch):
    monkeypatch.setenv("LAB_SERVER", server.url)
    monkeypatch.setenv("LAB_TAG", str(abs(hash(tag))))
    monkeypatch.setitem(experiment.measure.__globals__, "WAIT_S", 0.2)
    return SimpleNamespace(**experiment.measure.__globals__)


def case(model: str, in_flight: int) -> Case:
    return Case("in_flight", {"model": model, "in_flight": in_flight})


@pytest.mark.parametrize("model", ["threads", "thread_pool", "asyncio"])
@pytest.mark.usefixtures("module")
def test_the_server_sees_all_of_them_at_once(model):
    measured = experiment.measure(case(model, 20))
    assert measured["server_peak"] == 20
    assert measured["makespan_s"] >= measured["limit_s"] == 0.2
    assert 0 <= measured["waiting_memory_bytes"] <= measured["peak_memory_bytes"]
    assert measured["peak_memory_of_each_bytes"] == measured["peak_memory_bytes"] / 20
    assert measured["cpu_of_each_s"] > 0


def test_the_memory_of_processes_is_that_of_the_tree():
    # In a trial of its own: here, what other tests leave and end is in the tree as well.
    rows = measured_in_trials(FILE, only={"model": ["processes"], "in_flight": ["100"]})
    (sample,) = rows.samples
    assert sample.metrics["waiting_memory_bytes"] > 4 * 500_000
    assert 4 <= sample.metrics["server_peak"] <= 100


@pytest.mark.usefixtures("module")
def test_a_fetch_that_fails_fails_the_trial(monkeypatch):
    monkeypatch.setenv("LAB_SERVER", "http://127.0.0.1:1")
    monkeypatch.setitem(experiment.measure.__globals__, "warm_up", lambda *_: None)
    with pytest.raises(LabError, match=r"lab\.batch: 2 of 2 tasks failed; task 0: ConnectionRefusedError"):
        experiment.measure(case("asyncio", 2))


def test_where_the_hard_limit_of_files_is_too_low_the_command_that_raises_it_is_named(monkeypatch):
    monkeypatch.setattr(resource, "getrlimit", lambda which: (1024, 4096))
    assert experiment.unavailable(case("asyncio", 1_000)) == ""
    assert experiment.unavailable(case("asyncio", 10_000)) == (
        "needs 10200 open files, the hard limit is 4096; raise it as root: ulimit -Hn 10200"
    )


def test_a_case_that_is_cut_says_where_and_why(monkeypatch):
    unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    monkeypatch.setattr(resource, "getrlimit", lambda which: unlimited)
    assert experiment.unavailable(case("processes", 1_000)).startswith("a thousand take more than four ")
    assert experiment.unavailable(case("thread_pool", 5_000)).startswith("it takes 13 s ")
    assert experiment.unavailable(case("thread_pool", 10_000)).startswith("it takes more than 30 s ")
    assert experiment.unavailable(case("threads", 10_000)).startswith("they end as fast as they start")
    assert experiment.unavailable(case("threads", 10)).startswith("left out to save time: ")
    assert experiment.unavailable(case("threads", 5_000)) == ""


def test_every_cell_is_measured_or_says_why_not(monkeypatch):
    unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    monkeypatch.setattr(resource, "getrlimit", lambda which: unlimited)
    sizes = {}
    for each in cases_of("in_flight", experiment):
        if not experiment.unavailable(each):
            sizes.setdefault(each["model"], []).append(each["in_flight"])
    assert sizes == {
        "threads": [100, 300, 1_000, 5_000],
        "thread_pool": [1_000],
        "processes": [100],
        "asyncio": [1, 10, 100, 300, 1_000, 5_000, 10_000],
    }


def test_the_control_is_measured_at_one_size_only():
    cases = cases_of("in_flight", experiment)
    every = plan.with_aa_control(cases, "asyncio", experiment.aa_control)
    assert [str(each) for each in every if each.is_aa_control] == ["model=asyncio (A/A) in_flight=100"]
