"""How to see it again: the command that measures the same, and what has changed since."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Mapping
from functools import cache
from typing import Any

from lab.catalog.experiments import experiment_names
from lab.core.words import listing
from lab.environment.code import SOURCE, measuring, of_lab
from lab.report.load import Known
from lab.report.provenance import COMMIT, commit_of, edited

CHANGED = "The lab's measuring code has changed since this was measured"


def command(known: Known) -> str:
    """Return the command that measures the same cases in the same order, from environment.json."""
    plan = known.results.environment["plan"]
    experiment = known.results.environment["experiment"]
    name = known.name if known.name in experiment_names() else f"./{experiment.get('file') or known.name}"
    words = ["lab", "run", name, *_options(plan)]
    return shlex.join(words)


def _options(plan: Mapping[str, Any]) -> list[str]:
    if plan.get("live"):
        return ["--live", "--live-url", str(plan["live"])]
    if plan.get("quick"):
        words = ["--quick"]
    else:
        words = [
            word
            for option in ("rounds", "samples", "warmups")
            if plan.get(option) is not None
            for word in (f"--{option}", str(plan[option]))
        ]
    for option, name in (("seed", "--seed"), ("timeout_s", "--timeout")):
        if plan.get(option) is not None:
            words += [name, f"{plan[option]:g}" if option == "timeout_s" else str(plan[option])]
    only = plan.get("only")
    for axis, values in only.items() if isinstance(only, dict) else ():
        words += ["--only", f"{axis}={','.join(map(str, values))}"]
    return words


def changes(known: Known) -> list[str]:
    """Return, in words, what is not as it was when this was measured."""
    words = []
    if known.found is None:
        words.append("The experiment's file is not here: what follows is from its numbers alone.")
    elif known.found.fault:
        words.append(f"The experiment does not load any more: {known.found.fault}.")
    return words + changed(known)


def changed(known: Known) -> list[str]:
    """Return, in words, which code has changed since this was measured; what is not known has not."""
    then, words = known.results.environment, []
    if known.found and edited(known.found.path, then):
        words.append("The experiment's file has changed since this was measured.")
    lab = then.get("lab")
    lab = lab if isinstance(lab, dict) else {}
    if lab.get("sha256") not in (None, _now()):
        files = files_since(commit_of(then))
        words.append(f"{CHANGED}: {listing(files)}." if files else f"{CHANGED}.")
    return words


@cache
def files_since(commit: str) -> list[str]:
    """Return the lab's measuring files that differ from a commit; none where git cannot tell."""
    root = SOURCE.parent
    if not COMMIT.fullmatch(commit) or not (root / ".git").exists():
        return []
    git = ("git", "-C", str(root), "diff", "--name-only", "--relative", commit, "--", SOURCE.name)
    try:
        told = subprocess.run(git, capture_output=True, text=True, check=True, timeout=5).stdout
    except (OSError, subprocess.SubprocessError):
        return []
    there = {path.relative_to(root).as_posix() for path in measuring()}
    return [name for name in told.splitlines() if name in there or not (root / name).exists()]


@cache
def _now() -> str:
    return of_lab()
