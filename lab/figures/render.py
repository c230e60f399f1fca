"""Draws a declared figure and writes it as PNG and SVG, the same bytes from the same numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from difflib import get_close_matches
from importlib import import_module
from io import BytesIO
from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

import matplotlib
import polars as pl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure as Drawing

from lab import figures
from lab.core import Figure, LabError
from lab.figures import style
from lab.figures.stems import stem
from lab.store.files import replace_file

if TYPE_CHECKING:
    from lab.store.reading import Results

Draw = Callable[..., Drawing]
# What would differ from one day or one version to the next stays out of the files.
SAVING: dict[str, dict[str, Any]] = {
    # Level 3: a quarter less time than at 6, for as many bytes.
    "png": {"metadata": {"Software": None}, "pil_kwargs": {"compress_level": 3}},
    "svg": {"metadata": {"Creator": None, "Date": None}},
}
CANVASES = {"png": FigureCanvasAgg, "svg": FigureCanvasSVG}


def render(figure: Figure, results: Results, summary: pl.DataFrame, folder: Path) -> list[Path]:
    """Draw a figure into a folder as PNG and SVG, each replaced whole, and return the two paths.

    Raises LabError where there is no such kind of figure, or its options name what was not measured.
    """
    draw = kind(figure.kind)
    paths = []
    with styled():
        drawing = draw(titled(results, figure.question), summary, **figure.options)
        for ending, canvas in CANVASES.items():
            buffer = BytesIO()
            canvas(drawing)
            drawing.savefig(buffer, format=ending, **SAVING[ending])
            paths.append(folder / f"{stem(figure)}.{ending}")
            replace_file(paths[-1], buffer.getvalue())
    return paths


def titled(results: Results, question: str) -> Results:
    """Return the results with a figure's own question in the place of the experiment's, if it has one."""
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
    """Return the function that draws a kind of figure.

    Raises LabError, naming the nearest kind and all there are, where there is none of that name.
    """
    kinds = _kinds()
    if name not in kinds:
        near = get_close_matches(name, kinds, 1, 0)[0]
        remedy = f"did you mean {near!r}? there are {', '.join(kinds)}"
        raise LabError(f"no kind of figure {name!r}", where="figures", remedy=remedy)
    return kinds[name]


def _kinds() -> dict[str, Draw]:
    """Return every module of this package that has `draw`, by name."""
    modules = {
        found.name: import_module(f"{figures.__name__}.{found.name}")
        for found in iter_modules(figures.__path__)
    }
    return {name: module.draw for name, module in sorted(modules.items()) if hasattr(module, "draw")}
