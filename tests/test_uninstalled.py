"""A checkout in which the lab is not installed: every child finds it all the same."""

import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from runs import plain_environment, written

from lab.core import child

ROOT = Path(__file__).parents[1]
BASE = getattr(sys, "_base_executable", sys.executable)
QUICK = """
from lab.workloads import currency
experiment = Experiment(question="Is it there?", workload=currency.fetch(wait_ms=1), baseline="processes",
                        samples=1, warmups=0, grid={"model": ["processes"], "tasks": [2]})
"""

pytestmark = pytest.mark.skipif(
    sys.prefix == sys.base_prefix or sys.platform == "win32",
    reason="only a virtual environment's base has the packages' place and not the lab's",
)


def uninstalled(*command, cwd=ROOT):
    """Run the interpreter that the virtual environment was made from, which reads none of its .pth."""
    return subprocess.run(
        [BASE, *command],
        cwd=cwd,
        env=plain_environment(PYTHONPATH=sysconfig.get_path("purelib")),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=55,
        check=False,
    )


def test_the_base_interpreter_finds_the_lab_in_the_checkout_alone(tmp_path):
    ended = uninstalled("-c", "import rich, lab.core", cwd=tmp_path)
    assert "ModuleNotFoundError: No module named 'lab" in ended.stderr


def test_trials_and_the_server_run(tmp_path):
    path = written(tmp_path, "there", QUICK)
    ended = uninstalled("-m", "lab", "run", str(path), "--quick", "--out", str(tmp_path / "out"))
    assert (ended.returncode, ended.stdout.partition("\n")[0]) == (0, "there: Is it there?"), ended.stderr


def test_a_demonstration_runs():
    ended = uninstalled("-m", "lab", "demo", "threads", "eur", "--work", "pause", "--wait-ms", "1")
    assert (ended.returncode, "0 ends in" in ended.stdout) == (0, True), ended.stderr


def test_a_run_from_python_measures(tmp_path):
    path = written(tmp_path, "there", QUICK)
    code = f"import lab; print(lab.run({str(path)!r}, quick=True, out={str(tmp_path / 'out')!r}))"
    ended = uninstalled("-c", code)
    assert (ended.returncode, ended.stdout.partition("\n")[0]) == (0, "there: Is it there?"), ended.stderr


def test_where_the_lab_is_installed_the_path_of_a_child_is_left_as_it_is(monkeypatch):
    started = []
    monkeypatch.setattr(
        child.subprocess, "Popen", lambda command, **options: started.append(options["env"])
    )
    for root in (Path("/venv/lib/python3/site-packages"), Path("/checkout")):
        monkeypatch.setattr(child, "ROOT", root)
        child.start("lab.trial", environment={"PYTHONPATH": "/mine"})
    assert [each["PYTHONPATH"] for each in started] == ["/mine", "/checkout:/mine"]
