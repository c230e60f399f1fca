"""Which code was measured: the lab's, the experiment's with its helpers, and the packages' versions."""

import ast
import hashlib
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import lab

SOURCE = Path(lab.__file__).parent
AFTER = frozenset({"analysis", "api", "cli", "doctor", "pipeline", "present", "report"})
"""The packages and modules that only read results, and run anew each time."""
KINDS = frozenset({".py", ".csv", ".json"})
"""The files that take part in a trial: code, and the recorded day that is served and searched."""


def read_if_there(path: Path) -> bytes | None:
    """Return what a file holds; None where there is none."""
    return path.read_bytes() if path.is_file() else None


def commit() -> str | None:
    """Return the commit of the lab's checkout, with a + where it was changed; None outside of one."""
    if not (SOURCE.parent / ".git").exists():
        return None
    git = ("git", "-C", str(SOURCE.parent), "describe", "--always", "--dirty=+", "--exclude=*")
    with suppress(OSError, subprocess.CalledProcessError):
        return subprocess.run(git, capture_output=True, text=True, check=True).stdout.strip()
    return None


def measuring() -> list[Path]:
    """Return the lab's files that take part in a trial or write down what it measured: all but AFTER."""
    inside = ((path.relative_to(SOURCE).parts, path) for path in SOURCE.rglob("*.*"))
    return [
        path
        for parts, path in inside
        if path.suffix in KINDS and parts[0].removesuffix(".py") not in AFTER and "__pycache__" not in parts
    ]


def of_lab() -> str:
    """Return the hash over the lab's files that measure."""
    return sha256({path.relative_to(SOURCE).as_posix(): path.read_bytes() for path in measuring()})


def sources(path: Path, read: Callable[[Path], bytes | None] = read_if_there) -> dict[str, bytes]:
    """Return name → content of an experiment's file, and of the helpers beside it that it and they import.

    Files are read and not run: `from . import _helper` and `from ._helper import name` count wherever they
    stand, and with `_helper.py` its data, `_helper.*`. `read` returns None for a file that is not there.
    """
    names, contents = [path.name], {}
    for name in names:  # which grows meanwhile
        content = read(path.with_name(name))
        if content is not None:
            contents[name] = content
            beside = list(imported_beside(content)) if name.endswith(".py") else []
            beside += [data.name for helper in beside for data in data_of(path.with_name(helper))]
            names += [helper for helper in beside if helper not in names]
    return contents


def imported_beside(source: bytes) -> Iterator[str]:
    """Yield the files that a source imports from its own folder; none where it is no Python."""
    for node in ast.walk(parsed(source)):
        if isinstance(node, ast.ImportFrom) and node.level == 1:
            modules = [node.module] if node.module else [alias.name for alias in node.names]
            yield from (f"{module.partition('.')[0]}.py" for module in modules)


def data_of(helper: Path) -> list[Path]:
    """Return the data files that lie beside a helper `_name.py` and have its name."""
    beside = helper.parent.glob(f"{helper.stem}.*") if helper.name.startswith("_") else ()
    return [each for each in beside if not each.name.startswith(f"{helper.stem}.py")]


def packages_of(files: Mapping[str, bytes]) -> set[str]:
    """Return the packages that sources import, wherever an import stands."""
    trees = [parsed(content) for name, content in files.items() if name.endswith(".py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom) and not node.level}
    return {name.partition(".")[0] for name in names} - sys.stdlib_module_names - {lab.__name__}


def parsed(source: bytes) -> ast.AST:
    """Return a source's syntax tree; an empty one where it is no Python."""
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError):
        return ast.Module([], [])


def sha256(files: Mapping[str, bytes]) -> str:
    """Return the hash over name → content, in the order of the names."""
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(name.encode() + b"\0" + files[name])
    return digest.hexdigest()


def installed(package: str) -> str | None:
    """Return a package's version; None where it is not installed."""
    with suppress(PackageNotFoundError):
        return version(package)
    return None
