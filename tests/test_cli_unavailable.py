"""What this platform cannot run is listed with the reason, and skipped with it."""

import subprocess
import sys

from runs import measured, written

import lab.runner.trials

WITHOUT_FORK = """
import os, sys
del os.fork
sys.argv = ["lab", "list", "models"]
from lab.cli import main
main()
"""


def test_a_model_that_the_platform_cannot_run_is_listed_with_the_reason():
    listed = subprocess.run(
        [sys.executable, "-c", WITHOUT_FORK], capture_output=True, text=True, check=True
    )
    before, _, after = listed.stdout.partition("Not here: this platform has no os.fork.")
    assert before.splitlines()[-2].startswith("fork ")
    assert "Not here" not in before + after


def test_a_start_method_that_the_platform_lacks_is_skipped_with_the_reason(tmp_path, monkeypatch):
    monkeypatch.setattr(lab.runner.trials, "get_all_start_methods", lambda: ["spawn"])
    path = written(
        tmp_path,
        "forking",
        """
from lab.workloads import pause
experiment = Experiment(
    question="Who forks?", workload=pause.sleep(1), baseline="processes",
    grid={"model": ["processes"], "start_method": ["fork"], "tasks": [1]},
)
""",
    )
    (trial,) = measured(path, quick=True).trials
    assert (trial.status, trial.reason) == ("skipped", "this platform cannot start a process by fork")
