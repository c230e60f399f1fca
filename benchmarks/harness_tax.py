"""What measuring costs: the lab's makespan of fourteen fetches against a plain script with a stopwatch.

Both ask the same server, one warm-up and five batches a process, alternately. Target: ratio <= 1.03.
"""

import subprocess
import sys
from pathlib import Path
from statistics import median

from alternating import alternate, print_ratios

from lab.runner.process import launch
from lab.server.launch import serving

HERE = Path(__file__).parent
FETCH = HERE.parent / "experiments" / "fetch.py"


def plain(model: str, url: str) -> float:
    script = [sys.executable, str(HERE / f"plain_{model}.py"), url]
    return float(subprocess.run(script, capture_output=True, text=True, check=True).stdout)


def measured(model: str, url: str) -> float:
    request = {
        "experiment": "fetch",
        "path": str(FETCH),
        "params": {"model": model, "tasks": 14, "workers": "all"},
        "samples": 5,
        "warmups": 1,
        "memory": False,
        "environment": {"LAB_SERVER": url, "LAB_TAG": "tax"},
    }
    report = launch(request, timeout_s=60)
    return median(frame["sample"]["makespan_s"] for frame in report.frames if "sample" in frame)


def main(rounds: int = 10) -> None:
    with serving() as server:
        for model in ("asyncio", "threads"):
            arms = {
                f"{model}, plain script": lambda model=model: plain(model, server.url),
                f"{model}, the lab": lambda model=model: measured(model, server.url),
            }
            print_ratios(alternate(arms, rounds), to=f"{model}, plain script", target=1.03)


if __name__ == "__main__":
    main()
