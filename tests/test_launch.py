"""A child that does not end by itself, or does not end well: nothing of it is left, and nothing hangs."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from runs import contained, launched, plain_environment, written

import lab.runner.process
import lab.runner.reap
from lab.runner.process import FLOOD_BYTES, TAIL_BYTES, frames_in
from lab.runner.reap import adopt_orphans

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="orphans can be found on Linux alone")

# What the trial has started is told on a file, then on stderr, which wakes the runner up.
READY = """
started = [os.getpid()]
def forked(work):
    pid = os.fork()
    if pid == 0:
        work()
        os._exit(0)
    started.append(pid)
def hang():
    while True:
        time.sleep(1000)
def ready(*more):
    with open(os.environ["READY"] + ".new", "w") as file:
        file.write(repr([*started, *more]).replace("'", '"'))
    os.rename(os.environ["READY"] + ".new", os.environ["READY"])
    print("ready", file=sys.stderr, flush=True)
experiment = Experiment(question="?", measure=lambda case: measure(case), grid={"how": ["x"]})
"""

EVERYTHING = """
import multiprocessing, multiprocessing.shared_memory, subprocess
def stubborn():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    hang()
def measure(case):
    block = multiprocessing.shared_memory.SharedMemory(create=True, size=4096)
    threading.Thread(target=hang).start()
    forked(hang)
    forked(stubborn)
    tell, told = os.pipe()
    def outlaw():
        os.setsid()
        if os.fork() == 0:
            os.setsid()
            os.write(told, f"{os.getpid()}".encode())
            stubborn()
        os._exit(0)
    forked(outlaw)
    started.append(int(os.read(tell, 100)))
    worker = multiprocessing.get_context("spawn").Process(target=hang)
    worker.start()
    other = subprocess.Popen(["sleep", "1000"], start_new_session=True)
    ready(worker.pid, other.pid, block.name)
    hang()
"""


@pytest.fixture
def deadline(tmp_path, monkeypatch):
    """Make the time run out when the trial is ready, and return what it has started."""
    told = tmp_path / "ready"
    monkeypatch.setenv("READY", str(told))
    monkeypatch.setattr(lab.runner.process, "monotonic", lambda: 1e9 if told.exists() else 0.0)
    return lambda: json.loads(told.read_text())


def test_a_trial_that_hangs_is_ended_with_all_that_it_started_and_left_in_memory(tmp_path, deadline):
    report = launched(written(tmp_path, "everything", READY + EVERYTHING))
    assert (report.cut, report.frames) == ("did not end in time", [])
    *pids, block = deadline()
    assert len(pids) == 7
    assert [pid for pid in pids if psutil.pid_exists(pid)] == []
    assert not Path("/dev/shm", block).exists()


def test_a_process_that_is_forked_while_the_others_are_killed_is_killed_as_well(monkeypatch):
    sleepers = [
        subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) for _ in range(3)
    ]
    child, first, second = sleepers
    scans = [[psutil.Process(first.pid)], [psutil.Process(second.pid)], []]
    monkeypatch.setattr(lab.runner.reap, "descendants", lambda keep: scans.pop(0))
    try:
        assert lab.runner.reap.end(child) == -signal.SIGKILL
        assert (scans, [psutil.pid_exists(sleeper.pid) for sleeper in sleepers]) == ([], [False] * 3)
    finally:
        for sleeper in sleepers:
            sleeper.kill()
            sleeper.communicate()


def test_a_thread_that_never_ends_holds_a_trial_up_until_its_deadline(tmp_path, deadline):
    source = """
def measure(case):
    def late():
        threading.main_thread().join()
        ready()
        hang()
    threading.Thread(target=late).start()
    return {"x": 1}
"""
    report = launched(written(tmp_path, "threads", READY + source))
    assert [list(frame) for frame in report.frames] == [["sample", "void"], ["done", "spans", "facts"]]
    assert report.cut == "did not end in time"


def test_a_child_that_its_trial_leaves_behind_is_ended_too(tmp_path):
    source = "def measure(case):\n    forked(hang)\n    return {'pid': started[-1]}\n"
    report = launched(written(tmp_path, "orphans", READY + source))
    assert (report.cut, report.exit_code) == ("", 0)
    assert not psutil.pid_exists(report.frames[0]["sample"]["pid"])


def test_a_flood_of_output_leaves_a_bounded_tail_and_hangs_nothing(tmp_path):
    source = """
def measure(case):
    for number in range(20_000):
        print(f"out {number:06}")
        print(f"err {number:06}", file=sys.stderr)
    sys.stdout.flush()
    return {"x": 1}
"""
    report = launched(written(tmp_path, "flood", READY + source))
    assert (report.exit_code, len(report.frames)) == (0, 2)
    assert len(report.tail) == TAIL_BYTES
    assert b"019999" in report.tail and b"000000" not in report.tail


def test_the_last_frame_of_a_child_is_read_after_its_end(tmp_path, monkeypatch):
    monkeypatch.setattr(lab.runner.process, "listen", lambda child, report, deadline: child.wait())
    report = launched(written(tmp_path, "last", "print('the end', file=sys.stderr)\n"))
    assert report.tail == b"the end\n"


def test_an_orphan_that_floods_for_ever_hangs_nothing(tmp_path):
    source = """
