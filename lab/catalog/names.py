"""Finds names, sentences and questions in files without running any: `lab list` is instant and harmless."""

import ast
import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from lab.core.errors import LabError

PACKAGE = Path(__file__).parents[1]
SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
ASSIGNED = re.compile(rb"^experiment\b[^=(]*=", re.MULTILINE)


def names_in(folder: Path) -> list[str]:
    """Return the names of a folder's files, sorted; no helpers (_name), no dead links of an editor."""
    return sorted(path.stem for path in folder.glob("*.py") if path.name[0] not in "._" and path.is_file())


def model_names() -> list[str]:
    """Return the names of all models."""
    return names_in(PACKAGE / "models")


def figure_kinds() -> list[str]:
    """Return the names of all kinds of figure: the files of `lab/present/figures/kinds/`."""
    return names_in(PACKAGE / "present" / "figures" / "kinds")


def known(name: str, names: Iterable[str], kind: str, *, where: str = "") -> None:
    """Raise LabError with the nearest of `names` unless `name` is one of them."""
    names = list(names)
    if name in names:
        return
    from difflib import get_close_matches

    near = get_close_matches(name, names, n=1, cutoff=0.5)
    remedy = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(names) or 'none'}"
    raise LabError(f"no {kind} {name!r}", where=where, remedy=remedy)


def sentence(path: Path) -> str:
    """Return the first paragraph of the docstring that a file opens with, without running the file."""
    opening = re.match(r'\s*"""(.*?)(\n\n|""")', path.read_text(encoding="utf-8"), re.DOTALL)
    return " ".join(opening[1].split()) if opening else ""


def sentences(kind: str) -> dict[str, str]:
    """Return name -> first sentence for `kind`, "models" or "workloads"."""
    return {name: sentence(PACKAGE / kind / f"{name}.py") for name in names_in(PACKAGE / kind)}


def questions(folder: Path) -> tuple[dict[str, str], list[LabError]]:
    """Return name -> question of the experiments in a folder, and the faults that reading shows."""
    asked, faults = {}, []
    for name in names_in(folder):
        try:
            asked[name] = question(folder / f"{name}.py")
        except LabError as fault:
            faults.append(fault)
    return asked, faults


def question(path: Path) -> str:
    """Return the question in `experiment = Experiment(question="...")`.

    Where it is not written out there, return the sentence that the file opens with. Raises LabError for a
    file that cannot be read, that does not parse from there on, or that assigns no `experiment`.
    """
    try:
        tree = parsed(path.read_bytes())
    except (OSError, ValueError, SyntaxError) as error:
        raise LabError(f"does not import: {type(error).__name__}: {error}", where=str(path)) from error
    values = [value for node in tree.body for value in assigned(node)]
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
    for start in ASSIGNED.finditer(source):
        with suppress(SyntaxError):  # it is inside of something else, or its own error needs its line
            return ast.parse(source[start.start() :])
    return ast.parse(source)


def assigned(node: ast.stmt) -> Iterable[ast.expr | None]:
    """Return what a statement assigns to the name `experiment`: nothing, or one value."""
    if isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if any(isinstance(target, ast.Name) and target.id == "experiment" for target in targets):
            return [node.value]
    return []
