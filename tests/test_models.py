"""Every model keeps the same promises; a new file in lab/models/ is held to them by itself."""

import json
import multiprocessing
import re
import subprocess
import sys
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from lab.catalog.models import load_model
from lab.catalog.names import model_names
from lab.core.work import Workload

HERE = Path(__file__).parent
TASKS = 4


def arms() -> list[tuple[str, ...]]:
    found = []
    for name in model_names():
        model = load_model(name)
        if not model.unavailable:
            found.append((name,))
            if "start_method" in model.axes:
                others = set(multiprocessing.get_all_start_methods()) - {multiprocessing.get_start_method()}
                found += [(name, method) for method in sorted(others)]
    return found


def facts(arm: tuple[str, ...]) -> dict[str, Any]:
    script = [sys.executable, "-W", "error", "-c", "import promises; promises.main()", *arm]
    ended = subprocess.run(script, cwd=HERE, capture_output=True, text=True, timeout=50, check=False)
    assert ended.returncode == 0, ended.stderr
    assert "Warning" not in ended.stderr, ended.stderr
    found: dict[str, Any] = json.loads(ended.stdout)
    return found


@pytest.fixture(scope="module", params=arms(), ids=" ".join)
def kept(request: pytest.FixtureRequest) -> dict[str, Any]:
    """What became of one model's promises, and the model."""
    return facts(request.param) | {"model": load_model(request.param[0])}


@pytest.fixture
def of_processes(kept: dict[str, Any]) -> dict[str, Any]:
    """The same, of a model whose workers are processes."""
    if kept["model"].workers_in != "process":
        pytest.skip(
            f"its workers live in the {kept['model'].workers_in}, so nothing is sent and none dies alone"
        )
    return kept


def test_a_batch_has_an_outcome_for_each_item_in_the_items_order(kept):
    assert kept["plain"]["indexes"] == list(range(TASKS))
    assert kept["plain"]["results"] == [0, 1, 4, 9]
    assert kept["plain"]["errors"] == [None] * TASKS


def test_a_batch_beside_another_thread_is_like_any_other(kept):
    if "beside a thread" not in kept:
        pytest.skip(f"under {kept['start_method']} its workers inherit no thread: only a fork is tried")
    assert kept["beside a thread"]["results"] == [0, 1, 4, 9]
    assert kept["beside a thread"]["errors"] == [None] * TASKS


def test_a_batch_of_nothing_and_a_batch_of_fewer_tasks_than_workers_work(kept):
    assert kept["nothing"]["indexes"] == []
    assert kept["one"]["results"] == [0]


def test_an_open_model_runs_one_batch_after_another(kept):
    assert kept["after the others"]["results"] == [0, 1, 4, 9], "all ran in one open model"


def test_a_task_is_submitted_then_started_then_finished(kept):
    for scenario in ("plain", "raises", "forced"):
        for submitted, started, finished in kept[scenario]["stamps"]:
            assert submitted <= started <= finished


def test_a_batch_is_submitted_whole_before_any_task_ends(kept):
    stamps = kept["forced"]["stamps"]
    assert max(submitted for submitted, _, _ in stamps) <= min(finished for _, _, finished in stamps)


def test_never_more_than_workers_are_in_flight_and_exactly_workers_where_the_work_forces_it(kept):
    assert kept["forced"]["errors"] == [None] * TASKS
    assert kept["forced"]["peak"] == kept["together"]
    assert kept["plain"]["peak"] <= kept["together"]


@pytest.mark.parametrize(
    ("scenario", "error"),
    [("raises", "ValueError: two"), ("exits", "SystemExit: leaving"), ("strange", "Strange: two")],
)
def test_a_task_that_raises_has_its_error_in_its_span_and_the_others_finish(kept, scenario, error):
    assert kept[scenario]["errors"] == [None, None, error, None]
    assert kept[scenario]["results"] == [0, 1, None, 3]


def test_a_result_that_does_not_pickle_is_an_error_and_the_others_finish(of_processes):
    errors = of_processes["unpicklable"]["errors"]
    assert [error is None for error in errors] == [True, True, False, True]
    assert "lambda" in errors[2], "the error says what did not pickle"


@pytest.mark.parametrize("death", ["killed", "vanishes"])
def test_a_worker_that_dies_is_reported_and_never_waited_for(of_processes, death):
    found = of_processes[death]
    assert found["indexes"] == list(range(TASKS))
    assert found["errors"][2], "the task whose worker died has an error"
    ended = zip(found["errors"], found["results"], strict=True)
    assert all(error or result is not None for error, result in ended), "nothing is lost in silence"


def test_a_task_that_does_not_pickle_runs_where_the_model_says_that_nothing_is_pickled(kept):
    if kept["model"].pickles:
        pytest.skip("its tasks are pickled")
    assert kept["closure"]["results"] == [1, 2, 3, 4]


def test_the_workers_live_where_the_model_says(kept):
    here, model = kept["here"], kept["model"]
    places = {tuple(place) for place in kept["where"]["results"]}
    expected = {
        "caller": {(here[0], True)},
        "loop": {(here[0], True, "awaited")},
        "thread": {(here[0], False)},
    }
    if model.workers_in == "process":
        assert here[0] not in {pid for pid, _ in places}
        assert {is_main for _, is_main in places} == {True}
    else:
        assert places == expected[model.workers_in]


def test_a_worker_that_stays_is_prepared_once_before_the_first_batch_or_has_inherited_it(kept):
    if "prepared" not in kept:
        pytest.skip("its workers are not prepared")
    assert kept["prepared"]["results"] == [1] * TASKS


@pytest.mark.parametrize(
    ("how", "error"),
    [
        ("unprepared", "LabError: preparing a worker: ValueError: not ready"),
        ("dead on arrival", "a worker of the pool died|terminated abruptly"),
    ],
)
def test_a_worker_that_cannot_prepare_is_reported_and_never_waited_for(kept, how, error):
    if "prepared" not in kept:
        pytest.skip("its workers are not prepared")
    assert re.search("^$" if kept["start_method"] == "fork" else error, kept[how])


def test_after_closing_nothing_is_left(kept):
    assert kept["after"] == kept["before"]


def test_a_model_without_workers_is_not_measured_under_several_numbers_of_them():
    assert load_model("sequential").axes == ()


def test_a_blocking_workload_holds_up_the_loop_of_asyncio():
    with load_model("asyncio").open(4) as run:
        outcomes = run(Workload(blocking=abs), [-1, -2])
    first, second = (outcome.span for outcome in outcomes)
    assert first.finished_ns <= second.started_ns
    assert [outcome.result for outcome in outcomes] == [1, 2]


def test_asyncio_opens_a_workloads_session_once_and_closes_it():
    events: list[str] = []
    workload = recording(events)
    with load_model("asyncio").open(2) as run:
        run(workload, [1])
        run(workload, [2])
        assert events == ["open"]
    assert events == ["open", "close"]


def recording(events: list[str]) -> Workload:
    @asynccontextmanager
    async def session():
        events.append("open")

        async def call(item):
            return item

        yield call
        events.append("close")

    return Workload(blocking=abs, awaitable=session)
