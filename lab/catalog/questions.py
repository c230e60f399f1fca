"""Reads an experiment's question from its file without running it: `lab list` is instant and harmless."""

from __future__ import annotations

import ast
import re
from contextlib import suppress
from pathlib import Path
from typing import TypeGuard

from lab.catalog.names import names_in, sentence
from lab.core.errors import LabError

ASSIGNED = re.compile(rb"^experiment\b[^=(]*=", re.MULTILINE)


def questions(folder: Path) -> tuple[dict[str, str], list[LabError]]:
    """Return name -> question of the experiments in a folder, and the faults that reading shows."""
    found: dict[str, str] = {}
    faults: list[LabError] = []
    for name in names_in(folder):
        try:
            found[name] = question(folder / f"{name}.py")
        except LabError as fault:
            faults.append(fault)
    return found, faults


def question(path: Path) -> str:
    """Return the question in `experiment = Experiment(question="...")`.

    Where it is not written out there, return the sentence that the file opens with. Raises LabError for a
    file that cannot be read, that does not parse from there on, or that assigns no `experiment`.
    """
    try:
        tree = parsed(path.read_bytes())
    except (OSError, ValueError, SyntaxError) as error:
        raise LabError(f"does not import: {type(error).__name__}: {error}", where=str(path)) from error
    values = [node.value for node in tree.body if assigns(node)]
    if not values:
        remedy = "assign one: experiment = Experiment(question=..., ...)"
        raise LabError("has no `experiment`", where=str(path), remedy=remedy)
    for keyword in values[-1].keywords if isinstance(values[-1], ast.Call) else ():
        if keyword.arg == "question" and isinstance(keyword.value, ast.Constant):
            return str(keyword.value.value)
    return sentence(path)


def parsed(source: bytes) -> ast.Module:
    """Return a file's syntax tree from where it assigns `experiment`; the whole file's where that fails.

    The rest of the file takes most of the time, and the question does not depend on it.
    """
    for found in ASSIGNED.finditer(source):
        with suppress(SyntaxError):  # it is inside of something else, or its own error needs its line
            return ast.parse(source[found.start() :])
    return ast.parse(source)


def assigns(node: ast.stmt) -> TypeGuard[ast.Assign | ast.AnnAssign]:
    """Return whether a statement assigns the name `experiment`."""
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    return any(isinstance(target, ast.Name) and target.id == "experiment" for target in targets)
