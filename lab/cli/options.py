"""What several commands share: arguments with completion, names → experiments, and ways to print."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from typer import Argument, Option

from lab.catalog.experiments import ALL, Found, experiment_names, experiments_folder, find
from lab.cli.guard import complain
from lab.core.errors import UNEXPECTED, LabError
from lab.store.folders import RESULTS, ResultsFolder

if TYPE_CHECKING:
    from lab.present.tables.table import Table


def result_names() -> list[str]:
    """Complete the name of a finished result in the default folder."""
    return ResultsFolder(RESULTS).names()


Out = Annotated[Path, Option("--out", help="The results folder.", metavar="DIR")]
Json = Annotated[bool, Option("--json", help="Print JSON for a program to read.")]
Result = Annotated[str, Argument(help="An experiment that was run.", autocompletion=result_names)]


def result_folder(name: str, out: Path) -> Path:
    """Return the folder of an experiment's newest result, by the experiment's name or file."""
    return ResultsFolder(out).newest(Path(name).stem if name.endswith(".py") else name)


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


def complain_of(faults: Sequence[LabError]) -> bool:
    """Complain of faults; return whether one of them is unexpected, which makes the exit code 1."""
    for fault in faults:
        complain(fault)
    return any(fault.exit_code == UNEXPECTED for fault in faults)


def print_json(value: Any) -> None:
    """Print a value on stdout as JSON."""
    print(json.dumps(value, indent=1, default=str))


def print_tables(tables: "Iterable[Table]") -> None:
    """Print tables as a terminal shows them, with a blank line before each that has a title."""
    from rich.console import Console

    from lab.present.tables.terminal import drawn

    console = Console(highlight=False)
    for table in tables:
        if table.title:
            console.print()
        console.print(drawn(table, console.width))
