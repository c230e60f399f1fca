"""Packs the figures' files beside everything else: half of a page's time is spent on them."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from lab.catalog.experiments import Found, experiment_names, find
from lab.core.errors import LabError
from lab.present.figures.filenames import stem
from lab.report import pictures
from lab.report.pictures import Embedded
from lab.store.folders import Places

MANY = 8_000_000
"""So many bytes of figures are too large as they are: not even tried, since that takes a second."""
SHRINKS = (1.0, 2 / 3, 0.5, 0.4)
"""What the pixels of the large pictures are multiplied by where the page would else be too large."""


class Packing:
    """Figures on their way to data URIs, each begun when it is first named and waited for when asked."""

    def __init__(self) -> None:
        # Pillow lets others run while it packs. One thread: two would stand in the readers' way.
        self._pool = ThreadPoolExecutor(1)
        self._embedded: dict[tuple[Path, float], Future[Embedded]] = {}
        self._thumbnails: dict[Path, Future[Embedded]] = {}

    def __enter__(self) -> Packing:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(cancel_futures=True)

    def begin(self, paths: Sequence[Path], shrink: float) -> None:
        """Begin to pack an experiment's figures, and the first of them as a small picture too."""
        for path in paths[:1]:
            if path not in self._thumbnails:
                self._thumbnails[path] = self._pool.submit(pictures.thumbnail, path)
        for path in paths:
            if (path, shrink) not in self._embedded:
                self._embedded[path, shrink] = self._pool.submit(pictures.embedded, path, shrink)

    def embedded(self, path: Path, shrink: float) -> Embedded:
        """Return a figure that was begun, in so much of its pixels; whoever asks helps with the rest."""
        future = self._embedded[path, shrink]
        return pictures.embedded(path, shrink) if future.cancel() else future.result()

    def thumbnail(self, path: Path) -> Embedded:
        """Return the small picture of a figure that was begun first of its experiment's."""
        future = self._thumbnails[path]
        return pictures.thumbnail(path) if future.cancel() else future.result()


def begun(packing: Packing, out: Path) -> None:
    """Begin to pack all figures that are there, before anything is read."""
    figures = []
    for name in Places(out).names():
        with suppress(LabError, OSError):  # whoever reads it tells it
            figures.append(figure_files(Places(out).finished(name), found_of(name)))
    shrink = shrinks(figures)[0]
    for paths in figures:
        packing.begin(paths, shrink)


def shrinks(figures: Sequence[Sequence[Path]]) -> tuple[float, ...]:
    """Return what to shrink the pictures by, first and where that is not enough."""
    size = sum(path.stat().st_size for paths in figures for path in paths)
    return SHRINKS if size <= MANY else SHRINKS[1:]


def found_of(name: str) -> Found | None:
    """Return the experiment's file of that name as it is now; None where there is none."""
    return find(name) if name in experiment_names() else None


def figure_files(folder: Path, found: Found | None) -> list[Path]:
    """Return the figures' PNGs in the order they are declared; all there are where none is.

    Timelines are left out: the page draws its own.
    """
    experiment = found.experiment if found else None
    there = {path.stem: path for path in sorted(folder.glob("*.png"))}
    named = [stem(figure) for figure in experiment.figures] if experiment else list(there)
    return [there[name] for name in named if name in there and not name.startswith("timeline")]
