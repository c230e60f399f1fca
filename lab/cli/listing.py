"""`lab list`: what there is, one line each."""

from typing import Annotated, Literal, get_args

from typer import Argument

from lab.catalog.experiments import experiments_folder
from lab.catalog.models import load_model
from lab.catalog.names import PACKAGE, questions, sentences
from lab.cli.options import Json, complain_of, print_json
from lab.core.errors import LabError

Kind = Literal["experiments", "models", "workloads"]


def listing(
    kind: Annotated[Kind | None, Argument(help="List one kind only.", show_default="all")] = None,
    as_json: Json = False,
) -> None:
    """List experiments, models and workloads, one line each.

    Example: lab list models
    """
    listed = {each: rows(each) for each in ([kind] if kind else get_args(Kind))}
    if as_json:
        print_json(listed)
        return
    for each, described in listed.items():
        if len(listed) > 1:
            print(f"{each}:")
        # Columns by hand: the lab's Table imports Rich, which takes longer than all else here.
        width = max((len(row["name"]) for row in described), default=0)
        for row in described:
            print(f"{row['name']:{width}}  {row['says']}")
            if "unavailable" in row:
                print(f"{'':{width}}  Not here: {row['unavailable']}.")


def rows(kind: Kind) -> list[dict[str, str]]:
    """Return name and sentence of each; of an experiment its file, of a model why it cannot run here."""
    if kind == "experiments":
        folder = experiments_folder()
        asked, faults = questions(folder)
        complain_of(faults)
        return [{"name": name, "says": says, "file": f"{folder / name}.py"} for name, says in asked.items()]
    described = [{"name": name, "says": says} for name, says in sentences(kind).items()]
    for row in described if kind == "models" else ():
        row |= {"unavailable": reason} if (reason := unavailable(row["name"])) else {}
    return described


def unavailable(name: str) -> str:
    """Return why a model cannot run here; only files with that word are loaded, which takes time."""
    if b"unavailable" not in (PACKAGE / "models" / f"{name}.py").read_bytes():
        return ""
    try:
        return load_model(name).unavailable
    except LabError as fault:
        complain_of([fault])
        return ""
