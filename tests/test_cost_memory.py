"""Memory: exact on a /proc of our own, then against real processes of known size."""

import os
import subprocess
import sys
from contextlib import contextmanager

import pytest

from lab.cost import memory, tree
from lab.cost.memory import Peak, proportional

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the tree is read from Linux's /proc")
MIB = 1 << 20


@pytest.fixture
def proc(tmp_path, monkeypatch):
    """Return a function that adds a process to a /proc of our own."""
    sessions = {}
    for name in ("self/smaps_rollup", "thread-self/children"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).touch()
    monkeypatch.setattr(tree, "PROC", tmp_path)
    monkeypatch.setattr(os, "getsid", sessions.__getitem__)

    def add(pid, *threads, parent=0, session=1, mib=None, rss_mib=None, statm="9 9 9"):
        sessions[pid] = session
        for number, children in enumerate(threads or [()]):
            (tmp_path / f"{pid}/task/{pid + number}").mkdir(parents=True)
            (tmp_path / f"{pid}/task/{pid + number}/children").write_text(
                " ".join(map(str, children)) + " "
            )
        (tmp_path / f"{pid}/stat").write_text(f"{pid} (a) b (c) S {parent} 0 {session}")
        (tmp_path / f"{pid}/statm").write_text(statm)
        if mib is not None:
            rollup = (
                f"[rollup]\nRss:  {(rss_mib or mib) * 1024} kB\nPss:   {mib * 1024} kB\nPss_Dirty:  7 kB\n"
            )
            (tmp_path / f"{pid}/smaps_rollup").write_text(rollup)

    return add


def test_descendants_of_all_threads_are_found_and_parents_come_first(proc):
    proc(10, [20], [30, 40], parent=1)
    proc(20, [50])
    for leaf in (30, 40, 50):
        proc(leaf)
    processes = tree.descendants(10)
    assert processes == {20: 10, 30: 10, 40: 10, 50: 20}
    assert list(processes).index(20) < list(processes).index(50)


def test_orphans_are_found_by_the_session_that_the_root_leads(proc):
    proc(5, [10, 60, 70], session=5)
    proc(10, [20], parent=5, session=10)
    proc(20, session=10)
    proc(60, [80], session=10)
    proc(70, session=5)
    proc(80, session=80)
    assert tree.descendants(10) == {20: 10, 60: 5, 80: 60}


def test_siblings_of_a_root_that_leads_no_session_are_none_of_its_own(proc):
    proc(5, [10, 60], session=5)
    proc(10, parent=5, session=5)
    proc(60, session=5)
    assert tree.descendants(10) == {}


def test_memory_is_the_sum_of_proportional_sizes(proc):
    proc(10, [20, 30], mib=50)
    proc(20, [40], mib=7, rss_mib=20)
    proc(30)  # has ended and is not reaped
    proc(40, mib=3, rss_mib=19)
    assert proportional(10) == 60 * MIB


def test_a_child_in_its_parents_memory_is_not_counted_again(proc):
    proc(10, [20, 30], mib=50, rss_mib=60)
    proc(20, mib=50, rss_mib=60)
    proc(30, mib=50, rss_mib=55)
    assert proportional(10) == 100 * MIB


def test_an_interpreter_of_its_own_that_is_as_large_as_its_parent_counts(proc, tmp_path):
    proc(10, [20], mib=50, rss_mib=60)
    proc(20, mib=50, rss_mib=60)
    for pid, command in ((10, b"python\0-m\0lab.trial\0"), (20, b"python\0-c\0spawn_main\0")):
        (tmp_path / f"{pid}/cmdline").write_bytes(command)
    assert proportional(10) == 100 * MIB


def test_a_look_during_which_a_process_ended_does_not_count(proc, tmp_path):
    proc(10, [20], mib=50)
    proc(20, mib=7, statm="0 0 0")
    peak = Peak(10)
    peak.look()
    assert (peak.bytes, peak.kind, peak.looks) == (None, None, 0)
    (tmp_path / "20/statm").write_text("5 5 5")
    peak.look()
    assert (peak.bytes, peak.kind, peak.looks) == (57 * MIB, "pss", 1)


def test_the_peak_stays_when_memory_is_given_back(proc, tmp_path):
    proc(10, mib=50)
    peak = Peak(10)
    peak.look()
    (tmp_path / "10/smaps_rollup").write_text("Rss: 8 kB\nPss: 8 kB\n")
    peak.look()
    assert (peak.bytes, peak.looks) == (50 * MIB, 2)


