"""What starting costs: a trial's child against the import it cannot do without, and the command line.

Targets: the asyncio child at most 1.3 x `import aiohttp`, the threads child 1.3 x `import requests`;
`lab --help` and `lab list` 1.2 x the `--help` of a one-command Typer application; `lab list --json`
1.3 x `import typer`.
"""

import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from alternating import Arm, alternate, print_ratios

from lab.runner.process import launch
from lab.server.launch import serving

FETCH = Path(__file__).parents[1] / "experiments" / "fetch.py"
ONE_COMMAND = """
import typer
app = typer.Typer()
@app.command()
def hello(name: str = typer.Option("you", help="Who.")) -> None:
    "Say hello."
app()
"""


def command(*words: str) -> Arm:
    def run() -> float:
        began = perf_counter()
        subprocess.run(words, stdout=subprocess.DEVNULL, check=True)
        return perf_counter() - began

    return run


def child(model: str, url: str) -> Callable[[], float]:
    """Return the start of a trial: until its model is open, the workload's packages imported."""
    request = {
        "experiment": "fetch",
        "path": str(FETCH),
        "params": {"model": model, "tasks": 1, "workers": 1},
        "samples": 1,
        "warmups": 0,
        "memory": False,
        "environment": {"LAB_SERVER": url, "LAB_TAG": "start"},
    }

    def start() -> float:
        report = launch(request, timeout_s=60)
        batch_s = next(frame["sample"]["makespan_s"] for frame in report.frames if "sample" in frame)
        return report.wall_s - batch_s

    return start


def main(rounds: int = 20) -> None:
    python, lab = sys.executable, [sys.executable, "-m", "lab"]
    with serving() as server:
        for model, package in (("asyncio", "aiohttp"), ("threads", "requests")):
            arms = {
                f"import {package}": command(python, "-c", f"import {package}"),
                f"the {model} child, without its batch": child(model, server.url),
            }
            print_ratios(alternate(arms, rounds), to=f"import {package}", target=1.3)
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "one_command.py")
        script.write_text(ONE_COMMAND)
        arms = {
            "--help of one Typer command": command(python, str(script), "--help"),
            "lab --help": command(*lab, "--help"),
            "lab list": command(*lab, "list"),
        }
        print_ratios(alternate(arms, rounds), to="--help of one Typer command", target=1.2)
    arms = {
        "import typer": command(python, "-c", "import typer"),
        "lab list --json": command(*lab, "list", "--json"),
    }
    print_ratios(alternate(arms, rounds), to="import typer", target=1.3)


if __name__ == "__main__":
    main()
