"""How many requests a second the embedded server answers on one core, with uvloop and with asyncio.

python benchmarks/server.py [--rounds 5] [--seconds 2]

Server and wrk have a core each. The two loops take turns within a round, so that what else the machine
does hits both alike; the figure of each is the median over all rounds. Beside each round stands the share
of its core that the server had: well below 100 %, something else held the core or wrk was the slower.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from time import monotonic

import psutil

from lab.server import TAG_HEADER

START = "import sys; from lab.server.__main__ import main; sys.exit(main())"
LOOPS = {"uvloop": START, "asyncio": f"import sys; sys.modules['uvloop'] = None; {START}"}


def main() -> None:
    options = arguments()
    if shutil.which("wrk") is None or shutil.which("taskset") is None:
        sys.exit(
            "benchmarks/server.py: needs wrk and taskset; install them with the system's package manager"
        )
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        sys.exit("benchmarks/server.py: two cores are needed, one for the server and one for wrk")
    figures: dict[str, list[float]] = {loop: [] for loop in LOOPS}
    for number in range(1, options.rounds + 1):
        for loop in LOOPS if number % 2 else reversed(LOOPS):
            with server(LOOPS[loop], cores[0]) as (url, pid):
                busy, start = cpu_s(pid), monotonic()
                figures[loop].append(requests_per_s(url, cores[1], options.seconds))
                share = (cpu_s(pid) - busy) / (monotonic() - start)
            print(
                f"round {number} {loop:8}{figures[loop][-1]:9,.0f} requests/s, {share:.0%} of a core",
                flush=True,
            )
    for loop, each in figures.items():
        print(f"median  {loop:8}{median(each):9,.0f} requests/s, {min(each):,.0f} to {max(each):,.0f}")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=2)
    return parser.parse_args()


@contextmanager
def server(code: str, core: int) -> Iterator[tuple[str, int]]:
    command = ["taskset", "-c", str(core), sys.executable, "-c", code, "--until-eof"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        # taskset becomes the server, so the process is the server's
        yield (
            json.loads(process.stdout.readline())["url"],
            process.pid,
        )  # leaving closes its input, which ends it


def cpu_s(pid: int) -> float:
    times = psutil.Process(pid).cpu_times()
    return times.user + times.system


def requests_per_s(url: str, core: int, seconds: int) -> float:
    wrk = [
        "wrk",
        "-t1",
        "-c16",
        f"-d{seconds}s",
        "-H",
        f"{TAG_HEADER}: wrk",
        f"{url}/daily/eur.json?wait_ms=0",
    ]
    said = subprocess.run(
        ["taskset", "-c", str(core), *wrk], capture_output=True, text=True, check=True
    ).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        sys.exit(f"benchmarks/server.py: not every request was answered:\n{said}")
    return float(re.search(r"Requests/sec:\s*([\d.]+)", said)[1])


if __name__ == "__main__":
    main()
