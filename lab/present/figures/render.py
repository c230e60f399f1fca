"""Draws a declared figure and writes it as PNG and SVG, the same bytes from the same numbers."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any

import matplotlib
import polars as pl
from matplotlib.figure import Figure as Drawing

from lab.catalog.names import figure_kinds, known
from lab.core.figures import Figure
from lab.present.figures import style
from lab.present.figures.filenames import stem
from lab.store.files import replace_file
from lab.store.reading import Results

Draw = Callable[..., Drawing]
# What would differ from one day or one version to the next stays out of the files.
SAVING: dict[str, dict[str, Any]] = {
    # Level 3: a quarter less time than at 6, for as many bytes.
    "png": {"metadata": {"Software": None}, "pil_kwargs": {"compress_level": 3}},
    "svg": {"metadata": {"Creator": None, "Date": None}},
}


def render(figure: Figure, results: Results, summary: pl.DataFrame, folder: Path) -> list[Path]:
    """Draw a figure into a folder as PNG and SVG, each replaced whole, and return the two paths.

    Raises LabError where there is no such kind of figure, or its options name what was not measured.
    """
    draw = kind(figure.kind)
    paths = []
    with styled():
        drawing = draw(titled(results, figure.question), summary, **figure.options)
        for ending, options in SAVING.items():
            buffer = BytesIO()
            drawing.savefig(buffer, format=ending, **options)
            paths.append(folder / f"{stem(figure)}.{ending}")
            replace_file(paths[-1], buffer.getvalue())
    return paths


def titled(results: Results, question: str) -> Results:
    """Return the results with a figure's own question instead of the experiment's, if it has one."""
    if not question:
        return results
    experiment = results.environment["experiment"] | {"question": question}
    return replace(results, environment=results.environment | {"experiment": experiment})


@contextmanager
def styled() -> Iterator[None]:
    """Draw in the lab's style and nothing else: a reader's own settings must not change a byte."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(style.RC)
        yield


def kind(name: str) -> Draw:
    """Return the function that draws a kind of figure; LabError names the nearest where there is none."""
    known(name, figure_kinds(), "kind of figure", where="figures")
    draw: Draw = import_module(f"lab.present.figures.kinds.{name}").draw
    return draw