def test_the_memory_of_a_process_that_has_ended_is_unknown():
    peak = Peak(pid := os.posix_spawn("/bin/true", ["true"], {}))
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    peak.look()
    os.waitpid(pid, 0)
    peak.look()
    assert (peak.bytes, peak.kind, peak.looks) == (None, None, 0)


HOLDING = """
import multiprocessing, os, sys, threading

how, workers, mib = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])

def touched():
    memory = bytearray(mib << 20)
    for page in range(0, len(memory), 4096):
        memory[page] = 1
    return memory

def hold(meeting):
    meeting.wait()
    meeting.wait()
    memory = touched()
    meeting.wait()
    meeting.wait()

def look(meeting, shared):
    meeting.wait()
    meeting.wait()
    assert sum(shared[page] for page in range(0, len(shared), 4096)) == mib << 8
    meeting.wait()
    meeting.wait()

def say(word):
    print(word, flush=True)
    sys.stdin.readline()

def main():
    method = "spawn" if how == "spawn" else "fork"
    kind = threading if how == "threads" else multiprocessing.get_context(method)
    worker = kind.Thread if how == "threads" else kind.Process
    meeting = kind.Barrier(workers + 1)
    shared = (touched(),) if how == "shared" else ()
    started = [worker(target=look if shared else hold, args=(meeting, *shared)) for _ in range(workers)]
    if shared:
        say("open")
    for each in started:
        each.start()
    meeting.wait()
    if not shared:
        say("open")
    meeting.wait()
    meeting.wait()
    say("held")
    meeting.wait()
    for each in started:
        each.join()

if __name__ == "__main__":
    main()
"""


def grown(tmp_path, *words):
    """Return by how much a tree's memory grows from `open` to `held`, in MiB, and the kind of size."""
    script = tmp_path / "holding.py"
    script.write_text(HOLDING)
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    sizes = []
    with subprocess.Popen([sys.executable, script, *map(str, words)], **pipes) as child:
        for word in (b"open\n", b"held\n"):
            assert child.stdout.readline() == word
            peak = Peak(child.pid)
            peak.look()
            sizes.append(peak.bytes / MIB)
            child.stdin.write(b"\n")
            child.stdin.flush()
    assert child.returncode == 0
    return sizes[1] - sizes[0], peak.kind


@pytest.mark.parametrize("how", ["fork", "spawn", "threads"])
def test_memory_that_each_worker_holds_is_counted_once(how, tmp_path):
    growth, kind = grown(tmp_path, how, 4, 16)
    assert kind == "pss"
    assert 63.5 < growth < 72


def test_memory_that_forked_workers_only_read_is_counted_once(tmp_path):
    growth, _ = grown(tmp_path, "shared", 4, 64)
    assert growth < 32


@pytest.mark.parametrize("how", ["fork", "spawn", "threads"])
def test_without_proportional_sizes_unique_ones_are_told_as_such(how, tmp_path, monkeypatch):
    monkeypatch.setattr(memory, "has_proportional", lambda: False)
    growth, kind = grown(tmp_path, how, 3, 16)
    assert kind == "uss"
    assert 47.5 < growth < 54


def test_shared_memory_is_in_no_unique_size(tmp_path, monkeypatch):
    monkeypatch.setattr(memory, "has_proportional", lambda: False)
    growth, kind = grown(tmp_path, "shared", 2, 64)
    assert kind == "uss"
    assert -80 < growth < -48


VFORKING = """
import os, sys
memory = bytearray(64 << 20)
for page in range(0, len(memory), 4096):
    memory[page] = 1
print(flush=True)
to_open = os.POSIX_SPAWN_OPEN, 0, sys.argv[1], os.O_RDONLY, 0
os.waitpid(os.posix_spawn("/bin/true", ["true"], {}, file_actions=[to_open]), 0)
"""


@contextmanager
def blocked_in_vfork(fifo):
    """Yield a process of 64 MiB whose child waits for the fifo before it becomes another program."""
    with subprocess.Popen([sys.executable, "-c", VFORKING, fifo], stdout=subprocess.PIPE) as parent:
        parent.stdout.readline()
        try:
            yield parent
        finally:
            os.close(os.open(fifo, os.O_WRONLY))


def test_a_vforked_child_is_not_counted_again_as_its_parent(tmp_path):
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    with blocked_in_vfork(fifo) as parent:
        while not (children := tree.children(parent.pid)):
            pass
        while not all(memory.rollup(pid).rss for pid in children):
            pass
        peak = Peak(parent.pid)
        peak.look()
        assert 64 * MIB < peak.bytes < 100 * MIB
