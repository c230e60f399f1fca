"""Finds what there is: models and workloads by their files in the package, experiments by theirs.

Nothing registers itself. A name is a file's name; what it is, is the first sentence of its file. Names are
asked for far more often than what they name, so what only loading needs is imported there.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import lab.experiments
from lab.errors import LabError

if TYPE_CHECKING:
    from types import ModuleType

    from lab.core import Experiment, Model

PACKAGE = Path(__file__).parent
SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
ALL = "all"  # what stands for every experiment names none
COLUMNS = (
    "experiment round trial sample void status samples start_up_s first_batch_s shutdown_s wall_s"
    " peak_memory_bytes memory_kind reason stderr index submitted_s started_s finished_s worker error"
    " metric median low high ratio ratio_low ratio_high verdict rounds speedup speedup_low speedup_high"
    " limit makespan_s queue_wait_s service_s asked_in_flight peak_in_flight limit_s cpu_s cpu_system_s"
    " cores_busy requests new_connections server_peak_in_flight server_busy"
)
"""The columns that the lab's tables have, whatever the experiment."""
START_METHODS = ("fork", "forkserver", "spawn")
AMOUNTS = {"workers": ("all", "cores"), "tasks": ("cores",)}
"""The axes whose values are numbers from 1 on, and the words that stand for one."""


class Found(NamedTuple):
    """An experiment's name and file, and either the experiment or why there is none."""

    name: str
    path: Path
    experiment: Experiment | None
    fault: LabError | None = None


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
    """Return the names of all kinds of figure: the modules of `lab.figures` that can draw one."""
    return [
        name
        for name in names_in(PACKAGE / "figures")
        if "\ndef draw(" in (PACKAGE / "figures" / f"{name}.py").read_text(encoding="utf-8")
    ]


def sentence(path: Path) -> str:
    """Return the first paragraph of the docstring that a file opens with, without running the file."""
    opening = re.match(r'\s*"""(.*?)(\n\n|""")', path.read_text(encoding="utf-8"), re.DOTALL)
    return " ".join(opening[1].split()) if opening else ""


def sentences(kind: str) -> dict[str, str]:
    """Return name -> first sentence for `kind`, "models" or "workloads"."""
    return {name: sentence(PACKAGE / kind / f"{name}.py") for name in names_in(PACKAGE / kind)}


def load_model(name: str) -> Model:
    """Return the model of that name."""
    from lab.core import Model

    known(name, model_names(), "model")
    where = str(PACKAGE / "models" / f"{name}.py")
    try:
        model = getattr(importlib.import_module(f"lab.models.{name}"), "model", None)
    except Exception as error:  # a file somebody added may raise anything
        raise LabError(f"does not import: {type(error).__name__}: {error}", where=where) from error
    if not isinstance(model, Model):
        raise LabError("has no `model`", where=where, remedy="assign one: model = Model(opened)")
    return model


def missing(packages: Iterable[str]) -> str:
    """Return the words for what is not installed of `packages`; empty where all of them are."""
    absent = [package for package in packages if importlib.util.find_spec(package) is None]
    return f"not installed: {', '.join(absent)}; pip install {' '.join(absent)}" if absent else ""


def known(name: str, names: Iterable[str], kind: str, *, where: str = "") -> None:
    """Raise LabError with the nearest of `names` unless `name` is one of them."""
    names = list(names)
    if name in names:
        return
    from difflib import get_close_matches

    near = get_close_matches(name, names, n=1, cutoff=0.5)
    remedy = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(names) or 'none'}"
    raise LabError(f"no {kind} {name!r}", where=where, remedy=remedy)


def experiments_folder() -> Path:
    """Return ./experiments of the current directory, or the experiments that ship with the lab."""
    here = Path.cwd() / "experiments"
    return here if here.is_dir() else lab.experiments.shipped


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


