"""What is counted is compared with what the workers counted themselves."""

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from itertools import pairwise
from threading import Thread

import psutil
import pytest

from lab.cost import cpu, memory, tree
from lab.cost.cpu import Cpu, begin, since
from lab.cost.memory import Peak, proportional

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the tree is read from Linux's /proc")
MIB = 1 << 20
BURN_S = 0.1
TICK_S = 1 / os.sysconf("SC_CLK_TCK")


def burn(seconds=BURN_S):
    """Use CPU time, and return what this process has used in its life."""
    began = time.process_time()
    while time.process_time() - began < seconds:
        sum(range(1000))
    return time.process_time()


def burn_in_child():
    """Let a child burn, reap it, and return what both have used."""
    theirs, end = os.pipe()
    if os.fork() == 0:
        os.write(end, json.dumps(burn()).encode())
        os._exit(0)
    os.wait()
    return json.loads(os.read(theirs, 100)) + time.process_time()


class Worker:
    """A forked child that does what it is told and answers."""

    def __init__(self):
        self.pipe, orders = multiprocessing.Pipe()
        self.reaped = False
        self.pid = os.fork()
        if self.pid == 0:
            try:
                for work in iter(orders.recv, None):
                    orders.send(work())
            finally:
                os._exit(0)
        orders.close()

    def do(self, work):
        self.pipe.send(work)
        return self.pipe.recv()

    def end(self):
        """Let it end, wait until it has, and leave it unreaped."""
        self.pipe.send(None)
        os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOWAIT)

    def reap(self):
        os.waitpid(self.pid, 0)
        self.reaped = True


@pytest.fixture
def fork():
    made = []

    def make():
        made.append(Worker())
        return made[-1]

    yield make
    for worker in made:
        if not worker.reaped:
            os.kill(worker.pid, signal.SIGKILL)
            worker.reap()
        worker.pipe.close()


class Counting:
    """Counts as `cpu` does, and knows what this process has used meanwhile."""

    def __init__(self):
        self.start, self.began = begin(), time.process_time()

    def tells(self, workers_s, short_s=0.002):
        """Return whether all of what the workers used is counted, and none of it twice."""
        told_s = workers_s + time.process_time() - self.began
        cost = since(self.start)
        counted_s = (cost.user_ns + cost.system_ns) / 1e9
        # Above what they told: how workers start and end.
        return told_s - short_s <= counted_s <= told_s + workers_s / 2 + 0.02


def test_reaped_workers_are_counted_once(fork):
    counting = Counting()
    workers = [fork() for _ in range(3)]
    told = sum(worker.do(burn) for worker in workers)
    for worker in workers:
        worker.end()
        worker.reap()
    assert counting.tells(told)


def test_a_worker_is_counted_once_while_it_lives_when_it_has_ended_and_when_it_is_reaped(fork):
    counting, worker = Counting(), fork()
    told = worker.do(burn)
    assert counting.tells(told)
    worker.end()
    assert counting.tells(told)
    worker.reap()
    assert counting.tells(told)


def test_what_a_worker_used_before_is_not_counted_when_it_is_reaped(fork):
    worker = fork()
    before = worker.do(burn_long)
    counting = Counting()
    told = worker.do(burn) - before
    worker.end()
    worker.reap()
    assert counting.tells(told)


def burn_long():
    return burn(4 * BURN_S)


def test_what_a_living_worker_has_reaped_is_counted_once(fork):
    worker, counting = fork(), Counting()
    told = worker.do(burn_in_child)
    assert counting.tells(told, short_s=2 * TICK_S)  # user and system time are cut off at a tick each
    worker.end()
    worker.reap()
    assert counting.tells(told)


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_a_pool_is_counted_while_open_and_after(method):
    counting = Counting()
    with multiprocessing.get_context(method).Pool(2) as pool:
        told = sum(pool.map(burn_alone, [BURN_S] * 3, chunksize=1))
        workers = {worker.pid for worker in multiprocessing.active_children()}
        assert workers <= tree.descendants(os.getpid()).keys()
        seen = since(counting.start)
        pool.close()
        pool.join()
    after = since(counting.start)
    # A fork server, not this process, reaps its workers: their time is then cut off at ticks.
    assert told <= total(seen) / 1e9 <= total(after) / 1e9 + 2 * TICK_S


def burn_alone(seconds):
    began = time.process_time()
    return burn(seconds) - began


def total(cost):
    return cost.user_ns + cost.system_ns


def test_workers_of_multiprocessing_are_counted_once():
    for method in ("fork", "spawn"):
        context, counting = multiprocessing.get_context(method), Counting()
        answers = context.SimpleQueue()
        workers = [context.Process(target=put_burnt, args=(answers,)) for _ in range(2)]
        for worker in workers:
            worker.start()
        told = sum(answers.get() for _ in workers)
        for worker in workers:
            worker.join()
            worker.close()
        answers.close()
        assert counting.tells(told)


def put_burnt(answers):
    answers.put(burn())


