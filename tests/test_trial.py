"""One trial: what the child measures, checks and says."""

import json
import subprocess
import sys

import pytest
from runs import launched, measured, plain_environment, written

TAKEN = {"model", "round"}

WORK = """
from lab.workloads import pause

def itself(item): return item
def wrong(item): return -1 if item == 1 else item
def nothing(item): return None if item == 2 else item
def raising(item): raise ValueError(f"no luck with {item}")
def leaving(item): sys.exit(5)
def killed(item): os.kill(os.getpid(), signal.SIGKILL)
def exited(item): os._exit(3)
def printing(item):
    print("this is no frame")
    os.write(1, b'{"sample": {"forged_s": 1.0}, "void": ""}\\n')
    return item

calls = []
def warmed(item):
    calls.append(item)
    return item if len(calls) > 3 else "cold"

def work(case):
    if case["how"] == "undecided":
        raise LookupError("what work?")
    if case["how"] == "paused":
        return pause.sleep(1)
    return Workload(globals()[case["how"]], expect=itself)

experiment = Experiment(
    question="?", workload=work, baseline="sequential", samples=2, warmups=1,
    grid={"how": ["paused", "wrong", "nothing", "raising", "leaving", "killed", "exited", "printing",
                  "warmed", "undecided"], "tasks": [3]},
)
"""


@pytest.fixture(scope="module")
def work(tmp_path_factory):
    return measured(written(tmp_path_factory.mktemp("work"), "work", WORK))


def test_a_trial_that_goes_well_is_ok_and_has_its_phases_apart(work):
    trial = work.of(how="paused")
    assert (trial.status, trial.samples, trial.reason, trial.stderr) == ("ok", 2, "", "")
    assert trial.start_up_s is not None and trial.shutdown_s is not None
    assert 0 < trial.start_up_s + trial.first_batch_s + trial.shutdown_s < trial.wall_s
    assert trial.first_batch_s >= 0.003


def test_the_memory_of_the_whole_tree_is_taken_while_as_many_tasks_run_as_may(work):
    trial = work.of(how="paused")
    assert trial.memory_kind in ("pss", "uss")
    assert 2 << 20 < trial.peak_memory_bytes < 1 << 30


def test_facts_of_the_trials_processes_are_noted_once(work):
    facts = work.environment["trials"]
    assert facts["gil_before"] == facts["gil_after"]
    assert len(facts["switch_interval_s"]) == 1
    assert set(work.environment["end"]) == {"finished", "load_1min"}


def test_a_sample_of_work_has_its_makespan_medians_peak_and_limit(work):
    first, second = work.samples_of(work.of(how="paused"))
    assert (first.sample, second.sample, first.void) == (1, 2, "")
    assert list(first.metrics) == [
        *("makespan_s", "queue_wait_s", "service_s", "asked_in_flight", "peak_in_flight", "limit_s"),
        *("cpu_s", "cpu_system_s", "cores_busy"),
    ]
    assert first.metrics["makespan_s"] >= first.metrics["limit_s"] == pytest.approx(0.003)
    assert first.metrics["peak_in_flight"] == 1


def test_the_spans_of_the_last_sample_come_with_the_trial(work):
    assert [span.index for span in work.spans[work.of(how="paused").trial]] == [0, 1, 2]


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ("wrong", "task 1 returned -1 instead of 1"),
        ("nothing", "task 2 returned None instead of 2"),
        ("raising", "3 of 3 tasks failed; task 0: ValueError: no luck with 0"),
        ("leaving", "3 of 3 tasks failed; task 0: SystemExit: 5"),
    ],
)
def test_a_sample_with_a_wrong_missing_or_failed_result_is_void_and_says_why(work, how, reason):
    trial = work.of(how=how)
    assert (trial.status, trial.reason) == ("void", reason)
    assert [sample.void for sample in work.samples_of(trial)] == [reason, reason]


@pytest.mark.parametrize(
    ("how", "status", "reason"),
    [
        ("killed", "killed", "killed by SIGKILL"),
        ("exited", "exited", "exited with code 3 before it had answered"),
        ("undecided", "raised", "LookupError: what work?"),
    ],
)
def test_a_trial_that_ends_otherwise_says_how(work, how, status, reason):
    trial = work.of(how=how)
    assert (trial.status, trial.reason, trial.samples) == (status, reason, 0)


def test_the_output_of_a_task_never_passes_for_a_frame(work):
    trial = work.of(how="printing")
    assert (trial.status, trial.stderr) == ("ok", "")
    assert all("forged_s" not in sample.metrics for sample in work.samples_of(trial))


def test_a_warm_up_batch_goes_before(work):
    assert work.of(how="warmed").status == "ok", "a batch of three went before"


FORKS_TWICE = """
def measure(case):
    pipe = os.pipe()
    if os.fork() == 0:
        again = [os.open(os.devnull, os.O_RDONLY) for _ in range(20)]
        if os.fork() == 0:
            os.write(pipe[1], repr([name for name in map(str, again) if not os.path.exists(
                f"/proc/self/fd/{name}")]).encode())
            os._exit(0)
        os.wait()
        os._exit(0)
    os.wait()
    os.close(pipe[1])
    return {"closed": os.read(pipe[0], 1000).decode()}
experiment = Experiment(question="?", measure=measure, grid={"how": ["x"]})
"""


def test_a_worker_that_forks_again_keeps_its_own_files_open(tmp_path):
    report = launched(written(tmp_path, "forks", FORKS_TWICE))
    assert report.frames[0] == {"sample": {"closed": "[]"}, "void": ""}


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing tells a trial of its runner's end")
def test_a_trial_whose_runner_is_gone_already_measures_nothing(tmp_path):
    path = written(tmp_path, "late", "def measure(case): return {'x': 1}\n")
    request = {"experiment": "late", "path": str(path), "params": {}, "samples": 1, "warmups": 0}
    ended = subprocess.run(
        [sys.executable, "-m", "lab.trial"],
        input=json.dumps(request | {"environment": {}}).encode() + b"\n",
        env=plain_environment(),
        start_new_session=True,
        capture_output=True,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (-9, b"")


PREPARED = """
import multiprocessing

def is_loaded(item): return "colorsys" in sys.modules
def refuse():
    if multiprocessing.parent_process() is not None:
        raise ValueError("not in a worker")

def work(case):
    prepare = refuse if case["refuse"] else None
    return Workload(is_loaded, expect=lambda _: True, needs=("colorsys",), prepare=prepare)

experiment = Experiment(
    question="?", workload=work, baseline="process_pool", samples=1, warmups=0,
    grid={"model": ["process_pool", "process_executor", "asyncio_processes"], "refuse": [False, True],
          "start_method": ["forkserver", "spawn"], "workers": [2], "tasks": [4]},
    keep=lambda at: at["model"] == "process_pool" or at["start_method"] == "spawn",
)
"""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    return measured(written(tmp_path_factory.mktemp("prepared"), "prepared", PREPARED))


def test_the_first_batch_finds_loaded_in_every_worker_what_the_work_needs(prepared):
    reasons = {trial.reason or trial.status for trial in prepared.trials if not trial.case["refuse"]}
    assert reasons - {"this platform cannot start a process by forkserver"} == {"ok"}


def test_a_worker_that_cannot_prepare_is_the_reason_of_the_trial(prepared):
    reasons = {trial.reason for trial in prepared.trials if trial.case["refuse"]}
    assert reasons - {"this platform cannot start a process by forkserver"} == {
        "preparing a worker: ValueError: not in a worker"
    }
