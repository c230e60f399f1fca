"""`lab show` and `lab plot`: the table and the figures again, from the CSV."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lab.catalog.experiments import Found, experiment_names
from lab.cli.guard import complain
from lab.cli.options import ALL, RESULTS, Format, Json, Out, chosen, print_json, result_names
from lab.core.errors import LabError

if TYPE_CHECKING:
    from lab.store.folders import Places

Name = Annotated[str, typer.Argument(help="An experiment that was run.", autocompletion=result_names)]
Names = Annotated[
    list[str] | None,
    typer.Argument(help="Experiments that were run, or paths to their files.", autocompletion=result_names),
]


def show(
    name: Name,
    out: Out = RESULTS,
    as_json: Json = False,
    form: Annotated[
        Format, typer.Option("--format", help="Tables to read, as Markdown, or with exact values.")
    ] = Format.TABLE,
) -> None:
    """Print an experiment's tables again, from its CSV, and what follows from them.

    Example: lab show fetch --format markdown
    """
    from lab.analysis.stats import summarise
    from lab.cli.measuring import say_tables
    from lab.cli.tables import print_tables, show_table
    from lab.present.derive import experiment_of
    from lab.store.folders import Places
    from lab.store.reading import read

    name = Path(name).stem if name.endswith(".py") else name
    places = Places(out)
    folder = places.newest(name)
    results = read(folder)
    if folder == places.partial(name):
        complain(f"{name} is unfinished: {results.trials.height} trials so far; lab run {name} --resume")
    summary = summarise(results)
    if as_json:
        print_json([{"experiment": name, **row} for row in summary.to_dicts()])
    elif form is not Format.TABLE:
        print_tables(results, summary, form)
    else:
        experiment = experiment_of(name)
        show_table(results, summary, experiment.claims if experiment else ())
        if experiment is not None:
            say_tables(experiment, results)


def plot(names: Names = None, out: Out = RESULTS, as_json: Json = False) -> None:
    """Draw the figures again, from the CSV; those of every result where none is named.

    Example: lab plot fetch cpu
    """
    from lab.cli.measuring import draw_and_say
    from lab.present import derive
    from lab.store.folders import Places
    from lab.store.reading import read

    places = Places(out)
    measured: dict[str, tuple[Path, Path]] = {}
    for found in chosen(names) if names and ALL not in names else known_here(places):
        assert found.experiment is not None
        folder = places.newest(found.name)
        results = read(folder)
        derive.write_summary(results, folder)
        for fault in derive.write_tables(found.experiment.derived, results, folder):
            complain(fault)
        measured[found.name] = (found.path, folder)
    drawn = draw_and_say(list(measured.values()))
    if as_json:
        print_json(
            {name: [str(path) for path in paths] for name, paths in zip(measured, drawn, strict=True)}
        )


def known_here(places: "Places") -> list[Found]:
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
