"""What a run found, for Python: its tables as DataFrames, and all of it to look at in a notebook."""

from __future__ import annotations

import os
from base64 import b64encode
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path
from typing import Any

import polars as pl

from lab.analysis.claims import judge
from lab.analysis.stats import summarise
from lab.core.errors import LabError
from lab.core.experiment import Experiment
from lab.core.words import many
from lab.present.derive import experiment_of, said_by_tables
from lab.present.tables.page import Page, page_of
from lab.store.folders import Places
from lab.store.reading import Results, read

LARGEST_SVG = 1 << 19
"""Bytes; a drawing with more marks than that is shown as PNG."""
WIDTH = 100


@dataclass(frozen=True, eq=False, repr=False)
class Findings:
    """One experiment's results and what follows from them.

    summary: a row for each case and metric, as in summary.csv. claims: a row for each claim, with its
    verdict and evidence. experiment: None where its file is not here.
    """

    folder: Path
    results: Results
    summary: pl.DataFrame
    claims: pl.DataFrame
    experiment: Experiment | None = None

    @property
    def name(self) -> str:
        """Return the experiment's name."""
        return self.results.name

    @property
    def samples(self) -> pl.DataFrame:
        """Return a row for each sample, as in samples.csv."""
        return self.results.samples

    @property
    def trials(self) -> pl.DataFrame:
        """Return a row for each trial, as in trials.csv; why one failed, its `reason` says."""
        return self.results.trials

    @property
    def spans(self) -> pl.DataFrame:
        """Return a row for each task of one sample a case, as in spans.csv."""
        return self.results.spans

    @property
    def environment(self) -> dict[str, Any]:
        """Return the machine, the interpreter, the seed and the command, as in environment.json."""
        return self.results.environment

    @property
    def figures(self) -> list[Path]:
        """Return the figures' PNG files; beside each is the same as SVG."""
        return sorted(self.folder.glob("*.png"))

    @property
    def page(self) -> Page:
        """Return all that is said of the results."""
        page = page_of(self.results, self.summary, self.claims)
        said = said_by_tables(self.experiment.derived, self.results) if self.experiment else []
        return replace(page, sentences=[*page.sentences, *said])

    def __repr__(self) -> str:
        return f"<Findings of {self.name}: {many(self.trials.height, 'trial')} in {self.folder}>"

    def __str__(self) -> str:
        from rich.console import Console

        text = StringIO()
        plain = Console(file=text, width=WIDTH, color_system=None, highlight=False, force_jupyter=False)
        self.page.show(plain)
        return text.getvalue()

    def _repr_html_(self) -> str:
        from lab.present.tables.html import html

        pictures = {path.stem: picture(path) for path in self.figures}
        return html(self.page, pictures)


def load(folder: str | os.PathLike[str]) -> Findings:
    """Return what is in a result's folder, such as "results/fetch", without measuring anything.

    The claims are those of the experiment's file as it is now, where it can be seen from here. Raises
    LabError where nothing is there, or where it is damaged.
    """
    folder = Path(folder)
    if not (folder / "environment.json").exists():
        there = Places(folder).names()
        remedy = (
            f"there are: {', '.join(str(folder / name) for name in there)}" if there else "lab.run(NAME)"
        )
        raise LabError("is no result's folder", where=str(folder), remedy=remedy)
    results = read(folder)
    return findings(folder, results, experiment_of(results.name))


def findings(folder: Path, results: Results, experiment: Experiment | None) -> Findings:
    """Return results with what follows from them; no claims without the experiment."""
    judged = judge(experiment.claims if experiment else (), results)
    return Findings(folder, results, summarise(results), judged, experiment)


def picture(png: Path) -> str:
    """Return a figure as a URL that holds it: the SVG, which is sharp at any size, unless it is large."""
    svg = png.with_suffix(".svg")
    small = svg.exists() and svg.stat().st_size <= LARGEST_SVG
    path, kind = (svg, "svg+xml") if small else (png, "png")
    return f"data:image/{kind};base64,{b64encode(path.read_bytes()).decode()}"
