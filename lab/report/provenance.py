"""Whether an experiment's code is what was measured: its lesson may have been put better since."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from hashlib import sha256 as digest
from pathlib import Path
from typing import Any

from lab.environment.code import sha256
from lab.report.sources import code_of

COMMIT = re.compile("[0-9a-f]{6,40}")


def edited(path: Path, environment: Mapping[str, Any]) -> bool:
    """Return whether a file's code, its lesson aside, has changed since it was measured, where known."""
    then = environment["experiment"].get("sha256")
    if then in (None, sha256([path])):
        return False
    before = committed(path, commit_of(environment))
    # What was measured need not be what was committed.
    if before is None or digest(path.name.encode() + b"\0" + before).hexdigest() != then:
        return True
    return code_of(before.decode()) != code_of(path.read_text(encoding="utf-8"))


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
