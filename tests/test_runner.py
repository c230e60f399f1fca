"""Jobs: every trial becomes a row, whatever becomes of it, and the others go on."""

import json
import threading
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from urllib.parse import urlsplit

import pytest
from runs import Rows, contained, measured, written

import lab.models.fork
from lab.catalog.experiments import find
from lab.core.errors import LabError
from lab.runner.jobs import Settings, new_jobs
from lab.runner.plan import Planned
from lab.runner.process import Report
from lab.runner.trials import LIVE_PAUSE_S, ServerWhenNeeded, check_live, ending, measure, read
from lab.server.rates import codes, document

DIES = """
import psutil
from urllib.request import urlopen
def fetch(item):
    with urlopen(os.environ["LAB_SERVER"], timeout=20) as answer:
        return answer.status
def kill_server(item):
    port = int(os.environ["LAB_SERVER"].rpartition(":")[2])  # its own: there may be another test's
    for process in psutil.Process(os.getppid()).children():
        if process.status() != psutil.STATUS_ZOMBIE and port in ports_of(process):
            process.kill()
    return fetch(item)
def ports_of(process):
    return [connection.laddr.port for connection in process.net_connections("tcp4")]
def fail(item):
    raise ValueError("by itself")
works = {
    "kills": Workload(kill_server, uses_server=True),
    "fetches": Workload(fetch, expect=lambda item: 200, uses_server=True),
    "fails": Workload(fail),
}
experiment = Experiment(question="?", workload=lambda case: works[case["how"]], baseline="sequential",
                        samples=1, warmups=0, grid={"how": ["kills", "fetches", "fails"]})
"""


@pytest.fixture(scope="module")
def dying(tmp_path_factory):
    return measured(written(tmp_path_factory.mktemp("dying"), "dying", DIES), rounds=2, seed=3)


def statuses(rows, how):
    return [(trial.status, trial.reason) for trial in rows.trials if trial.case["how"] == how]


def test_a_server_that_dies_in_a_trial_is_told_in_its_row(dying):
    for status, reason in statuses(dying, "kills"):
        assert status == "void"
        assert reason.startswith("the server died (killed by SIGKILL); 1 of 1 tasks failed; task 0: ")


def test_a_server_that_died_is_started_again_and_the_others_go_on(dying):
    assert statuses(dying, "fetches") == [("ok", "")] * 2


def test_a_trial_that_fetches_nothing_does_not_blame_the_server(dying):
    reason = "1 of 1 tasks failed; task 0: ValueError: by itself"
    assert statuses(dying, "fails") == [("void", reason)] * 2
    order = [trial.case["how"] for trial in dying.trials]
    assert ("kills", "fails") in pairwise(order), "the seed lets one follow the other"


def test_a_trial_that_has_a_row_is_not_run_again(tmp_path):
    path = written(tmp_path, "twice", DIES)
    rows = Rows(committed={1, 2})
    with contained(), ServerWhenNeeded() as server:
        (job,) = new_jobs([find(str(path))], Settings(rounds=1, only={"how": ["fetches", "fails"]}))
        assert list(measure(job, rows, server)) == []


NEEDS = """
from lab.workloads import pause
from dataclasses import replace
experiment = Experiment(
    question="?", workload=replace(pause.sleep(1), needs=("no_such_package",)), samples=1, warmups=0,
    grid={"model": ["sequential", "fork", "asyncio"]}, baseline="threads",
)
"""


def test_a_case_that_cannot_run_here_is_skipped_with_the_reason(tmp_path, monkeypatch):
    none = replace(lab.models.fork.model, unavailable="this platform has no os.fork")
    monkeypatch.setattr(lab.models.fork, "model", none)
    rows = measured(written(tmp_path, "needs", NEEDS))
    missing = "not installed: no_such_package; pip install no_such_package"
    assert {trial.case["model"]: (trial.status, trial.reason, trial.samples) for trial in rows.trials} == {
        "sequential": ("skipped", missing, 0),
        "fork": ("skipped", "this platform has no os.fork", 0),
        "asyncio": ("ok", "", 1),  # it awaits, and so has no use for the package
    }


