"""Draws the figures of one result, or of several on several cores."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import polars as pl

from lab.core.errors import UNEXPECTED, LabError, fault_of
from lab.core.figures import Figure
from lab.core.machine import cores
from lab.store.reading import Results

FEW, AT_ONCE = 3, 4
"""Up to FEW results are drawn here, since it takes a process a second to load what draws; more are drawn in
AT_ONCE processes at most, each of which takes 200 MB.
"""


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

    # Spawned: a fork would copy the locks of polars' threads as they are.
    workers = min(cores(), AT_ONCE)
    with ProcessPoolExecutor(workers, get_context("spawn"), initializer=ignore_sigint) as pool:
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
            for future in futures:
                future.cancel()


def ignore_sigint() -> None:
    """Let Ctrl-C end the process that waits for the figures, and not the one that draws them as well."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def draw(drawing: Drawing) -> Drawn:
    """Draw the figures of one result, each as PNG and SVG."""
    drawn = Drawn([], [])
    for figure in drawing.figures:
        try:
            from lab.present.figures.render import render  # loads matplotlib

            drawn.paths.extend(render(figure, drawing.results, drawing.summary, drawing.folder))
        except Exception as error:  # it must not keep the others from being drawn
            drawn.faults.append(fault_of(error, f"{drawing.results.name}: {figure.kind} not drawn"))
    return drawn
