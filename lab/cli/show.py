"""What was measured, again, from the CSV: `lab show`, `lab plot`, `lab trace` and `lab report`."""

import json
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer
from typer import Argument, Option

from lab.catalog.experiments import ALL, Found, experiment_names
from lab.cli.guard import complain
from lab.cli.options import Json, Out, Result, chosen, complain_of, print_json, result_folder, result_names
from lab.core.errors import LabError
from lab.store.folders import RESULTS, ResultsFolder

RESULTS_HELP = "Experiments that were run, or paths to their files."
Names = Annotated[
    list[str] | None, Argument(help=RESULTS_HELP, show_default="all", autocompletion=result_names)
]


def show(
    name: Result,
    out: Out = RESULTS,
    as_json: Json = False,
    form: Annotated[
        Literal["table", "markdown", "csv"],
        Option("--format", help="A `table` for reading, `markdown`, or `csv` with exact values."),
    ] = "table",
) -> None:
    """Print an experiment's tables and conclusions again, from its CSV.

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
    elif form == "table":
        from rich.console import Console

        console = Console(highlight=False)
        console.print(result.page.drawn(console.width))
    else:  # the tables alone, a row for each case
        from lab.present.tables.exports import as_csv, markdown
        from lab.present.tables.results import tables

        render = as_csv if form == "csv" else markdown
        print("\n".join(map(render, tables(result, result.summary))), end="")
    if complain_of(result.faults):
        raise typer.Exit(1)


def plot(names: Names = None, out: Out = RESULTS, as_json: Json = False) -> None:
    """Draw the figures again, from the CSV.

    Example: lab plot fetch cpu
    """
    from lab.present.events import FiguresDrawn, line
    from lab.present.figures.draw import draw_all
    from lab.present.findings import findings, write_tables
    from lab.store.reading import read

    store = ResultsFolder(out)
    experiments = chosen(names) if names and ALL not in names else known_here(store)
    results = []
    for experiment in experiments:
        folder = store.newest(experiment.name)
        results.append(findings(folder, read(folder), experiment.experiment))
        write_tables(results[-1])
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


def known_here(store: ResultsFolder) -> list[Found]:
    """Return the experiments that have results and can be seen from here; complain of the others."""
    measured, experiments = store.names(), experiment_names()
    if not measured:
        raise LabError("nothing measured yet", where=str(store.out), remedy="lab run all")
    for name in measured:
        if name not in experiments:
            where, remedy = str(store.finished(name)), "give the path of its file: lab plot PATH"
            complain(LabError(f"no experiment {name!r} here", where=where, remedy=remedy))
    return chosen([name for name in measured if name in experiments])


def trace(
    name: Result,
    to: Annotated[
        Path | None, Option("--to", help="Write to this file instead of stdout.", metavar="FILE")
    ] = None,
    out: Out = RESULTS,
) -> None:
    """Print an experiment's timeline as Trace Event JSON, for ui.perfetto.dev or speedscope.app.

    Example: lab trace fetch --to fetch.json
    """
    from lab.present.trace import trace as trace_of
    from lab.store.reading import read

    text = json.dumps(trace_of(read(result_folder(name, out))))
    if to is None:
        print(text)
        return
    try:
        to.write_text(text, encoding="utf-8")
    except OSError as error:
        raise LabError(f"cannot be written: {error.strerror}", where=str(to)) from error


def report(
    out: Out = RESULTS,
    show: Annotated[bool, Option("--open", help="Open the page in the browser.")] = False,
) -> None:
    """Write the page over all results, index.html, from the CSV; draw the figures that are missing.

    Example: lab report --open
    """
    from lab.report import write_report

    path = write_report(out, complain)
    print(f"Report: {path}", file=sys.stderr)
    if show:
        import webbrowser

        if not webbrowser.open(path.resolve().as_uri()):
            raise LabError("no browser could be started", where=str(path), remedy="open the file yourself")
