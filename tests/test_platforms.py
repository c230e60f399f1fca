"""What the lab does on other systems than Linux, tried here by hiding what they lack.

A `sitecustomize` on PYTHONPATH hides it from every interpreter of a run: /proc, which macOS lacks, or
`os.fork` and the start methods that need it, which Windows lacks.
"""

import os
import select
import subprocess
import sys
from multiprocessing import get_start_method
from pathlib import Path

import psutil
from runs import lab_command, rows_of, run_lab, run_lab_process, written

from lab.analysis.predict import question
from lab.core.machine import cores
from lab.cost import tree
from lab.environment.machine import limits, machine
from lab.runner.reap import end

WITHOUT_PROC = """
from pathlib import Path
from lab.cost import tree
tree.PROC = Path("/nowhere")
"""
WITHOUT_FORK = """
import multiprocessing, os
from multiprocessing import context
for name in ("fork", "forkpty", "register_at_fork"):
    delattr(os, name)
for name in ("fork", "forkserver"):
    del context._concrete_contexts[name]
context._default_context._default_context = context._concrete_contexts["spawn"]
multiprocessing.get_all_start_methods = context.DefaultContext.get_all_start_methods = lambda *_: ["spawn"]
"""
SMALL = """
from lab.workloads import pause
MODELS = ["sequential", "threads", "fork", "processes", "process_pool", "asyncio"]
experiment = Experiment(
    question="Does it run here?", workload=pause.sleep(10), grid={"model": MODELS, "tasks": [2]},
    samples=1, warmups=1,
)
"""

HELD = """
from lab import bars, tree_bytes

def measure(case):
    held = tree_bytes()
    return {"ready_s": 1.0} | ({} if held is None else {"held_bytes": held})

experiment = Experiment(
    question="How much is held?", measure=measure, grid={"how": ["here"]}, samples=1, warmups=0,
    figures=[bars("held_bytes")],
)
"""
FORKS = """
from lab import bars
experiment = Experiment(
    question="What does a fork take?", measure=lambda case: {"took_s": 1.0}, grid={"how": ["fork"]},
    unavailable=lambda case: "" if hasattr(os, "fork") else "this platform has no os.fork",
    samples=1, warmups=0, figures=[bars("took_s")],
)
"""


def measured_without(what: str, folder: Path) -> dict[str, dict[str, str]]:
    """Run a small experiment where every interpreter lacks something; return model -> its rows, joined."""
    (folder / "sitecustomize.py").write_text(what)
    for name, source in {"small": SMALL, "held": HELD, "forks": FORKS}.items():
        written(folder / "experiments", name, source)
    ended = run_lab_process("run", "all", "--quick", cwd=folder, PYTHONPATH=str(folder))
    assert ended.code == 0, ended.err  # also where a figure has nothing to draw: the case is skipped
    assert ended.err.count("not drawn") == 1, ended.err
    result = folder / "results" / "small"
    assert (folder / "results" / "index.html").is_file()
    rows: dict[str, dict[str, str]] = {}
    for row in [*rows_of(result / "samples.csv"), *rows_of(result / "trials.csv")]:
        rows.setdefault(row["model"], {}).update(row)
    return rows


def test_without_proc_everything_runs_and_what_cannot_be_known_is_empty(tmp_path: Path):
    rows = measured_without(WITHOUT_PROC, tmp_path)
    assert {row["status"] for row in rows.values()} == {"ok"}
    assert all(float(row["makespan_s"]) > 0 for row in rows.values())
    # Of living children nothing is known, nor of the children of a fork server.
    unknown = {"process_pool"} | ({"processes"} if get_start_method() == "forkserver" else set())
    for column in ("cpu_s", "cpu_system_s", "cores_busy"):
        assert {model for model, row in rows.items() if not row[column]} == unknown, column
    # A look during which a process ended does not count; what a fork shares is in no unique set size.
    alone = [rows[model] for model in ("sequential", "threads", "asyncio")]
    assert all(int(row["peak_memory_bytes"]) > 1 << 20 for row in alone if row["memory_kind"])
    assert {row["memory_kind"] for row in rows.values()} in ({"uss"}, {"uss", ""})


def test_without_fork_its_model_is_skipped_with_the_reason_and_all_else_runs(tmp_path: Path):
    rows = measured_without(WITHOUT_FORK, tmp_path)
    assert {model: row["status"] for model, row in rows.items() if row["status"] != "ok"} == {
        "fork": "skipped"
    }
    assert rows["fork"]["reason"] == "this platform has no os.fork"
    assert all(float(row["cpu_s"]) > 0 for model, row in rows.items() if model != "fork")


def test_where_only_sockets_can_be_waited_for_a_run_says_so_and_leaves_nothing(tmp_path: Path, monkeypatch):
    monkeypatch.delattr(select, "poll")
    written(tmp_path / "experiments", "small", SMALL)
    ended = run_lab("run", "small", "--quick", cwd=tmp_path)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == (
        "lab: lab run: this system cannot wait for the output of a trial;"
        " run it on Linux or macOS; on Windows, in WSL\n"
    )
    assert list((tmp_path / "results").iterdir()) == []


def test_where_orphans_cannot_be_adopted_a_trials_descendants_are_still_ended(monkeypatch, tmp_path: Path):
    script = (
        "import subprocess, sys; p = subprocess.Popen(['sleep', '100']); print(p.pid, flush=True); p.wait()"
    )
    others = {child.pid for child in psutil.Process().children()}
    child = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, start_new_session=True)
    assert child.stdout
    with child.stdout:
        grandchild = psutil.Process(int(child.stdout.readline()))
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(tree, "PROC", tmp_path / "nowhere")
    assert end(child, keep=others) < 0
    assert not grandchild.is_running() or grandchild.status() == psutil.STATUS_ZOMBIE


def test_a_fact_that_a_system_does_not_report_of_itself_is_unknown(monkeypatch, tmp_path: Path):
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.delattr(os, "getloadavg")
    monkeypatch.setitem(sys.modules, "resource", None)  # as on Windows: it cannot be imported
    here = machine({}, root=tmp_path)
    assert (here["quota_cores"], here["load_1min"], here["governors"]) == (None, None, [])
    assert here["cores"] == cores() == os.cpu_count()
    assert limits() == {"open_files": [None, None], "processes": [None, None]}


def test_a_system_without_such_files_has_room_for_what_its_login_allows(monkeypatch, tmp_path: Path):
    monkeypatch.setattr(question, "OF_ALL", (str(tmp_path / "pid_max"),))
    monkeypatch.setattr(question, "OF_MAPS", str(tmp_path / "max_map_count"))
    monkeypatch.setattr(question, "hard_limit", lambda which: 1234.0)
    here = question.room_here()
    assert (here.threads, here.limit, here.processes, here.files) == (1234.0, "ulimit -Hu", 1234.0, 1234.0)


def test_nothing_that_is_loaded_to_list_and_to_show_needs_what_other_systems_lack(tmp_path: Path):
    (tmp_path / "sitecustomize.py").write_text(WITHOUT_FORK + WITHOUT_PROC)
    reference = Path(__file__).parents[1] / "results" / "reference"
    for command in (["list"], ["show", "cpu", "--out", str(reference)], ["predict", "--tasks", "10"]):
        ended = run_lab_process(*command, cwd=tmp_path, PYTHONPATH=str(tmp_path))
        assert ended.code == 0, (lab_command(*command), ended.err)
