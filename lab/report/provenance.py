"""Where a result comes from: the machine, the caveats, the command to measure it anew, and what changed."""

import re
import shlex
import subprocess
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from lab.analysis.stats.intervals import FEWEST_ROUNDS
from lab.catalog.experiments import experiment_names
from lab.core.words import many
from lab.environment.code import AFTER, KINDS, SOURCE, of_lab, read_if_there, sha256, sources
from lab.present.templates import lines
from lab.report.load import ExperimentView
from lab.report.sources import lesson_and_code
from lab.store.first_format import is_first

COMMIT = re.compile("[0-9a-f]{6,40}")
_now = cache(of_lab)


def machines(views: Sequence[ExperimentView]) -> list[tuple[dict[str, str], list[ExperimentView]]]:
    """Return each machine and interpreter in words, empty where unknown, and what was measured on it."""
    groups: dict[tuple[tuple[str, str], ...], list[ExperimentView]] = defaultdict(list)
    for view in views:
        groups[tuple(machine_of(view.environment).items())].append(view)
    return [(dict(facts), group) for facts, group in groups.items()]


def machine_of(environment: Mapping[str, Any]) -> dict[str, str]:
    """Return the machine, the system and the interpreter, each in words."""
    machine, python = part(environment, "machine"), part(environment, "python")
    lock = {"True": "with the global lock", "False": "without the global lock"}.get(str(python.get("gil")))
    method = python.get("start_method")
    version = " ".join(str(python[name]) for name in ("implementation", "version") if python.get(name))
    return {
        "machine": _listed(machine.get("cpu"), many(machine["cores"], "usable core")),
        "system": str(machine.get("system") or ""),
        "Python": _listed(version, lock, f"start method {method}" if method else ""),
    }


def _listed(*parts: object) -> str:
    return ", ".join(str(part) for part in parts if part)


def caveats_of(view: ExperimentView) -> list[str]:
    """Return what speaks against trusting an experiment's numbers, a sentence each."""
    failed = sum(view.rounds.bad)
    return lines("caveats", view=view, failed=failed, needed=FEWEST_ROUNDS) + changes(view)


def summed_up(caveats: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the caveats of all experiments, each once, with the experiments it is about."""
    about: dict[str, list[str]] = defaultdict(list)
    for name, texts in caveats.items():
        for text in texts:
            about[f"{text.partition(': load ')[0].rstrip('.')}."].append(name)
    every = len(caveats) if len(caveats) > 1 else 0
    return [text if len(names) == every else f"{', '.join(names)}: {text}" for text, names in about.items()]


def command(view: ExperimentView) -> str:
    """Return the command that measures the same cases in the same order, from environment.json."""
    experiment, plan = view.environment["experiment"], view.environment["plan"]
    known = view.name in experiment_names()
    words = ["lab", "run", view.name if known else f"./{experiment.get('file') or view.name}"]
    if plan.get("live"):
        return shlex.join([*words, "--live", "--live-url", str(plan["live"])])
    words += ["--quick"] if plan.get("quick") else []
    for name in ("seed",) if plan.get("quick") else ("rounds", "samples", "warmups", "seed"):
        words += [f"--{name}", str(plan[name])] if plan.get(name) is not None else []
    words += ["--timeout", f"{plan['timeout_s']:g}"] if plan.get("timeout_s") is not None else []
    for axis, values in part(plan, "only").items():
        words += ["--only", f"{axis}={','.join(map(str, values))}"]
    return shlex.join(words)


def remarks(view: ExperimentView) -> list[str]:
    """Return, in words, what is not as it was when this was measured."""
    return lines("missing", file=view.source) + changes(view)


def changes(view: ExperimentView) -> list[str]:
    """Return, in words, which code has changed since this was measured, as far as that is known."""
    file = view.source and code_changed(view.source.path, view.environment)
    lab = part(view.environment, "lab").get("sha256") not in (None, _now())
    files = files_since(commit_of(view.environment)) if lab else []
    return lines("changes", file=file, lab=lab, files=files)


def code_changed(path: Path, environment: Mapping[str, Any]) -> bool:
    """Return whether an experiment's code has changed since it was measured, where that is known.

    Its helpers count, but not in the first format; a docstring that a file opens with does not.
    """
    then, commit = environment["experiment"].get("sha256"), commit_of(environment)

    def covered(files: Mapping[str, bytes]) -> dict[str, bytes]:
        return {name: files[name] for name in files if name == path.name or not is_first(environment)}

    def code(files: Mapping[str, bytes]) -> dict[str, str | bytes]:
        plain = {name: lesson_and_code(files[name].decode())[1] for name in files if name.endswith(".py")}
        return {**files, **plain}

    now = covered(sources(path, read_if_there))
    if then in (None, sha256(now)):
        return False
    if not commit:
        return True
    committed = sources(path, lambda file: _git(file.parent, "show", f"{commit}:./{file.name}"))
    before = covered(committed)
    # The code that was measured need not be the code that was committed.
    return sha256(before) != then or code(before) != code(now)


@cache
def files_since(commit: str) -> list[str]:
    """Return the lab's measuring files that differ from a commit; none where git does not know."""
    root = SOURCE.parent
    if not COMMIT.fullmatch(commit) or not (root / ".git").exists():
        return []
    names = _git(root, "diff", "--name-only", "--relative", commit, "--", SOURCE.name) or b""
    code = [path for path in map(Path, names.decode().splitlines()) if path.suffix in KINDS]
    return [path.as_posix() for path in code if path.parts[1].split(".")[0] not in AFTER]


def commit_of(environment: Mapping[str, Any]) -> str:
    """Return the commit that a result was measured at; empty where it is not known."""
    commit = str(part(environment, "lab").get("commit") or "").removesuffix("+")
    return commit if COMMIT.fullmatch(commit) else ""


def part(environment: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return a part of what environment.json says; empty where another lab has something else there."""
    there = environment.get(name)
    return there if isinstance(there, dict) else {}


def _git(folder: Path, *words: str) -> bytes | None:
    """Return what a command of git prints; None where it fails."""
    git = ("git", "-C", str(folder), *words)
    try:
        return subprocess.run(git, capture_output=True, check=True, timeout=5).stdout
    except (OSError, subprocess.SubprocessError):
        return None
