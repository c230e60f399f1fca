"""What several commands take: names with completion, the results folder, JSON."""

import json
import sys
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from lab.catalog.experiments import ALL, Found, experiment_names, experiments_folder, find
from lab.catalog.names import model_names
from lab.cli.guard import complain
from lab.core.errors import UNEXPECTED, LabError
from lab.store.folders import RESULTS, ResultsFolder


def experiments_and_all() -> list[str]:
    """Complete an experiment's name, or "all"."""
    return [*experiment_names(), ALL]


def result_names() -> list[str]:
    """Complete the name of a finished result in the default folder."""
    return ResultsFolder(RESULTS).names()


Out = Annotated[Path, typer.Option("--out", help="The results folder.", metavar="DIR")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]
Model = Annotated[str, typer.Argument(help="The model.", autocompletion=model_names)]
Result = Annotated[str, typer.Argument(help="An experiment that was run.", autocompletion=result_names)]


def result_folder(name: str, out: Path) -> Path:
    """Return the folder of an experiment's newest result, by the experiment's name or file."""
    return ResultsFolder(out).newest(Path(name).stem if name.endswith(".py") else name)


class Format(StrEnum):
    """What `lab show` prints."""

    TABLE = "table"
    MARKDOWN = "markdown"
    CSV = "csv"


def print_json(value: Any) -> None:
    """Print a value on stdout as JSON."""
    json.dump(value, sys.stdout, indent=1, default=str)
    print()


def chosen(names: list[str]) -> list[Found]:
    """Return the experiments of those names, each once.

    "all" stands for every one that can be loaded; of the others, a complaint is printed. An experiment
    that was named and cannot be loaded is a LabError.
    """
    experiments = [find(name) for name in dict.fromkeys(names) if name != ALL]
    for each in experiments:
        each.loaded()
    for each in [find(name) for name in experiment_names()] if ALL in names else []:
        if each.fault:
            complain(each.fault)
        else:
            experiments.append(each)
    by_name: dict[str, Found] = {}
    for each in experiments:
        if by_name.setdefault(each.name, each).path.resolve() != each.path.resolve():
            remedy = "their results would share a folder: rename one"
            raise LabError(f"is a second experiment {each.name!r}", where=str(each.path), remedy=remedy)
    if not experiments:
        raise LabError("no experiment to run", where=str(experiments_folder()))
    return list(by_name.values())


def complain_of(faults: Iterable[LabError]) -> bool:
    """Complain of faults; return whether one of them is unexpected, which makes the exit code 1."""
    unexpected = False
    for fault in faults:
        complain(fault)
        unexpected |= fault.exit_code == UNEXPECTED
    return unexpected
