"""Two hundred fetches through pools of many sizes: all are right, and the threads end with the pool."""

import asyncio
import subprocess
import sys
import threading
from math import ceil

import pytest
from server_client import stats

from lab.catalog.cases import cases
from lab.catalog.experiments import find
from lab.core.work import Workload
from lab.workloads import pause

experiment = find("pool_size").experiment
WORDS = experiment.measure.__globals__
CASES = {(case["model"], case["workers"]): case for case in cases("pool_size", experiment)}


def test_the_sweep_reaches_from_one_worker_to_128_for_threads_and_asyncio_alike():
    swept = {model: [workers for name, workers in CASES if name == model] for model, _ in CASES}
    assert set(swept) == {"thread_pool", "queue_pool", "asyncio"}
    assert swept["thread_pool"] == swept["asyncio"] == [2**power for power in range(8)]
    assert swept["queue_pool"] == [4, 8, 16, 32, 64, 128]


# A thread that ends leaves its kept connection to be collected.
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("at", [("queue_pool", 4), ("thread_pool", 8), ("asyncio", 32)], ids=str)
def test_all_fetches_are_right_on_kept_connections_with_a_thread_a_worker(server, tag, monkeypatch, at):
    tag = str(abs(hash(tag)))
    monkeypatch.setenv("LAB_SERVER", server.url)
    monkeypatch.setenv("LAB_TAG", tag)
    before = threading.active_count()
    measured = experiment.measure(CASES[at])
    numbers, (model, workers) = measured.numbers, at
    assert numbers["served"] == len(measured.spans) == 200
    assert numbers["limit_s"] == pytest.approx(ceil(200 / workers) * 0.002)
    assert numbers["makespan_s"] >= numbers["limit_s"]
    assert 1 <= numbers["peak_in_flight"] <= workers
    assert numbers["threads_before"] == numbers["threads_after"] == before
    assert numbers["threads_during"] - before == (0 if model == "asyncio" else workers)
    assert numbers["cpu_s"] > 0
    counted = stats(server, tag)
    assert (counted["requests"], counted["errors"]) == (200, 0)
    assert counted["new_connections"] <= workers


def test_the_client_is_loaded_before_the_first_fetch():
    code = """
import sys
from lab.core.work import Model
from lab.catalog.experiments import find
measure = find("pool_size").experiment.measure
def look(model):
    print("loaded" if "lab.workloads._plain" in sys.modules else "missing")
    sys.exit()
measure.__globals__["load_model"] = lambda name: Model(look)
measure({"model": "thread_pool", "workers": 1})
"""
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert output == "loaded\n"


def test_the_count_of_threads_returns_the_result_of_the_work():
    work = pause.sleep(0)
    counted = WORDS["Counted"](work)
    counting = counted.counting()
    assert isinstance(counting, Workload)
    assert [counting.blocking("a"), asyncio.run(awaited(counting, "b"))] == ["a", "b"]
    assert counted.threads == [threading.active_count()] * 2


async def awaited(workload, item):
    async with workload.awaitable() as call:
        return await call(item)
