"""What n workers use and hold against what the lab counts, and what counting costs.

Each worker burns t CPU seconds by its own clock and holds m MiB that it has touched. "own" is the sum
over the workers and their parent of what they counted themselves; whatever helper a start method needs
is counted besides, and what the workers use to end. The rows of short-lived workers fork
n at a time, each for 20 ms, for about 400 ms: a watcher from outside has to catch them. Last: the time
one look takes, at 0 to 16 forked workers (target: 2 ms for CPU time at 16).
"""

import multiprocessing
import os
import subprocess
import sys
import time
from multiprocessing.synchronize import Barrier
from select import select
from statistics import median
from typing import Any

from lab.cost import cpu
from lab.cost.memory import Peak

MIB = 1 << 20
SHORT_S = 0.02
PAUSE_S = 0.002


def burn(seconds: float) -> float:
    began = time.process_time()
    while time.process_time() - began < seconds:
        sum(range(1000))
    return time.process_time()


def touched(mib: int) -> bytearray:
    memory = bytearray(mib * MIB)
    for page in range(0, len(memory), 4096):
        memory[page] = 1
    return memory


def hold(meeting: Barrier, seconds: float, mib: int, own_s: Any, number: int) -> None:
    """Meet four times: started, asked to work, done and holding, asked to end."""
    meeting.wait()
    meeting.wait()
    memory = touched(mib)
    own_s[number] = burn(seconds)
    meeting.wait()
    meeting.wait()
    del memory


def worked(method: str, workers: int, seconds: float, mib: int) -> None:
    """Print, in a process of its own, the workers' own sum and the counted one, in seconds."""
    context = multiprocessing.get_context(method)
    meeting = context.Barrier(workers + 1, timeout=60)
    workers_s = context.RawArray("d", workers)
    start, began = cpu.begin(), time.process_time()
    started = [
        context.Process(target=hold, args=(meeting, seconds, mib, workers_s, n)) for n in range(workers)
    ]
    for worker in started:
        worker.start()
    meeting.wait()
    say("open")
    meeting.wait()
    meeting.wait()
    own_s = sum(workers_s) + time.process_time() - began
    living_s = seconds_since(start)
    say("held")
    meeting.wait()
    for worker in started:
        worker.join()
    say(f"{own_s} {living_s} {seconds_since(start)}")


def seconds_since(start: cpu.Start) -> float:
    cost = cpu.since(start)
    assert cost, "the cost is unknown here"
    return (cost.user_ns + cost.system_ns) / 1e9


def short_lived(workers: int, mib: int) -> None:
    say("open")
    until = time.monotonic() + 0.4
    while time.monotonic() < until:
        pids = []
        for _ in range(workers):
            pids.append(os.fork())
            if pids[-1] == 0:
                memory = touched(mib)
                time.sleep(SHORT_S)
                os._exit(len(memory) == 0)
        for pid in pids:
            os.waitpid(pid, 0)
    say("held")
    say("nothing")


def say(words: str) -> None:
    print(words, flush=True)
    sys.stdin.readline()


def watched(*words: object) -> tuple[Peak, Peak, str]:
    """Return the memory while open, its peak until held, and the last line that the process printed."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, __file__, *map(str, words)], bufsize=0, **pipes) as child:
        assert child.stdin and child.stdout
        child.stdout.readline()
        before, peak = Peak(child.pid), Peak(child.pid)
        before.look()
        child.stdin.write(b"\n")
        while not select([child.stdout], [], [], PAUSE_S)[0]:
            peak.look()
        peak.look()
        child.stdout.readline()
        child.stdin.write(b"\n")
        last = child.stdout.readline().decode()
        child.stdin.write(b"\n")
    return before, peak, last


def print_proof(seconds: float, mib: int) -> None:
    print(f"{seconds} s of CPU and {mib} MiB each")
    print("           own s  counted living s  counted reaped s  asked MiB  peak's growth MiB  kind  looks")
    for method in ("fork", "spawn"):
        for workers in (1, 2, 4, 8):
            before, peak, last = watched("worked", method, workers, seconds, mib)
            own_s, living_s, reaped_s = map(float, last.split())
            print(f"{method:>5} {workers:2}  {own_s:6.3f}  {living_s:16.3f}  {reaped_s:16.3f}", end="")
            print_growth(workers * mib, before, peak)


def print_growth(asked_mib: int, before: Peak, peak: Peak) -> None:
    grown = (peak.bytes or 0) - (before.bytes or 0)
    print(f"  {asked_mib:9}  {grown / MIB:17.1f}  {peak.kind:>4}  {peak.looks:5}")


def print_short_lived(mib: int) -> None:
    print(f"workers that live {SHORT_S * 1000:.0f} ms and hold {mib} MiB each")
    for workers in (1, 2, 4, 8):
        before, peak, _ = watched("short_lived", workers, mib)
        print(f"{'fork':>5} {workers:2}  {'':42}", end="")
        print_growth(workers * mib, before, peak)


def print_look_times(repeats: int = 200) -> None:
    print("ms for one look: median, and the longest of nine in ten")
    pids: list[int] = []
    gate, opened = os.pipe()
    for workers in (0, 1, 4, 16):
        while len(pids) < workers:
            pids.append(os.fork())
            if pids[-1] == 0:
                os.close(opened)
                os.read(gate, 1)
                os._exit(0)
        peak = Peak(os.getpid())
        for name, look in (("CPU time", cpu.of_descendants), ("memory", peak.look)):
            times = []
            for _ in range(repeats):
                began = time.perf_counter()
                look()
                times.append((time.perf_counter() - began) * 1e3)
            print(f"{workers:8}  {name:8}  {median(times):6.2f}  {sorted(times)[repeats * 9 // 10]:6.2f}")
    os.close(opened)
    for pid in pids:
        os.waitpid(pid, 0)


def main() -> None:
    print_proof(seconds=0.2, mib=16)
    print_short_lived(mib=16)
    print_look_times()


if __name__ == "__main__":
    if sys.argv[1:2] == ["worked"]:
        worked(sys.argv[2], int(sys.argv[3]), float(sys.argv[4]), int(sys.argv[5]))
    elif sys.argv[1:2] == ["short_lived"]:
        short_lived(int(sys.argv[2]), int(sys.argv[3]))
    else:
        main()
