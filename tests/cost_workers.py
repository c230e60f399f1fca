"""Workers that use CPU time and report how much, and a count that is compared with it."""

import json
import multiprocessing
import os
import time

from lab.cost.cpu import begin, since

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
    """A forked child that runs what it is sent and answers."""

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


class Counting:
    """Counts as `cpu` does, and knows what this process has used meanwhile."""

    def __init__(self):
        self.start, self.began = begin(), time.process_time()

    def tells(self, workers_s, short_s=0.002):
        """Return whether all of what the workers used is counted, and none of it twice."""
        told_s = workers_s + time.process_time() - self.began
        cost = since(self.start)
        counted_s = (cost.user_ns + cost.system_ns) / 1e9
        # Above what they report: how workers start and end.
        return told_s - short_s <= counted_s <= told_s + workers_s / 2 + 0.02
