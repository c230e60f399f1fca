"""Finds experiments by their files, and loads them.

Nothing registers itself. A name is a file's name. Names are needed far more often than experiments, so
modules that only loading needs are imported there.
"""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, NamedTuple

from lab.catalog.names import SLUG, known, names_in
from lab.core.errors import LabError
from lab.experiments import package_of, shipped

if TYPE_CHECKING:
    from lab.core.experiment import Experiment

ALL = "all"  # stands for every experiment, so no experiment can have this name


class Found(NamedTuple):
    """An experiment's name and file, and either the experiment or why there is none."""

    name: str
    path: Path
    experiment: Experiment | None
    fault: LabError | None = None

    def loaded(self) -> Experiment:
        """Return the experiment; LabError where its file has a fault."""
        if self.experiment is None:
            raise self.fault or LabError("cannot be loaded", where=str(self.path))
        return self.experiment


def experiments_folder() -> Path:
    """Return ./experiments of the current directory, or the experiments that ship with the lab."""
    here = Path.cwd() / "experiments"
    return here if here.is_dir() else shipped


def experiment_names() -> list[str]:
    """Return the names of the experiments that can be seen from here."""
    return names_in(experiments_folder())


def find(name: str) -> Found:
    """Return the experiment of that name or at that path, with its fault where it cannot be loaded."""
    if name.endswith(".py") or os.sep in name:
        path = Path(name).resolve()
        if not path.is_file():
            raise LabError("no such experiment file", where=name, remedy="give the path of a .py file")
    else:
        folder = experiments_folder()
        known(name, names_in(folder), "experiment", where=str(folder))
        path = folder / f"{name}.py"
    try:
        return Found(path.stem, path, load(path))
    except LabError as fault:
        return Found(path.stem, path, None, fault)


def find_here(name: str) -> Experiment | None:
    """Return the experiment of that name; None where its file cannot be seen from here, or is faulty."""
    return find(name).experiment if name in experiment_names() else None


def load(path: Path) -> Experiment:
    """Import an experiment's file and return its checked `experiment`; LabError says what is wrong."""
    from lab.catalog.checks import check

    experiment = imported(path)
    check(experiment, path)
    return experiment


def imported(path: Path) -> Experiment:
    """Import an experiment's file and return its `experiment`, unchecked.

    A trial's: the run that launched it has checked everything, and a trial reads nothing it does not need.
    """
    from lab.core.experiment import Experiment

    where = str(path)
    if not SLUG.fullmatch(path.stem) or path.stem == ALL:
        remedy = "use letters, digits, _ and -"
        raise LabError(f"{path.stem!r} cannot name an experiment", where=where, remedy=remedy)
    experiment = getattr(import_file(path), "experiment", None)
    if not isinstance(experiment, Experiment):
        remedy = "assign one: experiment = Experiment(question=..., ...)"
        raise LabError("has no `experiment`", where=where, remedy=remedy)
    return experiment


def import_file(path: Path) -> ModuleType:
    """Import an experiment's file into the package of its folder; whatever it raises becomes a LabError."""
    package = package_of(str(path.parent))
    importlib.invalidate_caches()
    sys.modules.pop(f"{package}.{path.stem}", None)
    try:
        return importlib.import_module(f"{package}.{path.stem}")
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # a file that exits while it is imported is faulty too
        reason = str(error) if isinstance(error, LabError) else f"{type(error).__name__}: {error}"
        reason = " ".join(reason.replace(package, path.parent.name).split())
        raise LabError(f"does not import: {reason}", where=str(path)) from error
