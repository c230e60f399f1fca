"""What several commands take: names with completion, the results folder, JSON."""

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from lab.catalog.experiments import Found, experiment_names, experiments_folder, find
from lab.catalog.names import model_names
from lab.cli.guard import complain
from lab.core.errors import LabError

ALL = "all"


def experiments_and_all() -> list[str]:
    """Complete an experiment's name, or "all"."""
    return [*experiment_names(), ALL]


def models() -> list[str]:
    """Complete a model's name."""
    return model_names()


def result_names() -> list[str]:
    """Complete the name of a finished result in the default folder."""
    from lab.store.folders import Places

    return Places(RESULTS).names()


Out = Annotated[Path, typer.Option("--out", help="The results folder.", metavar="DIR")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]
RESULTS = Path("results")


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
    named = [find(name) for name in dict.fromkeys(names) if name != ALL]
    for found in named:
        if found.fault:
            raise found.fault
    every = [find(name) for name in experiment_names()] if ALL in names else []
    for found in every:
        if found.fault:
            complain(found.fault)
    both: dict[str, Found] = {}
    for found in (*named, *(found for found in every if not found.fault)):
        if both.setdefault(found.name, found).path.resolve() != found.path.resolve():
            remedy = "their results would share a folder: rename one"
            raise LabError(f"is a second experiment {found.name!r}", where=str(found.path), remedy=remedy)
    if not both:
        raise LabError("no experiment to run", where=str(experiments_folder()))
    return list(both.values())
