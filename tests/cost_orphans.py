"""A runner that adopts orphans, and its trial, where one burns: prints both CPU times."""

import json
import os
import subprocess
import sys

from cost_workers import burn

from lab.cost.cpu import begin, since
from lab.runner.reap import adopt_orphans


def runner():
    adopt_orphans()
    sys.exit(subprocess.call([sys.executable, __file__, "trial"], start_new_session=True))


def trial():
    start = begin()
    receiver, tell = os.pipe()
    end, may_end = os.pipe()
    if (worker := os.fork()) == 0:
        if os.fork() == 0:
            os.close(may_end)
            os.write(tell, json.dumps(burn()).encode())
            os.read(end, 1)
        os._exit(0)
    os.close(tell)
    os.waitpid(worker, 0)
    burnt = json.loads(os.read(receiver, 100))
    living = since(start)
    os.close(may_end)
    assert not os.read(receiver, 1)  # it has ended
    ended = since(start)
    print(json.dumps([burnt] + [cost.user_ns + cost.system_ns for cost in (living, ended)]))


if __name__ == "__main__":
    trial() if "trial" in sys.argv else runner()
