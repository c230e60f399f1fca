"""What follows from the rows, the summary and the figures: made anew whenever it is asked for."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from lab.core import Figure, LabError
from lab.stats import summarise
from lab.store.files import replace_file
from lab.store.reading import Results


def write_summary(results: Results, folder: Path) -> pl.DataFrame:
    """Summarise the results, write summary.csv beside them, and return the summary."""
    summary = summarise(results)
    replace_file(folder / "summary.csv", summary.write_csv().encode())
    return summary


def draw(
    figures: Sequence[Figure], results: Results, summary: pl.DataFrame, folder: Path
) -> tuple[list[Path], list[LabError]]:
    """Draw the figures into the folder; return their files, and what could not be drawn and why."""
    if not figures:
        return [], []
    from lab.figures.render import render  # loads matplotlib

    paths: list[Path] = []
    faults: list[LabError] = []
    for figure in figures:
        try:
            paths += render(figure, results, summary, folder)
        except LabError as fault:
            where = f"{results.name}: {figure.kind} not drawn"
            faults.append(LabError(fault.what, where=where, remedy=fault.remedy))
    return paths, faults
