"""Which code was measured: the lab's, by its commit and hash, and the versions of the packages used."""

import hashlib
import subprocess
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import lab

SOURCE = Path(lab.__file__).parent
AFTER = frozenset({"analysis", "api", "cli", "doctor", "pipeline", "present", "report"})
"""What of the lab only reads what was measured, and makes it anew each time: packages and modules."""
KINDS = frozenset({".py", ".csv", ".json"})
"""What takes part in a trial: code, and the recorded day that is served and searched."""


def commit() -> str | None:
    """Return the commit of the lab's checkout, with a + where it was changed; None outside of one."""
    if not (SOURCE.parent / ".git").exists():
        return None
    git = ("git", "-C", str(SOURCE.parent), "describe", "--always", "--dirty=+", "--exclude=*")
    try:
        return subprocess.run(git, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return None


def measuring() -> list[Path]:
    """Return the lab's files that take part in a trial or write down what it told: all but those AFTER."""
    inside = ((path.relative_to(SOURCE), path) for path in SOURCE.rglob("*.*") if path.suffix in KINDS)
    return [
        path
        for name, path in inside
        if name.parts[0].removesuffix(".py") not in AFTER and "__pycache__" not in name.parts
    ]


def sha256(paths: Iterable[Path]) -> str:
    """Return the hash over the files' names and contents, in the order of their paths."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def installed(package: str) -> str | None:
    """Return a package's version; None where it is not installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None
