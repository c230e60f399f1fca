"""`lab show` and `lab plot`: the table and the figures again, from the CSV."""

from typing import Annotated

import typer

from lab.cli.options import RESULTS, Json, Out, chosen, print_json, result_names
from lab.core import LabError

Name = Annotated[str, typer.Argument(help="An experiment that was run.", autocompletion=result_names)]
Names = Annotated[
    list[str] | None,
    typer.Argument(help="Experiments that were run, or paths to their files.", autocompletion=result_names),
]


def show(name: Name, out: Out = RESULTS, as_json: Json = False) -> None:
    """Print an experiment's table again, from its CSV.

    Example: lab show fetch
    """
    from lab.cli.tables import show_table
    from lab.stats import summarise
    from lab.store.places import Places
    from lab.store.reading import read

    results = read(Places(out).newest(name))
    summary = summarise(results)
    if as_json:
        print_json([{"experiment": name, **row} for row in summary.to_dicts()])
    else:
        show_table(results, summary)


def plot(names: Names = None, out: Out = RESULTS, as_json: Json = False) -> None:
    """Draw the figures again, from the CSV; those of every result where none is named.

    Example: lab plot fetch cpu
    """
    from lab import derive
    from lab.cli.measuring import draw_and_say
    from lab.store.places import Places
    from lab.store.reading import read

    places = Places(out)
    named = names or places.names()
    if not named:
        raise LabError("nothing measured yet", where=str(out), remedy="lab run all")
    drawn: dict[str, list[str]] = {}
    for found in chosen(named):
        assert found.experiment is not None
        folder = places.newest(found.name)
        results = read(folder)
        summary = derive.write_summary(results, folder)
        paths = draw_and_say(found.experiment.figures, results, summary, folder)
        drawn[found.name] = [str(path) for path in paths]
    if as_json:
        print_json(drawn)
