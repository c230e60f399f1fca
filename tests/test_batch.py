"""`lab.batch`: what an experiment that has `measure` is given of a batch, and when it is given none."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

import lab
from lab.core.errors import LabError
from lab.core.work import Item, Outcome, Span, Workload
from lab.server.launch import Server
from lab.trial.batch import Batch
from lab.workloads import currency, document, pause


def scripted(*stamps: tuple[int, int, int], results: list[Item] | None = None):
    """Return a run that gives spans with these stamps, and the items as results."""

    def run(workload: Workload, items: list[Item]) -> list[Outcome]:
        given = items if results is None else results
        return [
            Outcome(Span(index, *each, "w"), result)
            for index, (each, result) in enumerate(zip(stamps, given, strict=True))
        ]

    return run


def work(**more) -> Workload:
    return Workload(abs, expect=abs, **more)


def test_a_batch_has_its_makespan_its_spans_and_the_most_that_were_in_flight() -> None:
    batch = lab.batch(scripted((10, 20, 50), (12, 50, 90), (14, 24, 60)), work(), [0, 1, 2])
    assert isinstance(batch, Batch)
    assert batch.makespan_s == lab.makespan_s(batch.spans) == 80e-9
    assert batch.peak_in_flight == 2
    assert [outcome.result for outcome in batch.outcomes] == [0, 1, 2]
    assert batch.counts is None


def test_the_cpu_time_is_that_of_the_process_and_all_its_descendants() -> None:
    def burn(item: Item) -> Item:
        end = time.process_time() + 0.05
        while time.process_time() < end:
            pass
        return item

    with lab.load_model("sequential").open() as run:
        here = lab.batch(run, Workload(burn), [0, 1]).cpu_s
    with lab.load_model("fork").open(2) as run:
        there = lab.batch(run, Workload(burn), [0, 1], workers=2).cpu_s
    assert here is not None and there is not None
    assert 0.1 <= here < 0.4
    assert 0.1 <= there < 0.4


def test_where_the_cpu_time_cannot_be_known_it_is_none() -> None:
    assert Batch(work(), [], [], None, None).cpu_s is None


@pytest.mark.parametrize(
    ("run", "workers", "reason"),
    [
        (scripted((0, 1, 2), (0, 1, 2), results=[0, 7]), None, "task 1 returned 7 instead of 1"),
        (lambda _, items: [], None, "0 outcomes for 2 items, or not in their order"),
        (scripted((0, 1, 3), (0, 2, 4)), 1, "2 of 2 tasks in flight at once, where 1 were asked"),
    ],
)
def test_a_batch_that_does_not_count_is_never_a_number(run, workers, reason) -> None:
    with pytest.raises(LabError) as raised:
        lab.batch(run, work(), [0, 1], workers=workers)
    assert str(raised.value) == f"lab.batch: {reason}"


def test_a_task_that_fails_fails_the_batch_with_its_error() -> None:
    with lab.load_model("threads").open(2) as run, pytest.raises(LabError) as raised:
        lab.batch(run, Workload(len), [0, "one"])
    assert str(raised.value) == (
        "lab.batch: 1 of 2 tasks failed; task 0: TypeError: object of type 'int' has no len()"
    )


@pytest.fixture
def asks(server: Server, tag: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAB_SERVER", server.url)
    monkeypatch.setenv("LAB_TAG", str(abs(hash(tag))))


@pytest.mark.usefixtures("asks")
def test_the_servers_count_is_that_of_this_batch_alone() -> None:
    fetches = document.fetch(wait_ms=20)
    with lab.load_model("threads").open(5) as run:
        run(fetches, fetches.items(3))  # a warm-up
        first, second = (lab.batch(run, fetches, fetches.items(number)) for number in (5, 2))
    assert [batch.counts["requests"] for batch in (first, second)] == [5, 2]
    assert first.counts["new_connections"] == 5
    assert first.makespan_s >= 0.02
    assert 0 <= first.counts["server_cpu_s"] < 5


@pytest.mark.usefixtures("asks")
def test_a_server_that_saw_other_connections_than_the_workload_declares_fails_the_batch() -> None:
    fetches = replace(document.fetch(connections="new"), connections="kept")
    with lab.load_model("threads").open(2) as run, pytest.raises(LabError, match="where 2 kept ones"):
        lab.batch(run, fetches, fetches.items(9), workers=2)


@pytest.mark.usefixtures("asks")
def test_a_server_that_is_gone_fails_the_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAB_SERVER", "http://127.0.0.1:1")
    with lab.load_model("sequential").open() as run, pytest.raises(LabError, match="did not say what it"):
        lab.batch(run, Workload(str, uses_server=True), currency.bases(1))


def test_the_lower_bound_is_whole_waits_one_after_another() -> None:
    assert pause.sleep(10).limit_s(5, 2) == pytest.approx(0.03)
    assert pause.sleep(10).limit_s(4, 4) == pytest.approx(0.01)
    assert Workload(abs).limit_s(4, 2) is None
