"""The same fetches through each client: the connections are as the policy says, or there is no number."""

import gc

import pytest

from lab.catalog.experiments import find
from lab.core.errors import LabError
from lab.core.work import Case
from lab.server.asking import Tally
from lab.workloads import document

experiment = find("clients").experiment
WORDS = experiment.measure.__globals__


@pytest.fixture
def few(server, tag, monkeypatch):
    monkeypatch.setenv("LAB_SERVER", server.url)
    monkeypatch.setenv("LAB_TAG", str(abs(hash(tag))))
    document.httpx_client.cache_clear()
    for name, value in {"FETCHES": 12, "WORKERS": 3, "WAIT_S": 0.005}.items():
        monkeypatch.setitem(WORDS, name, value)
    yield
    if document.httpx_client.cache_info().currsize:
        document.httpx_client().close()
        document.httpx_client.cache_clear()
    gc.collect()  # the connections that the pool's threads have kept, within this test's filter


def case(model: str, client: str, connections: str) -> Case:
    return Case("clients", {"model": model, "client": client, "connections": connections})


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("connections", ["new", "kept"])
@pytest.mark.parametrize("client", experiment.grid["client"])
@pytest.mark.parametrize("model", experiment.grid["model"])
@pytest.mark.usefixtures("few")
def test_every_client_works_under_its_model_with_connections_as_told(model, client, connections):
    numbers = experiment.measure(case(model, client, connections))
    assert numbers["makespan_s"] >= numbers["limit_s"] == pytest.approx(0.02)
    assert numbers["cpu_of_each_s"] > 0
    assert 1 <= numbers["server_peak"] <= 3


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(
    ("policy", "seen"),
    [
        ("new", {"requests": 12, "new_connections": 11, "errors": 0}),
        ("kept", {"requests": 12, "new_connections": 4, "errors": 0}),
        ("kept", {"requests": 13, "new_connections": 0, "errors": 0}),
        ("new", {"requests": 12, "new_connections": 12, "errors": 1}),
    ],
)
@pytest.mark.usefixtures("few")
def test_connections_that_the_server_counts_otherwise_fail_the_trial(monkeypatch, policy, seen):
    monkeypatch.setattr(Tally, "counts", lambda self: seen | {"peak_in_flight": 3})
    with pytest.raises(LabError, match=r"lab\.batch: the server counted "):
        experiment.measure(case("thread_pool", "minimal codec", policy))


@pytest.mark.usefixtures("few")
def test_a_client_that_is_not_there_is_skipped_with_the_command_that_installs_it(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert experiment.unavailable(case("asyncio", "requests/aiohttp", "new")) == (
        "not installed: aiohttp; pip install aiohttp"
    )
    assert "requests" in experiment.unavailable(case("thread_pool", "requests/aiohttp", "new"))
    assert experiment.unavailable(case("asyncio", "minimal codec", "new")) == ""


def test_the_clients_that_predictions_find_are_those_of_the_grid():
    (declared,) = experiment.constants
    assert {declared.least, declared.usual} < set(experiment.grid[declared.axis])


def test_the_gap_that_is_claimed_and_drawn_is_that_between_cases_of_the_grid():
    gap = WORDS["GAP"]
    assert {gap.model, gap.to} == set(experiment.grid["model"])
    assert {gap.of, gap.control} < set(experiment.grid[gap.axis])