FETCHES = """
from lab.workloads import currency
experiment = Experiment(
    question="?", workload=currency.fetch(wait_ms=50), samples=3, warmups=2,
    grid={"model": ["threads", "asyncio"], "tasks": [14, 20], "workers": [4, "all"]},
)
"""


class Feed(ThreadingHTTPServer):
    """A feed that notes who asked what, and how many at once."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answer)
        self.lock, self.now, self.peak, self.asked = threading.Lock(), 0, 0, []
        self.documents = {f"/daily/{base}.json": json.dumps(document(base)).encode() for base in codes()}

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"


class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        feed = self.server
        with feed.lock:
            feed.now += 1
            feed.peak = max(feed.peak, feed.now)
            feed.asked.append((self.path, self.headers["User-Agent"]))
        body = feed.documents[urlsplit(self.path).path]
        with feed.lock:  # before the answer leaves, or its client could ask again too soon
            feed.now -= 1
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@contextmanager
def feeding():
    with Feed() as feed:
        thread = threading.Thread(target=feed.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield feed
        finally:
            feed.shutdown()
            thread.join()


@pytest.fixture(scope="module")
def live(tmp_path_factory):
    pauses = []
    with feeding() as feed:
        path = written(tmp_path_factory.mktemp("live"), "live", FETCHES)
        rows = measured(path, pause=pauses.append, rounds=5, live=feed.url)
    return rows, feed, pauses


def test_a_live_run_is_one_round_of_one_sample_of_what_stays_within_fourteen_at_once(live):
    rows, feed, _ = live
    assert [trial.status for trial in rows.trials] == ["ok"] * 6
    assert {tuple(trial.case.params.values()) for trial in rows.trials if trial.round == 1} == {
        (model, tasks, workers)
        for model in ("threads", "asyncio")
        for tasks, workers in ((14, 4), (14, "all"), (20, 4))
    }
    assert len(rows.samples) == 6
    assert len(feed.asked) == 2 * (14 + 14 + 20), "no warm-ups"
    assert 1 <= feed.peak <= 14


def test_a_live_request_names_its_client_and_has_no_query_options(live):
    _, feed, _ = live
    assert {path.partition("?")[1:] for path, _ in feed.asked} == {("", "")}
    assert {agent.partition("/")[0] for _, agent in feed.asked} == {"concurrency-lab"}


def test_a_live_run_pauses_between_its_trials(live):
    rows, _, pauses = live
    assert pauses == [LIVE_PAUSE_S] * (len(rows.trials) - 1)


def test_a_live_sample_has_no_limit_for_nobody_knows_how_long_the_feed_waits(live):
    rows, _, _ = live
    assert {sample.metrics["limit_s"] for sample in rows.samples} == {None}


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "nowhere", "http://127.0.0.1:x"])
def test_a_feed_that_does_not_answer_is_one_line_and_exit_code_1(url):
    with pytest.raises(LabError) as caught:
        check_live(url)
    assert caught.value.exit_code == 1
    assert str(caught.value).startswith(f"{url}: does not answer: ")
    assert "\n" not in str(caught.value)


def test_a_trial_that_measured_all_and_did_not_end_says_so():
    frames = [
        {"sample": {"x": 1.0}, "void": ""},
        {"done": {"start_up_s": 0.5, "shutdown_s": 0.25}, "spans": []},
    ]
    report = Report(frames=frames, cut="did not end in time", wall_s=9.0)
    trial, samples, _ = read(Planned(2, 7, "a case"), report, "")
    assert (trial.status, trial.reason) == ("timeout", "measured everything, but did not end in time")
    assert (trial.round, trial.trial, trial.case, trial.wall_s) == (2, 7, "a case", 9.0)
    assert (trial.start_up_s, trial.shutdown_s) == (0.5, 0.25)
    assert [(sample.sample, sample.metrics) for sample in samples] == [(1, {"x": 1.0})]


@pytest.mark.parametrize(
    ("exit_code", "words"),
    [
        (0, "exited with code 0"),
        (3, "exited with code 3"),
        (-9, "killed by SIGKILL"),
        (-60, "killed by signal 60"),
    ],
)
def test_an_exit_code_is_told_in_words(exit_code, words):
    assert ending(exit_code) == words
