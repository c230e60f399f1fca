"""What is imported, and what is not: a command is instant, and a trial measures no import."""

import json
import subprocess
import sys

import pytest

HEAVY = ("matplotlib", "numpy", "polars", "scipy", "aiohttp", "requests", "psutil", "rich")
LOOPS = ("asyncio", "multiprocessing")
THREADS_CASE = """
from lab.catalog.models import load_model
from lab.trial.phases import prepared
from lab.workloads import currency
prepared(load_model("threads"), currency.fetch())
"""
ASYNCIO_CASE = THREADS_CASE.replace("threads", "asyncio")
HELP = "import sys; sys.argv = ['lab', '--help']; from lab.cli import main; main()"
LIST = HELP.replace("'--help'", "'list', '--json'")


def loaded(code: str) -> set[str]:
    """Return the top-level modules that an interpreter has loaded after it ran the code."""
    tell = "import atexit, json, sys; atexit.register(lambda: sys.stderr.write(json.dumps([*sys.modules])))"
    ended = subprocess.run(
        [sys.executable, "-P", "-c", f"{tell}\n{code}"],
        capture_output=True,
        text=True,
        timeout=50,
        check=True,
    )
    return {name.partition(".")[0] for name in json.loads(ended.stderr)}


@pytest.mark.parametrize(
    ("code", "not_loaded"),
    [
        ("import lab", (*HEAVY, *LOOPS, "typer")),
        ("import lab; lab.run", (*HEAVY, *LOOPS, "typer")),
        ("import lab.trial", (*HEAVY, *LOOPS, "typer")),
        (HELP, set(HEAVY) - {"rich"}),
        (LIST, HEAVY),
        (THREADS_CASE, (set(HEAVY) | set(LOOPS)) - {"requests"}),
        (ASYNCIO_CASE, set(HEAVY) - {"aiohttp"}),
    ],
    ids=["lab", "lab.run", "lab.trial", "--help", "list --json", "a threads case", "an asyncio case"],
)
def test_nothing_heavy_is_loaded_that_is_not_used(code, not_loaded):
    assert loaded(code) & set(not_loaded) == set()


def test_what_is_used_is_loaded_before_the_clock_starts():
    assert "requests" in loaded(THREADS_CASE)
    assert {"aiohttp", "asyncio"} <= loaded(ASYNCIO_CASE)