def flood():
    while True:
        os.write(2, b"x" * 100_000)
def measure(case):
    forked(flood)
    return {"pid": started[-1]}
"""
    report = launched(written(tmp_path, "floods", READY + source))
    assert (report.cut, report.exit_code) == ("", 0)
    assert not psutil.pid_exists(report.frames[0]["sample"]["pid"])


def test_a_frame_without_an_end_is_cut(tmp_path, monkeypatch):
    monkeypatch.setattr(lab.runner.process, "FLOOD_BYTES", 1 << 16)
    source = "def measure(case): return {'x': 'y' * (1 << 20)}\n"
    report = launched(written(tmp_path, "frames", READY + source))
    assert report.cut.startswith("sent a frame of more than") and report.frames == []
    assert FLOOD_BYTES == 64 << 20


def test_a_child_that_dies_before_it_reads_its_request_is_a_report_too(tmp_path, monkeypatch):
    dies = tmp_path / "python"
    dies.write_text("#!/bin/sh\nexec 0<&-\necho gone >&2\nexit 7\n")
    dies.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(dies))
    report = launched(tmp_path / "unread.py", environment={"filler": "x" * 1_000_000})
    assert (report.exit_code, report.frames, report.tail, report.cut) == (7, [], b"gone\n", "")


def test_a_file_that_raises_at_import_in_the_child_alone_is_an_error_frame(tmp_path):
    path = written(
        tmp_path, "childish", "if 'pytest' not in sys.modules: raise OSError('not here')\n" + READY
    )
    report = launched(path)
    assert report.frames == [{"error": f"{path}: does not import: OSError: not here"}]
    assert report.exit_code == 1


def test_an_interruption_ends_the_trial_and_all_that_it_started(tmp_path, deadline, monkeypatch):
    def interrupt():
        if Path(os.environ["READY"]).exists() and not interrupted:
            interrupted.append(True)
            raise KeyboardInterrupt
        return 0.0

    interrupted = []
    monkeypatch.setattr(lab.runner.process, "monotonic", interrupt)
    with pytest.raises(KeyboardInterrupt):
        launched(written(tmp_path, "everything", READY + EVERYTHING))
    *pids, block = deadline()
    assert [pid for pid in pids if psutil.pid_exists(pid)] == []
    assert not Path("/dev/shm", block).exists()


def test_the_other_children_of_the_runner_are_left_alone(tmp_path):
    source = "def measure(case): return {'x': 1}\n"
    with contained(), subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        launched(written(tmp_path, "plain", READY + source))
        assert other.poll() is None
        other.communicate(b"\n")
    assert other.returncode == 0


RUNNER = """
import sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from runs import measured
measured(Path(sys.argv[2]))
"""

FETCHES = """
def work(item):
    fifo = os.open(os.environ["LAB_TEST_FIFO"], os.O_WRONLY)
    os.write(fifo, f"{os.getpid()} {os.getppid()}\\n".encode())
    while True:
        time.sleep(1000)
experiment = Experiment(question="?", workload=Workload(work, uses_server=True), baseline="fork",
                        grid={"tasks": [3]})
"""


def test_when_the_runner_is_killed_the_trial_its_workers_and_the_server_end(tmp_path):
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    path = written(tmp_path, "fetches", FETCHES)
    command = [sys.executable, "-c", RUNNER, str(Path(__file__).parent), str(path)]
    with contained(), subprocess.Popen(command, env=plain_environment(LAB_TEST_FIFO=str(fifo))) as runner:
        adopt_orphans()  # so that they can be waited for
        with fifo.open() as announced:
            lines = [announced.readline().split() for _ in range(3)]
            workers, trials = {int(worker) for worker, _ in lines}, {int(trial) for _, trial in lines}
            family = psutil.Process(runner.pid).children(recursive=True)
            assert {process.pid for process in family} > workers | trials
            assert len(family) == 3 + 1 + 1, "three workers, their trial and the server"
            runner.send_signal(signal.SIGKILL)
            assert announced.read() == "", "the fifo ends when no worker is left"
        assert psutil.wait_procs(family, timeout=20)[1] == []


def test_a_frame_that_comes_in_many_pieces_is_put_together_once():
    message = json.dumps({"spans": list(range(9_000))}).encode()
    unread, pieces = bytearray(), [message[at : at + 10] for at in range(0, len(message), 10)]
    assert [frames_in(unread, piece) for piece in pieces] == [[]] * len(pieces)
    assert unread == message
    assert frames_in(unread, b'\n{"done": 1}\n{"half') == [json.loads(message), {"done": 1}]
    assert frames_in(unread, b'": 2}\n') == [{"half": 2}]
    assert unread == b""
