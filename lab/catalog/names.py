"""Finds what there is by its files, without running any: names, and the sentence each file opens with."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from lab.core.errors import LabError

PACKAGE = Path(__file__).parents[1]
SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


def names_in(folder: Path) -> list[str]:
    """Return the names that a folder's files give, sorted; files that start with _ are helpers."""
    return sorted(path.stem for path in files_in(folder) if not path.stem.startswith("_"))


def files_in(folder: Path) -> list[Path]:
    """Return a folder's Python files, sorted; not what an editor leaves there, such as links to nowhere."""
    return sorted(path for path in folder.glob("*.py") if not path.name.startswith(".") and path.is_file())


def model_names() -> list[str]:
    """Return the names of all models."""
    return names_in(PACKAGE / "models")


def figure_kinds() -> list[str]:
    """Return the names of all kinds of figure: the files of `lab/present/figures/kinds/`."""
    return names_in(PACKAGE / "present" / "figures" / "kinds")


def sentence(path: Path) -> str:
    """Return the first paragraph of the docstring that a file opens with, without running the file."""
    opening = re.match(r'\s*"""(.*?)(\n\n|""")', path.read_text(encoding="utf-8"), re.DOTALL)
    return " ".join(opening[1].split()) if opening else ""


def sentences(kind: str) -> dict[str, str]:
    """Return name -> first sentence for `kind`, "models" or "workloads"."""
    return {name: sentence(PACKAGE / kind / f"{name}.py") for name in names_in(PACKAGE / kind)}


def known(name: str, names: Iterable[str], kind: str, *, where: str = "") -> None:
    """Raise LabError with the nearest of `names` unless `name` is one of them."""
    names = list(names)
    if name in names:
        return
    from difflib import get_close_matches

    near = get_close_matches(name, names, n=1, cutoff=0.5)
    remedy = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(names) or 'none'}"
    raise LabError(f"no {kind} {name!r}", where=where, remedy=remedy)
