"""CPU time: what is counted is compared with what the workers counted themselves."""

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from threading import Thread

import psutil
import pytest
from cost_workers import BURN_S, TICK_S, Counting, Worker, burn, burn_in_child

from lab.cost import cpu, tree
from lab.cost.cpu import Cpu, begin, since
from lab.cost.memory import Peak

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the tree is read from Linux's /proc")


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


def test_reaped_workers_are_counted_once(fork):
    counting = Counting()
    workers = [fork() for _ in range(3)]
    used_s = sum(worker.do(burn) for worker in workers)
    for worker in workers:
        worker.end()
        worker.reap()
    assert counting.tells(used_s)


def test_a_worker_is_counted_once_while_it_lives_when_it_has_ended_and_when_it_is_reaped(fork):
    counting, worker = Counting(), fork()
    used_s = worker.do(burn)
    assert counting.tells(used_s)
    worker.end()
    assert counting.tells(used_s)
    worker.reap()
    assert counting.tells(used_s)


def test_the_time_a_worker_used_before_is_not_counted_when_it_is_reaped(fork):
    worker = fork()
    before = worker.do(burn_long)
    counting = Counting()
    used_s = worker.do(burn) - before
    worker.end()
    worker.reap()
    assert counting.tells(used_s)


def burn_long():
    return burn(4 * BURN_S)


def test_the_time_a_living_worker_has_reaped_is_counted_once(fork):
    worker, counting = fork(), Counting()
    used_s = worker.do(burn_in_child)
    assert counting.tells(used_s, short_s=2 * TICK_S)  # user and system time are cut off at a tick each
    worker.end()
    worker.reap()
    assert counting.tells(used_s)


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_a_pool_is_counted_while_open_and_after(method):
    counting = Counting()
    with multiprocessing.get_context(method).Pool(2) as pool:
        used_s = sum(pool.map(burn_alone, [BURN_S] * 3, chunksize=1))
        workers = {worker.pid for worker in multiprocessing.active_children()}
        assert workers <= tree.descendants(os.getpid()).keys()
        seen = since(counting.start)
        pool.close()
        pool.join()
    after = since(counting.start)
    # A fork server, not this process, reaps its workers: their time is then cut off at ticks.
    assert used_s <= total(seen) / 1e9 <= total(after) / 1e9 + 2 * TICK_S


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
        used_s = sum(answers.get() for _ in workers)
        for worker in workers:
            worker.join()
            worker.close()
        answers.close()
        assert counting.tells(used_s)


def put_burnt(answers):
    answers.put(burn())


def test_threads_are_counted_once():
    used_s = []

    def work():
        began = time.thread_time()
        while time.thread_time() - began < BURN_S:
            sum(range(1000))
        used_s.append(time.thread_time())

    start = begin()
    threads = [Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    cost = total(since(start)) / 1e9
    assert sum(used_s) - 0.002 <= cost <= 1.5 * sum(used_s)


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
        os.read(zeros, 1 << 20)


def test_neither_part_of_a_difference_is_negative_and_their_sum_is_kept():
    assert Cpu(9, 5) - Cpu(10, 1) == Cpu(0, 3)
    assert Cpu(9, 5) - Cpu(1, 6) == Cpu(7, 0)
    assert Cpu(9, 5) - Cpu(1, 2) == Cpu(8, 3)
    assert Cpu(1, 1) - Cpu(1, 2) == Cpu(0, 0)


def test_an_orphan_is_counted_living_and_ended():
    script = Path(__file__).with_name("cost_orphans.py")
    ended = subprocess.run([sys.executable, script], capture_output=True, check=True, timeout=30)
    burnt_s, living_ns, ended_ns = json.loads(ended.stdout)
    assert burnt_s * 1e9 < living_ns <= ended_ns < 2 * burnt_s * 1e9


def test_a_process_that_is_reaped_during_the_look_makes_it_start_again(fork, monkeypatch):
    counting, gone, living = Counting(), fork(), fork()
    used_s = gone.do(burn) + living.do(burn)
    list_them = tree.descendants

    def list_and_reap(root):
        listed = list_them(root)
        if not gone.reaped:
            gone.end()
            gone.reap()
        return listed

    monkeypatch.setattr(tree, "descendants", list_and_reap)
    assert counting.tells(used_s)
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
    used_s = worker.do(burn)
    answers = ["unknown" if since(counting.start) is None else "known"]
    worker.end()
    answers.append("unknown" if since(counting.start) is None else "known")
    worker.reap()
    return [*answers, counting.tells(used_s)]


def test_counting_leaves_no_process_thread_or_descriptor(fork):
    worker, watched = fork(), psutil.Process()
    before = watched.num_fds(), watched.num_threads(), [child.pid for child in watched.children()]
    start, peak = begin(), Peak(worker.pid)
    for _ in range(3):
        peak.look()
    since(start)
    assert (watched.num_fds(), watched.num_threads(), [child.pid for child in watched.children()]) == before
