"""`lab serve`, `lab demo` and `lab run --live`: what talks to a server."""

import json
import os
import re
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from urllib.request import urlopen

import pytest
from runs import lab_command, plain_environment, rows_of, run_lab, run_lab_process, written

from lab.catalog.models import load_model
from lab.catalog.names import model_names
from lab.server.launch import serving
from lab.server.rates import rates

MODELS = [name for name in model_names() if not load_model(name).unavailable]
COUNTS = r"threads: (\d+), processes: (\d+)"
FETCHES = """
from lab.workloads import currency
experiment = Experiment(question="How live?", workload=currency.fetch(wait_ms=50), baseline="threads",
                        grid={"model": ["threads"], "tasks": [14, 20], "workers": ["all"]})
"""


@contextmanager
def running(*args, cwd):
    """Run `lab` for as long as the block, and end it if the block does not."""
    with subprocess.Popen(
        lab_command(*args),
        cwd=cwd,
        env=plain_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")
def test_serve_says_its_url_and_answers_there_until_it_is_interrupted(tmp_path):
    with running("serve", "--port", "0", cwd=tmp_path) as server:
        url = server.stdout.readline().strip()
        port = re.fullmatch(r"http://127\.0\.0\.1:(\d+)", url).group(1)
        with urlopen(f"{url}/daily/eur.json") as answer:
            assert json.load(answer)["usd"]["rate"] == rates("eur")["usd"]
        second = run_lab("serve", "--port", port, cwd=tmp_path)
        server.send_signal(signal.SIGINT)
        assert server.communicate(timeout=20) == ("", "")
        assert server.returncode == 0
    assert (second.code, second.out) == (2, "")
    assert re.fullmatch(rf"lab: .*port {port}: Address already in use; take another port.*\n", second.err)


@pytest.fixture(scope="module")
def demos(tmp_path_factory):
    """What a demonstration of each model says; two at once, for they mostly wait."""
    folder = tmp_path_factory.mktemp("demo")
    args = ("eur", "gbp", "--wait-ms", "20", "--workers", "2")
    with ThreadPoolExecutor(2) as pool:
        ended = pool.map(lambda model: run_lab_process("demo", model, *args, cwd=folder), MODELS)
    return dict(zip(MODELS, ended, strict=True))


@pytest.mark.parametrize("model", MODELS)
def test_a_demo_has_a_line_as_each_task_starts_and_ends_with_its_worker_seconds_and_rates(demos, model):
    demo = demos[model]
    assert (demo.code, demo.err) == (0, "")
    for base in ("eur", "gbp"):
        started = re.search(rf"^ *\d+ ms  {base} starts in (.+, pid \d+); {COUNTS}$", demo.out, re.M)
        ended = re.search(
            rf"^ *\d+ ms  {base} ends in (.+) after (\d+\.\d{{3}}) s\n +usd ([\d.]+) .*{base} 1\b",
            demo.out,
            re.M,
        )
        assert started.group(1) == ended.group(1)
        assert float(ended.group(2)) >= 0.02
        assert float(ended.group(3)) == pytest.approx(rates(base)["usd"], rel=1e-4)
        assert started.start() < ended.start()


@pytest.mark.parametrize("model", MODELS)
def test_a_demo_counts_threads_and_processes_before_during_and_after(demos, model):
    lines = re.findall(rf"  (before|open, with 2 workers|eur starts|after).*{COUNTS}", demos[model].out)
    when, threads, processes = zip(*lines, strict=True)
    assert when == ("before", "open, with 2 workers", "eur starts", "after")
    assert (threads[0], processes[0]) == ("1", "1") == (threads[-1], processes[-1])
    many = "process" in model or model == "fork"
    assert (int(processes[2]) > 1) == many
    if "thread" in model or model == "queue_pool":
        assert int(threads[2]) > 1


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing tells a process of another's end")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)])
def test_a_demo_that_is_interrupted_or_killed_leaves_no_process(tmp_path, number, code):
    wait = ("--wait-ms", "10000", "--workers", "1")  # ten seconds a task, one after another
    with running("demo", "processes", "eur", "gbp", "chf", "usd", *wait, cwd=tmp_path) as demo:
        while " starts " not in demo.stdout.readline():
            pass
        os.killpg(demo.pid, number)  # as Ctrl-C in a terminal does
        out, err = demo.communicate(timeout=25)  # to the end of what its workers write to as well
        assert (demo.returncode, out, err) == (code, "", "")


@pytest.fixture(scope="module")
def live(tmp_path_factory):
    folder = tmp_path_factory.mktemp("live")
    written(folder / "experiments", "feeding", FETCHES)
    with serving() as server:
        ended = run_lab("run", "feeding", "--live", "--live-url", f"{server.url}/", cwd=folder)
    return ended, folder


def test_a_live_run_writes_one_round_into_a_folder_of_its_own(live):
    ended, folder = live
    assert ended.code == 0 and ended.out.startswith("feeding: How live?\n")
    assert [path.name for path in (folder / "results").iterdir()] == ["live"]
    (trial,) = rows_of(folder / "results" / "live" / "feeding" / "trials.csv")
    assert (trial["status"], trial["round"], trial["tasks"]) == ("ok", "1", "14"), "20 at once are too many"


def test_a_live_result_is_shown_from_its_folder(live):
    _, folder = live
    assert run_lab("show", "feeding", "--out", "results/live", cwd=folder).code == 0


def test_a_feed_that_refuses_connections_is_one_line_and_exit_code_1_and_nothing_is_written(live):
    _, folder = live
    elsewhere = folder / "elsewhere"
    url = "http://127.0.0.1:9"
    ended = run_lab("run", "feeding", "--live", "--live-url", url, "--out", str(elsewhere), cwd=folder)
    assert (ended.code, ended.out) == (1, "")
    assert re.fullmatch(rf"lab: {url}: does not answer: .*; check the network, .*\n", ended.err)
    assert not elsewhere.exists()
