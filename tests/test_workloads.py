"""What a task does is right, the same whether it blocks or is awaited, and fits into a worker process."""

import asyncio
import hashlib
import pickle
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from math import exp, prod
from threading import Barrier
from typing import Any

import aiohttp
import numpy as np
import pytest
import requests
from server_client import NOTHING, await_stats, stats

from lab.core.errors import LabError
from lab.core.work import Workload
from lab.server import MAX_WAIT_MS
from lab.server.rates import codes, rates
from lab.workloads import arbitrage, currency, digest, pause

EVERY = [currency.fetch(), arbitrage.search(), digest.sha256(1), pause.sleep()]


@pytest.fixture
def counted(server, tag, monkeypatch) -> Callable[[], dict[str, int]]:
    """The server as a trial says it; call it for what the server has counted."""
    monkeypatch.setenv("LAB_SERVER", server.url)
    monkeypatch.setenv("LAB_TAG", tag)
    monkeypatch.delenv("LAB_LIVE", raising=False)
    return lambda: stats(server, tag)


def blocking(workload: Workload, items: Sequence[Any], threads: int = 1) -> list[Any]:
    """Run tasks in threads that each have at least one, and close what the threads keep open."""
    together = Barrier(threads)

    def work(mine: Sequence[Any]) -> list[Any]:
        together.wait(20)
        try:
            return [workload.blocking(item) for item in mine]
        finally:
            if session := currency._of_thread.__dict__.pop("session", None):
                session.close()

    with ThreadPoolExecutor(threads) as pool:
        shares = list(pool.map(work, [items[n::threads] for n in range(threads)]))
    return [shares[n % threads][n // threads] for n in range(len(items))]


def awaited(workload: Workload, items: Sequence[Any]) -> list[Any]:
    """Await all tasks at once, in one session."""

    async def work() -> list[Any]:
        assert workload.awaitable is not None
        async with workload.awaitable() as call:
            return await asyncio.gather(*map(call, items))

    return asyncio.run(work())


@pytest.mark.parametrize("workload", EVERY, ids=["fetch", "search", "digest", "sleep"])
def test_a_workload_pickles(workload):
    again = pickle.loads(pickle.dumps(workload))
    assert again.blocking == workload.blocking
    assert again.wait_s == workload.wait_s


@pytest.mark.parametrize("run", [blocking, awaited])
@pytest.mark.parametrize("connections", ["new", "kept"])
def test_a_fetch_gives_the_recorded_rates_of_what_was_asked(counted, run, connections):
    workload = currency.fetch(connections=connections)
    bases = ["eur", "chf", "pln"]
    found = run(workload, bases)
    recorded = [{code: (rates(base) | {base: 1.0})[code] for code in currency.SYMBOLS} for base in bases]
    assert found == recorded == [workload.expect(base) for base in bases]
    assert found[1]["chf"] == 1.0, "the base's own rate"
    assert counted()["requests"] == 3
    assert counted()["errors"] == 0


@pytest.mark.parametrize("run", [blocking, awaited])
def test_new_connections_are_one_for_each_fetch_as_the_server_counts(counted, run):
    run(currency.fetch(), currency.bases(6))
    assert (counted()["requests"], counted()["new_connections"]) == (6, 6)


@pytest.mark.parametrize("threads", [1, 3])
def test_kept_connections_are_one_for_each_thread_as_the_server_counts(counted, threads):
    blocking(currency.fetch(connections="kept"), currency.bases(9), threads)
    assert (counted()["requests"], counted()["new_connections"]) == (9, threads)


@pytest.mark.parametrize(("connections", "many"), [("new", 5), ("kept", 1)])
def test_an_awaited_session_keeps_its_connection_only_where_it_may(counted, connections, many):
    async def one_after_another():
        async with currency.fetch(connections=connections).awaitable() as call:
            for base in currency.bases(5):
                await call(base)

    asyncio.run(one_after_another())
    assert (counted()["requests"], counted()["new_connections"]) == (5, many)


def test_awaited_fetches_are_as_many_at_once_as_are_asked_for(counted, server, tag):
    async def until_all_wait(many):
        async with currency.fetch(wait_ms=MAX_WAIT_MS).awaitable() as call:
            fetches = [asyncio.create_task(call(base)) for base in currency.bases(many)]
            await asyncio.to_thread(await_stats, server, tag, "requests", many)
            for fetch in fetches:
                fetch.cancel()
            await asyncio.gather(*fetches, return_exceptions=True)

    asyncio.run(until_all_wait(110))
    assert counted()["peak_in_flight"] == 110, "the client's own cap would be 100"


@pytest.mark.parametrize("connections", ["new", "kept"])
def test_a_base_that_is_not_there_raises(counted, connections):
    workload = currency.fetch(connections=connections)
    with pytest.raises(requests.HTTPError, match="404"):
        blocking(workload, ["xyz"])
    with pytest.raises(aiohttp.ClientResponseError, match="404"):
        awaited(workload, ["xyz"])
    assert counted()["errors"] == 2


def test_a_fetch_heeds_no_proxy_on_the_way_to_this_machine(counted, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    assert blocking(currency.fetch(), ["eur"]) == awaited(currency.fetch(), ["eur"])


def test_live_fetches_say_who_they_are_ask_for_no_wait_and_are_not_checked(counted, monkeypatch):
    monkeypatch.setenv("LAB_LIVE", "1")
    workload = currency.fetch(wait_ms=60_001)
    assert workload.expect is None
    assert workload.wait_s is None
    assert blocking(workload, ["eur"]) == awaited(workload, ["eur"])
    assert counted() == NOTHING, "the real feed gets no tag"
    request = workload.blocking
    assert request.headers() == {"User-Agent": currency.USER_AGENT}
    assert request.url("eur").endswith("/daily/eur.json")


def test_the_wait_is_asked_of_the_server_and_is_the_limit_of_a_task(counted):
    workload = currency.fetch(wait_ms=2.5)
    assert workload.blocking.url("eur").endswith("/daily/eur.json?wait_ms=2.5")
    assert workload.wait_s == 0.0025


def test_fourteen_bases_come_over_again_where_more_are_asked_for():
    assert currency.bases(3) == ["eur", "gbp", "aud"]
    assert len(set(currency.bases(14))) == 14
    assert currency.bases(16) == [*currency.bases(14), "eur", "gbp"]
    assert set(currency.bases(14)) <= set(codes())


def test_a_connection_policy_that_is_none_is_refused():
    with pytest.raises(LabError) as raised:
        currency.fetch(connections="old")
    assert str(raised.value) == "currency.fetch: connections are 'new' or 'kept', not 'old'"


def cheapest(legs: int) -> np.ndarray:
    """Return -log of the best gain from each currency to each, by at most `legs` conversions.

    Powers of the market's matrix in the min-plus semiring, where a step that stays is free.
    """
    market = np.array(arbitrage.market())  # [to][origin]
    best = np.where(np.eye(len(market), dtype=bool), 0.0, np.inf)
    for _ in range(legs):
        best = np.stack([(market + column).min(axis=1) for column in best.T], axis=1)
    return best


def test_the_stored_answers_are_those_of_another_computation_for_every_currency():
    gains = [round(exp(-cost), 9) for cost in np.diag(cheapest(arbitrage.LEGS))]
    assert [arbitrage.expect(chunk)[0] for chunk in range(150)] == gains
    assert list(arbitrage.answers()) == list(codes())


def test_every_stored_loop_can_be_walked_and_earns_what_it_says():
    place = {code: number for number, code in enumerate(codes())}
    for source, (gain, loop) in arbitrage.answers().items():
        steps = list(pairwise(loop))
        assert loop[0] == loop[-1] == source
        assert 2 <= len(steps) <= arbitrage.LEGS
        earned = prod(exp(-arbitrage.market()[place[to]][place[origin]]) for origin, to in steps)
        assert earned == pytest.approx(gain, abs=1e-9)
        assert gain > 1


def test_a_search_finds_the_stored_answer_and_fewer_legs_earn_no_more():
    search = arbitrage.search()
    for chunk in (0, 77, 149, 150):
        assert search.blocking(chunk) == search.expect(chunk)
    short = arbitrage.search(legs=4)
    assert short.expect is None
    gains = [round(exp(-cost), 9) for cost in np.diag(cheapest(4))]
    assert [short.blocking(chunk)[0] for chunk in range(150)] == gains


def test_the_market_has_the_recorded_rates_each_off_by_half_a_per_cent_at_most():
    market, places = arbitrage.market(), [codes().index(code) for code in ("eur", "usd", "pln")]
    for origin in places:
        recorded = rates(codes()[origin])
        for to in places:
            if to != origin:
                assert exp(-market[to][origin]) == pytest.approx(recorded[codes()[to]], rel=0.005001)
    assert all(market[n][n] == 0.0 for n in range(150))


def test_a_digest_is_that_of_the_whole_buffer_and_the_tasks_number():
    workload = digest.sha256(2)
    whole = bytes(range(256)) * 8192
    assert len(whole) == 2 << 20
    for chunk in (0, 1, 12):
        expected = hashlib.sha256(whole + str(chunk).encode()).hexdigest()
        assert workload.blocking(chunk) == workload.expect(chunk) == expected


def test_prepared_data_are_made_once():
    digest.buffer.cache_clear()
    workload = digest.sha256(1)
    workload.prepare()
    workload.prepare()
    workload.blocking(0)
    assert digest.buffer.cache_info().misses == 1


def test_a_pause_returns_its_item_and_its_limit_is_its_length():
    workload = pause.sleep(ms=0)
    assert blocking(workload, ["a", "b"]) == awaited(workload, ["a", "b"]) == ["a", "b"]
    assert [workload.expect(item) for item in ("a", 2)] == ["a", 2]
    assert pause.sleep(ms=20).wait_s == 0.02
    assert pause.sleep(ms=20).blocking.seconds == pause.sleep(ms=20).awaitable.__self__.seconds == 0.02
