"""Which samples do not count, and why: wrong results, work that was not concurrent, unequal conditions.

Three models here are wrong on purpose, and each is found out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from lab.core import clock
from lab.core.errors import CLIP, clipped
from lab.core.work import Case, Item, Model, Outcome, Run, Span, Workload
from lab.models import asyncio as asyncio_model
from lab.models import sequential, thread_pool, threads
from lab.server.launch import Server
from lab.trial.phases import workload_samples
from lab.trial.validity import (
    Expected,
    concurrency_error,
    expected_of,
    result_error,
    server_count_error,
)
from lab.workloads import arbitrage, currency, pause


def span(index: int, started: int = 0, finished: int = 9) -> Span:
    return Span(index, 0, started, finished, "w")


@pytest.mark.parametrize("indexes", [[0], [1, 0], [0, 1, 2], [0, 0], []])
def test_outcomes_that_are_missing_or_out_of_order_are_a_fault(indexes: list[int]) -> None:
    outcomes = [Outcome(span(index), index) for index in indexes]
    assert f"{len(indexes)} outcomes for 2 items" in result_error(outcomes, [0, 1], Workload(abs))


def test_results_are_not_compared_where_nobody_knows_the_right_ones() -> None:
    assert result_error([Outcome(span(0), "anything")], [0], Workload(abs)) == ""


def test_a_reason_is_no_longer_than_a_row_can_bear() -> None:
    assert clipped("x" * CLIP) == "x" * CLIP
    assert clipped("x" * (CLIP + 1)) == "x" * (CLIP - 1) + "…"


def test_more_in_flight_than_was_asked_is_void_and_fewer_where_the_work_forces_them() -> None:
    both, one = [span(0, 0, 2), span(1, 1, 3)], [span(0, 0, 1), span(1, 1, 2)]
    assert (
        concurrency_error(both, Expected(2, 2, forced=True))
        == concurrency_error(one, Expected(2, 1, forced=True))
        == ""
    )
    assert concurrency_error(both, Expected(2, 1)) == "2 of 2 tasks in flight at once, where 1 were asked"
    assert (
        concurrency_error(one, Expected(2, 2, forced=True))
        == "1 of 2 tasks in flight at once, where 2 were asked"
    )
    assert concurrency_error(one, Expected(2, 2)) == ""


def counts(requests: int = 14, connections: int = 14, peak: int = 14, errors: int = 0) -> dict[str, int]:
    return {
        "requests": requests,
        "new_connections": connections,
        "peak_in_flight": peak,
        "errors": errors,
    }


NEW = Expected(14, 14, forced=True, connections="new")
KEPT = NEW._replace(in_flight=4, connections="kept")


@pytest.mark.parametrize(
    ("counted", "wanted", "reason"),
    [
        (counts(), NEW, ""),
        (counts(peak=8), NEW, ""),
        (counts(requests=13), NEW, "13 requests for 14 tasks"),
        (counts(requests=15), NEW, "15 requests for 14 tasks"),
        (counts(errors=2), NEW, "2 errors among 14 requests"),
        (counts(peak=7), NEW, "saw 7 requests in flight at once, where 14 were asked"),
        (counts(peak=7), NEW._replace(forced=False), ""),
        (counts(peak=5), NEW._replace(in_flight=4), "saw 5 requests in flight at once, where 4 were asked"),
        (counts(connections=13), NEW, "13 new connections for 14 requests, where each was to have its own"),
        (counts(connections=0, peak=4), KEPT, ""),
        (counts(connections=4, peak=4), KEPT, ""),
        (
            counts(connections=5, peak=4),
            KEPT,
            "5 new connections for 14 requests, where 4 kept ones would do",
        ),
        (counts(peak=4), KEPT._replace(workers_stay=False), ""),
        ({}, NEW, "the server did not say what it had counted"),
        (counts(requests=0, connections=0, peak=0), NEW._replace(connections=""), ""),
        (counts(requests=1, connections=1, peak=1), Expected(1, 1, forced=True, connections="new"), ""),
    ],
)
def test_the_servers_counts_are_held_against_what_was_asked(
    counted: dict[str, int], wanted: Expected, reason: str
) -> None:
    error = server_count_error(counted, wanted)
    assert error.endswith(reason)
    assert bool(error) == bool(reason)


def test_work_forces_its_workers_into_flight_where_they_are_there_and_it_waits() -> None:
    wait, moment = pause.sleep(20), pause.sleep(19)
    assert expected_of(thread_pool.model, wait, 14, 4) == Expected(14, 4, forced=True)
    assert expected_of(sequential.model, wait, 14, 1) == Expected(14, 1, forced=True)
    assert not expected_of(thread_pool.model, moment, 14, 4).forced
    assert not expected_of(thread_pool.model, arbitrage.search(), 14, 4).forced
    assert not expected_of(threads.model, wait, 14, 4).forced
    assert not expected_of(asyncio_model.model, replace(wait, awaitable=None), 14, 4).forced
    assert expected_of(threads.model, currency.fetch(), 5, 14) == Expected(
        5, 5, connections="new", workers_stay=False
    )


def voids(model: Model, workload: Workload, workers: int = 14) -> list[str]:
    """Return why each of two samples of fourteen tasks does not count."""
    frames: list[Any] = []
    case = Case("wrong", {"tasks": 14, "workers": workers})
    workload_samples(model, workload, case, {"warmups": 1, "samples": 2, "memory": False}, frames.append)
    return [frame["void"] for frame in frames if "sample" in frame]


def changed(change: Callable[[Run, Workload, Sequence[Item]], list[Outcome]], right: Model) -> Model:
    """Return a model that is right but for what it does with a batch."""

    @contextmanager
    def opened(workers: int) -> Iterator[Run]:
        with right.open(workers) as run:
            yield lambda workload, items: change(run, workload, items)

    return Model(opened)


@pytest.fixture
def asks(server: Server, tag: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAB_SERVER", server.url)
    monkeypatch.setenv("LAB_TAG", tag.replace("[", ".").replace("]", ""))


@pytest.mark.usefixtures("asks")
@pytest.mark.parametrize("connections", ["new", "kept"])
@pytest.mark.parametrize("model", [thread_pool.model, asyncio_model.model, threads.model])
def test_a_right_model_counts(model: Model, connections: str) -> None:
    assert voids(model, currency.fetch(wait_ms=150, connections=connections)) == ["", ""]


@pytest.mark.usefixtures("asks")
def test_a_model_that_drops_the_last_task_is_void() -> None:
    drops = changed(lambda run, workload, items: run(workload, items[:-1]), thread_pool.model)
    reason = "13 outcomes for 14 items, or not in their order"
    assert voids(drops, currency.fetch(wait_ms=50)) == [reason, reason]


@pytest.mark.usefixtures("asks")
def test_a_model_that_runs_one_after_another_and_claims_fourteen_workers_is_void() -> None:
    one_by_one = Model(sequential.opened)
    reason = "1 of 14 tasks in flight at once, where 14 were asked"
    assert voids(one_by_one, currency.fetch(wait_ms=20)) == [reason, reason]


@pytest.mark.usefixtures("asks")
def test_a_model_that_also_forges_its_spans_is_found_out_by_the_server() -> None:
    def forge(run: Run, workload: Workload, items: Sequence[Item]) -> list[Outcome]:
        began, outcomes = clock.now(), run(workload, items)
        ended = clock.now()
        return [
            outcome._replace(span=replace(outcome.span, started_ns=began, finished_ns=ended))
            for outcome in outcomes
        ]

    reason = "the server saw 1 requests in flight at once, where 14 were asked"
    assert voids(changed(forge, Model(sequential.opened)), currency.fetch(wait_ms=20)) == [reason, reason]


@pytest.mark.usefixtures("asks")
def test_a_model_that_reuses_connections_where_each_fetch_should_have_its_own_is_void() -> None:
    reuses = replace(currency.fetch(wait_ms=200, connections="kept"), connections="new")
    reason = "the server counted 0 new connections for 14 requests, where each was to have its own"
    assert voids(thread_pool.model, reuses) == [reason, reason]


@pytest.mark.usefixtures("asks")
def test_a_model_that_opens_connections_where_they_should_be_kept_is_void() -> None:
    wasteful = replace(currency.fetch(wait_ms=50), connections="kept")
    reason = "the server counted 14 new connections for 14 requests, where 4 kept ones would do"
    assert voids(thread_pool.model, wasteful, workers=4) == [reason, reason]


@pytest.mark.usefixtures("asks")
def test_a_model_that_answers_from_memory_is_void() -> None:
    known: list[list[Outcome]] = []

    def remember(run: Run, workload: Workload, items: Sequence[Item]) -> list[Outcome]:
        known.append(known[0] if known else run(workload, items))
        return known[-1]

    reason = "the server counted 0 requests for 14 tasks"
    assert voids(changed(remember, thread_pool.model), currency.fetch(wait_ms=50)) == [reason, reason]
