"""Whether an experiment's code is what was measured: its lesson may have been put better since."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from lab.environment.code import read_if_there, sha256, sources
from lab.report.sources import code_of
from lab.store.formats import is_first

COMMIT = re.compile("[0-9a-f]{6,40}")


def edited(path: Path, environment: Mapping[str, Any]) -> bool:
    """Return whether an experiment's code has changed since it was measured, where that is known.

    Its helpers count as its code; a lesson, or another docstring that a file opens with, does not.
    """
    then, commit = environment["experiment"].get("sha256"), commit_of(environment)
    now = measured(path, environment, read_if_there)
    if then in (None, sha256(now)):
        return False
    before = measured(path, environment, lambda file: committed(file, commit))
    # What was measured need not be what was committed.
    return sha256(before) != then or code_in(before) != code_in(now)


def measured(
    path: Path, environment: Mapping[str, Any], read: Callable[[Path], bytes | None]
) -> dict[str, bytes]:
    """Return the files that a result's hash is over, as `read` gives them: in the first format only one."""
    files = sources(path, read)
    return {name: files[name] for name in files if name == path.name or not is_first(environment)}


def code_in(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return name → source without the docstring that it opens with."""
    return {name: code_of(content.decode()) for name, content in files.items()}


def commit_of(environment: Mapping[str, Any]) -> str:
    """Return the commit that a result was measured at; nothing where it is not known."""
    lab = environment.get("lab")
    commit = str((lab if isinstance(lab, dict) else {}).get("commit") or "").removesuffix("+")
    return commit if COMMIT.fullmatch(commit) else ""


def committed(path: Path, commit: str) -> bytes | None:
    """Return what a file held at a commit; None where git cannot tell."""
    if not commit:
        return None
    git = ("git", "-C", str(path.parent), "show", f"{commit}:./{path.name}")
    try:
        return subprocess.run(git, capture_output=True, check=True, timeout=5).stdout
    except (OSError, subprocess.SubprocessError):
        return None