def load(path: Path) -> Experiment:
    """Import an experiment's file and return its checked `experiment`; LabError says what is wrong."""
    from lab.core import Experiment

    where = str(path)
    if not SLUG.fullmatch(path.stem) or path.stem == ALL:
        raise LabError(
            f"{path.stem!r} cannot name an experiment", where=where, remedy="use letters, digits, _ and -"
        )
    experiment = getattr(import_file(path), "experiment", None)
    if not isinstance(experiment, Experiment):
        raise LabError(
            "has no `experiment`",
            where=where,
            remedy="assign one: experiment = Experiment(question=..., ...)",
        )
    check(experiment, where)
    return experiment


def import_file(path: Path) -> ModuleType:
    """Import an experiment's file into `lab.experiments`; whatever it raises becomes a LabError."""
    package = lab.experiments
    os.environ["LAB_EXPERIMENTS"] = str(path.parent)
    package.__path__ = [str(path.parent)]
    importlib.invalidate_caches()
    module_name = f"{package.__name__}.{path.stem}"
    sys.modules.pop(module_name, None)
    try:
        return importlib.import_module(module_name)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # a file that exits while it is imported is faulty too
        reason = str(error) if isinstance(error, LabError) else f"{type(error).__name__}: {error}"
        raise LabError(f"does not import: {' '.join(reason.split())}", where=str(path)) from error


def check(experiment: Experiment, where: str) -> None:
    """Raise LabError where an experiment cannot be measured as it is declared."""
    from lab.core import Figure, Workload

    if (experiment.workload is None) == (experiment.measure is None):
        raise LabError("needs either `workload` or `measure`", where=where)
    work = experiment.workload or experiment.measure
    if not (callable(work) or isinstance(work, Workload)):
        raise LabError(
            "`workload` is a workload or a function of the case; `measure` a function", where=where
        )
    if experiment.samples < 1 or experiment.warmups < 0 or experiment.timeout_s <= 0:
        raise LabError("needs samples >= 1, warmups >= 0 and timeout_s > 0", where=where)
    check_grid(experiment.grid, where)
    if experiment.workload is not None:
        for model in (*experiment.grid.get("model", ()), experiment.baseline):
            known(str(model), model_names(), "model", where=where)
        for method in experiment.grid.get("start_method", ()):
            known(str(method), START_METHODS, "start method", where=where)
    for figure in experiment.figures:
        if not isinstance(figure, Figure):
            raise LabError(f"{figure!r} is no figure", where=where, remedy="write figures=[bars()]")
        known(figure.kind, figure_kinds(), "kind of figure", where=where)


def check_grid(grid: object, where: str) -> None:
    """Raise LabError for a grid without axes, or an axis that cannot be one."""
    if not isinstance(grid, Mapping) or not grid:
        raise LabError(
            "has an empty grid", where=where, remedy='give it an axis: grid={"model": ["threads"]}'
        )
    for axis, values in grid.items():
        check_axis(axis, where)
        check_values(axis, values, where)


def check_values(axis: str, values: object, where: str) -> None:
    """Raise LabError for an axis without values, with one twice, or with one that cannot be measured."""
    if isinstance(values, str) or not isinstance(values, Sequence) or not values:
        raise LabError(f"axis {axis!r} has no values", where=where, remedy="give a list of at least one")
    for value in values:
        if (
            not isinstance(value, str | int | float | bool)
            or not str(value).strip()
            or not str(value).isprintable()
        ):
            raise LabError(
                f"axis {axis!r} has the value {value!r}", where=where, remedy="give text or a number"
            )
        words = AMOUNTS.get(axis)
        if words is not None and value not in words and (type(value) is not int or value < 1):
            remedy = f"give a whole number from 1, or {' or '.join(map(repr, words))}"
            raise LabError(f"axis {axis!r} has the value {value!r}", where=where, remedy=remedy)
    if min(len(set(values)), len({str(value) for value in values})) < len(values):
        raise LabError(f"axis {axis!r} has a value twice", where=where)


def check_axis(axis: object, where: str) -> None:
    """Raise LabError for an axis whose name cannot name a column of its own."""
    if not isinstance(axis, str) or not axis.isidentifier():
        remedy = "use letters, digits and _"
        raise LabError(f"axis {axis!r} is no identifier", where=where, remedy=remedy)
    if axis in COLUMNS.split():
        remedy = "give it another name"
        raise LabError(f"axis {axis!r} has the name of another column", where=where, remedy=remedy)
