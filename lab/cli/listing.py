"""`lab list`: what there is, one line each."""

import os
from enum import StrEnum
from typing import Annotated

import typer

from lab.catalog.experiments import experiments_folder
from lab.catalog.models import load_model
from lab.catalog.names import sentences
from lab.catalog.questions import questions
from lab.cli.guard import complain
from lab.cli.options import Json, print_json


class Kind(StrEnum):
    """What can be listed."""

    EXPERIMENTS = "experiments"
    MODELS = "models"
    WORKLOADS = "workloads"


def listing(
    kind: Annotated[Kind | None, typer.Argument(help="One kind only.")] = None, as_json: Json = False
) -> None:
    """List experiments, models and workloads, one line each.

    Example: lab list models
    """
    kinds = [kind] if kind else list(Kind)
    found = {each.value: experiments() if each is Kind.EXPERIMENTS else described(each) for each in kinds}
    if as_json:
        print_json(found)
        return
    for each, rows in found.items():
        if len(found) > 1:
            print(f"{each}:")
        width = max((len(row["name"]) for row in rows), default=0)
        for row in rows:
            print(f"{row['name']:{width}}  {row['says']}")
            if "unavailable" in row:
                print(f"{'':{width}}  Not here: {row['unavailable']}.")


def described(kind: Kind) -> list[dict[str, str]]:
    """Return name and first sentence of all models or workloads, and why a model cannot run here."""
    rows = []
    for name, says in sentences(kind).items():
        reason = unavailable(name) if kind is Kind.MODELS else ""
        rows.append({"name": name, "says": says} | ({"unavailable": reason} if reason else {}))
    return rows


def unavailable(model: str) -> str:
    """Return why this platform cannot run a model; on one that can fork, nothing is missing."""
    return "" if hasattr(os, "fork") else load_model(model).unavailable


def experiments() -> list[dict[str, str]]:
    """Return name, question and file of all experiments; complain of those that have a fault."""
    folder = experiments_folder()
    asked, faults = questions(folder)
    for fault in faults:
        complain(fault)
    return [
        {"name": name, "says": says, "file": str(folder / f"{name}.py")} for name, says in asked.items()
    ]
