"""Draws the figures of one result, or of several on several cores, each as PNG and SVG.

matplotlib is loaded where something is drawn, so that commands which draw nothing stay fast.
"""

import signal
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from lab.catalog.names import figure_kinds, known
from lab.core.errors import UNEXPECTED, LabError, fault_of
from lab.core.figures import Figure
from lab.core.machine import cores
from lab.store.files import replace_file
from lab.store.reading import Results

FEW, AT_ONCE = 3, 4
"""Up to FEW results are drawn here, since it takes a process a second to load what draws; more are drawn in
AT_ONCE processes at most, each of which takes 200 MB.
"""
SAVING: dict[str, dict[str, Any]] = {
    # Level 3: a quarter less time than at 6, for as many bytes.
    "png": {"metadata": {"Software": None}, "pil_kwargs": {"compress_level": 3}},
    "svg": {"metadata": {"Creator": None, "Date": None}},
}
"""The files hold no date and no version, so that equal figures are equal files."""


class Drawing(NamedTuple):
    """What is to be drawn into a folder: figures of a result and its summary."""

    figures: Sequence[Figure]
    results: Results
    summary: pl.DataFrame
    folder: Path


class Drawn(NamedTuple):
    """The files of a result's figures, and why the others could not be drawn."""

    paths: list[Path]
    faults: list[LabError]


def draw_all(drawings: Sequence[Drawing]) -> Iterator[Drawn]:
    """Draw the figures of several results; yield each as it is drawn, in their order.

    On several cores, in processes: matplotlib is Python, and threads would wait for each other.
    """
    if len(drawings) <= FEW or cores() == 1:
        yield from map(draw, drawings)
        return
    from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
    from multiprocessing import get_context

    # Spawned: a fork would copy the locks of polars' threads as they are. Ctrl-C ends this process alone.
    workers, ignore_sigint = min(cores(), AT_ONCE), (signal.SIGINT, signal.SIG_IGN)
    with ProcessPoolExecutor(workers, get_context("spawn"), signal.signal, ignore_sigint) as pool:
        futures = [pool.submit(draw, each) for each in drawings]
        try:
            for drawing, future in zip(drawings, futures, strict=True):
                name = drawing.folder.name
                try:
                    yield future.result()
                except Exception as error:
                    died = isinstance(error, BrokenExecutor)
                    reason = "the process that drew them died" if died else repr(error)
                    what, remedy = f"figures not drawn: {reason}", f"lab plot {name}"
                    yield Drawn([], [LabError(what, where=name, remedy=remedy, exit_code=UNEXPECTED)])
        finally:
            pool.shutdown(cancel_futures=True)


def draw(drawing: Drawing) -> Drawn:
    """Draw the figures of one result; one that cannot be drawn does not keep the others from it."""
    drawn = Drawn([], [])
    for figure in drawing.figures:
        try:
            drawn.paths.extend(render(figure, drawing.results, drawing.summary, drawing.folder))
        except Exception as error:
            drawn.faults.append(fault_of(error, f"{drawing.results.name}: {figure.kind} not drawn"))
    return drawn


def render(figure: Figure, results: Results, summary: pl.DataFrame, folder: Path) -> list[Path]:
    """Draw a figure into a folder as PNG and SVG, each replaced whole, and return the two paths.

    The same numbers give the same bytes. A figure's own question takes the place of the experiment's.
    Raises LabError where there is no such kind of figure, or its options name what was not measured.
    """
    known(figure.kind, figure_kinds(), "kind of figure", where="figures")
    if figure.question:
        experiment = results.environment["experiment"] | {"question": figure.question}
        results = replace(results, environment=results.environment | {"experiment": experiment})
    paths = []
    with styled():
        kind = import_module(f"lab.present.figures.kinds.{figure.kind}")
        page = kind.draw(results, summary, **figure.options)
        for ending, options in SAVING.items():
            buffer = BytesIO()
            page.savefig(buffer, format=ending, **options)
            paths.append(folder / f"{figure.stem}.{ending}")
            replace_file(paths[-1], buffer.getvalue())
    return paths


def styled() -> AbstractContextManager[None]:
    """Draw in the lab's style and nothing else: a reader's own settings must not change a byte."""
    import matplotlib

    return matplotlib.rc_context(fname=Path(__file__).with_name("lab.mplstyle"))
