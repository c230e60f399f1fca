"""Fetching under a rate limit: all clients are served, and none earlier than it allows."""

import asyncio
from pathlib import Path
from types import SimpleNamespace

import pytest
import runs
from builders import beside
from server_client import ask_once, stats

from lab.catalog.cases import cases
from lab.catalog.experiments import find
from lab.core.errors import LabError
from lab.core.work import Case

_polite = beside("_polite")
FILE = Path(__file__).parents[1] / "experiments" / "rate_limit.py"
experiment = find("rate_limit").experiment
WORDS = experiment.measure.__globals__
CASES = {
    (case["model"], case["workers"], case["wait_ms"]): case for case in cases("rate_limit", experiment)
}


@pytest.fixture
def served(server, tag, monkeypatch):
    tag = str(abs(hash(tag)))  # a tag that needs no quoting, as those of trials
    monkeypatch.setenv("LAB_SERVER", server.url)
    monkeypatch.setenv("LAB_TAG", tag)
    return SimpleNamespace(server=server, tag=tag)


def test_pools_of_every_size_and_one_pool_before_three_servers():
    assert len(CASES) == 12
    assert {at[1] for at in CASES if at[0] == "thread_pool" and at[2] == 10} == {1, 2, 4, 8, 16}
    assert {at for at in CASES if at[2] != 10} == {("thread_pool", 4, 2), ("thread_pool", 4, 40)}


@pytest.mark.parametrize(
    "at",
    [
        ("threads", "all", 10),
        ("thread_pool", 2, 10),
        ("thread_pool", 4, 2),
        ("token_bucket", 16, 10),
        ("asyncio", 16, 10),
        ("asyncio_limiter", 16, 10),
    ],
    ids=str,
)
def test_every_fetch_is_served_and_none_sooner_than_the_limit_allows(served, at):
    measured = experiment.measure(CASES[at])
    numbers = measured.numbers
    assert numbers["served"] == WORDS["TASKS"] == len(measured.spans)
    # The 30th token is there 24 intervals of 5 ms after the first six.
    assert numbers["limit_s"] == pytest.approx(24 * 0.005 + at[2] / 1000)
    assert numbers["makespan_s"] >= numbers["limit_s"]
    shortest = numbers["makespan_s"] / (1 + numbers["over_limit_percent"] / 100)
    assert shortest == pytest.approx(numbers["limit_s"])
    assert numbers["in_flight_bounded"] is True
    workers = WORDS["TASKS"] if at[1] == "all" else at[1]
    assert 1 <= numbers["peak_in_flight"] <= workers
    assert 1 <= numbers["server_peak_in_flight"] <= workers
    counted = stats(served.server, served.tag)
    assert counted["refused"] == counted["errors"] == numbers["refused"]
    assert counted["requests"] == counted["new_connections"] == numbers["served"] + numbers["refused"]
    assert numbers["requests_per_s"] == pytest.approx(counted["requests"] / numbers["makespan_s"])


@pytest.mark.parametrize("client", ["Blocking", "Awaiting"])
def test_a_refused_client_waits_for_the_given_time_and_sends_its_request_again(served, monkeypatch, client):
    monkeypatch.setitem(WORDS, "LIMITED", "rate_per_s=0.001&burst=1")
    slept = []

    def sleep(seconds):
        slept.append(seconds)
        ask_once(served.server, f"/stats/{served.tag}", method="DELETE")  # fills the bucket

    async def sleep_async(seconds):
        sleep(seconds)

    monkeypatch.setattr(WORDS["time"], "sleep", sleep)
    monkeypatch.setattr(asyncio, "sleep", sleep_async)
    if client == "Blocking":
        asking = WORDS[client](1, lambda: None)
        rates = [asking(base) for base in ("eur", "gbp")]
    else:
        asking = WORDS[client](1, WORDS["nullcontext"])
        rates = asyncio.run(in_turn(asking, ("eur", "gbp")))
    assert rates == [asking.request.expect(base) for base in ("eur", "gbp")]
    assert [900 < seconds <= 1000 for seconds in slept] == [True]


def test_a_pool_of_processes_is_served_whole_and_its_refusals_are_the_servers():
    rows = runs.measured(FILE, only={"model": ["process_executor"]})
    (sample,) = rows.samples
    assert [(trial.status, trial.reason) for trial in rows.trials] == [("ok", "")]
    assert sample.metrics["served"] == WORDS["TASKS"]
    requests = sample.metrics["requests_per_s"] * sample.metrics["makespan_s"]
    assert round(requests) == WORDS["TASKS"] + sample.metrics["refused"]


async def in_turn(asking, bases):
    async with asking() as fetch:
        return [await fetch(base) for base in bases]


class Time:
    """A clock that stands still, and remembers who sleeps for how long."""

    def __init__(self):
        self.now_s, self.slept = 1000.0, []

    def monotonic(self):
        return self.now_s

    def sleep(self, seconds):
        self.slept.append(round(seconds, 9))


def test_the_clients_bucket_lets_three_through_and_then_one_every_5_ms(monkeypatch):
    monkeypatch.setattr(_polite, "time", time := Time())
    bucket = _polite.TokenBucket(200, 3)
    for _ in range(6):
        bucket.take()
    assert time.slept == [0, 0, 0, 0.005, 0.010, 0.015]
    time.now_s += 0.020
    bucket.take()
    bucket.take()
    assert time.slept[6:] == [0, 0.005]


def test_the_clients_bucket_never_saves_more_than_its_burst(monkeypatch):
    monkeypatch.setattr(_polite, "time", time := Time())
    bucket = _polite.TokenBucket(200, 3)
    for now_s in (1000.0, 2000.0):
        time.now_s = now_s
        for _ in range(4):
            bucket.take()
    assert time.slept == [0, 0, 0, 0.005] * 2


def test_the_limiter_of_asyncio_is_the_same_bucket():
    limiter = WORDS["limiter"]()
    assert (limiter.max_rate, limiter.max_rate / limiter.time_period) == (3, pytest.approx(200))


def test_without_aiolimiter_its_arm_alone_is_skipped_with_the_words_that_install_it(monkeypatch):
    monkeypatch.setitem(WORDS, "missing", lambda packages: f"pip install {' '.join(packages)}".strip())
    why = {model: experiment.unavailable(Case("rate_limit", {"model": model})) for model, *_ in CASES}
    assert why.pop("asyncio_limiter") == "pip install aiolimiter"
    assert set(why.values()) == {"pip install"}


def test_nothing_is_told_of_fetches_that_failed(served, monkeypatch):
    monkeypatch.setattr(WORDS["Blocking"], "__call__", lambda self, base: {})
    with pytest.raises(LabError, match=r"lab\.batch: task 0 returned \{\} instead of "):
        experiment.measure(CASES["thread_pool", 2, 10])