def test_threads_are_counted_once():
    told = []

    def work():
        began = time.thread_time()
        while time.thread_time() - began < BURN_S:
            sum(range(1000))
        told.append(time.thread_time())

    start = begin()
    threads = [Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    cost = total(since(start)) / 1e9
    assert sum(told) - 0.002 <= cost <= 1.5 * sum(told)


def test_looking_at_many_descendants_is_not_part_of_the_cost(monkeypatch):
    looks = []

    def slow():
        looks.append(burn_alone(BURN_S))
        return Cpu(0, 0)

    monkeypatch.setattr(cpu, "of_descendants", slow)
    cost = since(begin())
    assert len(looks) == 2
    assert total(cost) < BURN_S * 1e9 / 2


def test_system_time_is_told_from_user_time(fork):
    start, worker = begin(), fork()
    worker.do(burn)
    user = since(start)
    assert user.user_ns > user.system_ns
    start = begin()
    worker.do(call_the_system)
    system = since(start)
    assert system.system_ns > user.system_ns + 10_000_000


def call_the_system():
    began = time.process_time()
    zeros = os.open("/dev/zero", os.O_RDONLY)
    while time.process_time() - began < 3 * BURN_S:
        os.read(zeros, MIB)


def test_neither_part_of_a_difference_is_negative_and_their_sum_is_kept():
    assert Cpu(9, 5) - Cpu(10, 1) == Cpu(0, 3)
    assert Cpu(9, 5) - Cpu(1, 6) == Cpu(7, 0)
    assert Cpu(9, 5) - Cpu(1, 2) == Cpu(8, 3)
    assert Cpu(1, 1) - Cpu(1, 2) == Cpu(0, 0)


ORPHANS = """
import json, os, subprocess, sys, time
from lab.cost.cpu import begin, since
from lab.descendants import adopt_orphans

def burn():
    began = time.process_time()
    while time.process_time() - began < 0.1:
        sum(range(1000))
    return time.process_time()

if sys.argv[1] == "runner":
    adopt_orphans()
    sys.exit(subprocess.call([sys.executable, sys.argv[0], "trial"], start_new_session=True))

start = begin()
told, tell = os.pipe()
end, may_end = os.pipe()
if (worker := os.fork()) == 0:
    if os.fork() == 0:
        os.close(may_end)
        os.close(told)
        os.write(tell, json.dumps(burn()).encode())
        os.read(end, 1)
    os._exit(0)
os.close(tell)
os.waitpid(worker, 0)
burnt = json.loads(os.read(told, 100))
living = since(start)
os.close(may_end)
assert not os.read(told, 1)  # it has ended
ended = since(start)
print(json.dumps([burnt] + [cost.user_ns + cost.system_ns for cost in (living, ended)]))
"""


def test_an_orphan_is_counted_living_and_ended(tmp_path):
    script = tmp_path / "orphans.py"
    script.write_text(ORPHANS)
    said = subprocess.run([sys.executable, script, "runner"], capture_output=True, check=True, timeout=30)
    burnt_s, living_ns, ended_ns = json.loads(said.stdout)
    assert burnt_s * 1e9 < living_ns <= ended_ns < 2 * burnt_s * 1e9


def test_a_process_that_is_reaped_during_the_look_makes_it_start_again(fork, monkeypatch):
    counting, gone, living = Counting(), fork(), fork()
    told = gone.do(burn) + living.do(burn)
    list_them = tree.descendants

    def list_and_reap(root):
        listed = list_them(root)
        if not gone.reaped:
            gone.end()
            gone.reap()
        return listed

    monkeypatch.setattr(tree, "descendants", list_and_reap)
    assert counting.tells(told)
    assert gone.reaped


def test_where_descendants_never_hold_still_the_cost_is_unknown(fork, monkeypatch):
    living, gone = fork(), fork()
    gone.end()
    gone.reap()
    monkeypatch.setattr(tree, "descendants", lambda root: {living.pid: root, gone.pid: root})
    assert since(begin()) is None


def test_where_children_cannot_be_listed_the_cost_is_known_without_any(fork, monkeypatch, tmp_path):
    monkeypatch.setattr(tree, "PROC", tmp_path)
    # In a process that has no other children; this one may have those of other tests.
    assert fork().do(count_unlisted) == ["unknown", "unknown", True]


def count_unlisted():
    counting, worker = Counting(), Worker()
    told = worker.do(burn)
    answers = ["unknown" if since(counting.start) is None else "known"]
    worker.end()
    answers.append("unknown" if since(counting.start) is None else "known")
    worker.reap()
    return [*answers, counting.tells(told)]


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
    found = tree.descendants(10)
    assert found == {20: 10, 30: 10, 40: 10, 50: 20}
    assert list(found).index(20) < list(found).index(50)


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


def test_the_memory_of_a_process_that_is_gone_is_unknown(fork):
    worker = fork()
    worker.end()
    peak = Peak(worker.pid)
    peak.look()
    worker.reap()
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
    crew = [worker(target=look if shared else hold, args=(meeting, *shared)) for _ in range(workers)]
    if shared:
        say("open")
    for member in crew:
        member.start()
    meeting.wait()
    if not shared:
        say("open")
    meeting.wait()
    meeting.wait()
    say("held")
    meeting.wait()
    for member in crew:
        member.join()

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


def test_counting_leaves_no_process_thread_or_descriptor(fork):
    worker, watched = fork(), psutil.Process()
    before = watched.num_fds(), watched.num_threads(), [child.pid for child in watched.children()]
    start, peak = begin(), Peak(worker.pid)
    for _ in range(3):
        peak.look()
    since(start)
    assert (watched.num_fds(), watched.num_threads(), [child.pid for child in watched.children()]) == before


def test_costs_only_grow(fork):
    start, worker = begin(), fork()
    costs = []
    for _ in range(20):
        worker.do(os.getpid)
        costs.append(total(since(start)))
    # A tick late at most: a worker that has just answered may not have left its core.
    assert all(later >= earlier for earlier, later in pairwise(costs))
