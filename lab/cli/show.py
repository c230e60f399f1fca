"""`lab show` and `lab plot`: the tables and the figures again, from the CSV."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lab.catalog.experiments import ALL, Found, experiment_names
from lab.cli.guard import complain
from lab.cli.options import (
    Format,
    Json,
    Out,
    Result,
    chosen,
    complain_of,
    print_json,
    result_folder,
    result_names,
)
from lab.core.errors import LabError
from lab.store.folders import RESULTS, Places

if TYPE_CHECKING:
    from lab.present.findings import Findings

Names = Annotated[
    list[str] | None,
    typer.Argument(
        help="Experiments that were run, or paths to their files.",
        show_default="all",
        autocompletion=result_names,
    ),
]


def show(
    name: Result,
    out: Out = RESULTS,
    as_json: Json = False,
    form: Annotated[
        Format, typer.Option("--format", help="Tables to read, as Markdown, or with exact values.")
    ] = Format.TABLE,
) -> None:
    """Print an experiment's tables again, from its CSV, and what follows from them.

    Example: lab show fetch --format markdown
    """
    from lab.present.findings import load

    folder = result_folder(name, out)
    result = load(folder)
    if folder.suffix == ".partial":
        trials = f"{result.trials.height} trials so far"
        complain(f"{result.name} is unfinished: {trials}; lab run {result.name} --resume")
    if as_json:
        print_json([{"experiment": result.name, **row} for row in result.summary.to_dicts()])
    elif form is not Format.TABLE:
        print_tables(result, form)
    else:
        from rich.console import Console

        console = Console(highlight=False)
        console.print(result.page.drawn(console.width))
    if complain_of(result.faults):
        raise typer.Exit(1)


def print_tables(result: "Findings", form: Format) -> None:
    """Print the tables alone, a row a case, with a blank line between two of them."""
    from lab.present.tables.exports import as_csv, markdown
    from lab.present.tables.results import tables

    render = as_csv if form is Format.CSV else markdown
    print("\n".join(render(table) for table in tables(result, result.summary)), end="")


def plot(names: Names = None, out: Out = RESULTS, as_json: Json = False) -> None:
    """Draw the figures again, from the CSV.

    Example: lab plot fetch cpu
    """
    from lab.present.events import FiguresDrawn, line
    from lab.present.figures.draw import draw_all

    places = Places(out)
    experiments = chosen(names) if names and ALL not in names else known_here(places)
    results = [tables_again(each, places.newest(each.name)) for each in experiments]
    failed = [complain_of(each.faults) for each in results]
    drawn: dict[str, list[Path]] = {}
    for each, (paths, faults) in zip(results, draw_all([each.drawing for each in results]), strict=True):
        failed.append(complain_of(faults))
        if paths:
            print(line(FiguresDrawn(each.name, paths)), file=sys.stderr)
        drawn[each.name] = paths
    if as_json:
        print_json({name: [str(path) for path in paths] for name, paths in drawn.items()})
    if any(failed):
        raise typer.Exit(1)


def tables_again(experiment: Found, folder: Path) -> "Findings":
    """Return what is in a result's folder, its summary and derived tables written anew."""
    from lab.present.findings import findings, write_tables
    from lab.store.reading import read

    result = findings(folder, read(folder), experiment.loaded())
    write_tables(result)
    return result


def known_here(places: Places) -> list[Found]:
    """Return the experiments that have results and can be seen from here; complain of the others."""
    measured, experiments = places.names(), experiment_names()
    if not measured:
        raise LabError("nothing measured yet", where=str(places.out), remedy="lab run all")
    for name in measured:
        if name not in experiments:
            remedy = "give the path of its file: lab plot PATH"
            where = str(places.finished(name))
            complain(LabError(f"no experiment {name!r} here", where=where, remedy=remedy))
    return chosen([name for name in measured if name in experiments])
