"""How many requests a second the embedded server answers on one core, with uvloop and with asyncio.

python benchmarks/server.py [--rounds 5] [--seconds 2]

Server and wrk have a core each. The two loops take turns within a round, so that what else the machine
does hits both alike; the figure of each is the median over all rounds. Beside each round stands the share
of its core that the server had: well below 100 %, something else held the core or wrk was the slower.

What one core of a shared two-core virtual machine answers (CPython 3.11.7, aiohttp 3.14.5, uvloop 0.23.0;
27 kB documents, kept connections), server and wrk on a core each, five rounds, none left out:

    taskset -c 1 wrk -t1 -c16 -d2s -H "X-Lab-Tag: wrk" "$URL/daily/eur.json?wait_ms=0"

    uvloop    median 18,762 requests/s, 14,708 to 23,162
    asyncio   median 17,224 requests/s, 13,105 to 19,931

The server had 99 % of its core in all ten. Where something else held a core, a round fell to as little as
8,762. A new connection for each request costs more, and limits a case that opens one for each fetch:
medians of five rounds, with "Connection: close", were 5,845 (uvloop) and 7,318 (asyncio) requests/s.

The handler is aiohttp's low-level `web.Server`: with `web.Application`, its router and a middleware, the
medians of five rounds taken in turns were 16,035 against 19,662 (uvloop) and 14,695 against 16,494
(asyncio), the lowest 9,875 against 15,346, and the code was no shorter.
"""

import argparse
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

START = "import sys; from lab.server.app import serve; serve(0, until_eof=True)"
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
    command = ["taskset", "-c", str(core), sys.executable, "-c", code]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        # taskset becomes the server, so the process is the server's
        yield process.stdout.readline().decode().strip(), process.pid
        # leaving closes its input, which ends it


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
    output = subprocess.run(
        ["taskset", "-c", str(core), *wrk], capture_output=True, text=True, check=True
    ).stdout
    if "Non-2xx" in output or "Socket errors" in output:
        sys.exit(f"benchmarks/server.py: not every request was answered:\n{output}")
    return float(re.search(r"Requests/sec:\s*([\d.]+)", output)[1])


if __name__ == "__main__":
    main()
