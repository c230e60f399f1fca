"""What `multiprocessing` runs for itself is told from the workers of every start method."""

import json
import multiprocessing
import subprocess
import sys

import pytest

COUNTED = """
import json, multiprocessing, os, sys
import psutil
from lab.cost.helpers import is_fork_server, is_helper, is_tracker
from lab.present.narration import Narrator

census = Narrator(0, os.getpid()).census
before = census()
context = multiprocessing.get_context(sys.argv[1])
with context.Pool(2) as pool:
    workers = {worker.pid for worker in multiprocessing.active_children()}
    others = [child for child in psutil.Process().children(recursive=True) if child.pid not in workers]
    print(json.dumps({
        "workers": [is_helper(psutil.Process(pid)) for pid in workers],
        "servers": sum(map(is_fork_server, others)),
        "trackers": sum(map(is_tracker, others)),
        "others": len(others),
        "census": [before, census()],
    }))
    pool.close()
    pool.join()
"""


@pytest.fixture(scope="module", params=multiprocessing.get_all_start_methods())
def helpers(request):
    """What is seen of a pool of two, by its start method."""
    ended = subprocess.run(
        [sys.executable, "-P", "-c", COUNTED, request.param],
        capture_output=True,
        text=True,
        timeout=50,
        check=True,
    )
    return {"method": request.param, **json.loads(ended.stdout)}


def test_a_worker_is_no_helper(helpers):
    assert helpers["workers"] == [False, False]


def test_the_fork_server_and_the_tracker_are_all_that_is_there_beside(helpers):
    assert helpers["servers"] == (helpers["method"] == "forkserver")
    assert helpers["servers"] + helpers["trackers"] == helpers["others"]


def test_a_demo_counts_the_workers_and_no_helper(helpers):
    before, during = helpers["census"]
    assert before == "threads: 1, processes: 1"
    assert during.endswith(", processes: 3")
