"""What follows from the rows, the summary and the figures: made anew whenever it is asked for."""

import signal
from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import polars as pl

from lab.analysis.claims import SCHEMA, judge
from lab.analysis.stats import summarise
from lab.catalog.experiments import experiment_names, find
from lab.core.derived import Derived
from lab.core.errors import LabError
from lab.core.experiment import Experiment
from lab.core.figures import Figure
from lab.core.machine import cores
from lab.store.files import replace_file
from lab.store.folders import Places
from lab.store.reading import Results, read

Drawn = tuple[list[Path], list[LabError]]
"""Figures' files, and what could not be drawn and why."""
FEW, AT_ONCE = 3, 4
"""So few results are drawn as soon here, since another process has to load what draws; and in so many
processes at most, each of which takes 200 MB.
"""


def write_summary(results: Results, folder: Path) -> pl.DataFrame:
    """Summarise the results, write summary.csv beside them, and return the summary."""
    summary = summarise(results)
    replace_file(folder / "summary.csv", summary.write_csv().encode())
    return summary


def experiment_of(name: str) -> Experiment | None:
    """Return the experiment of that name; None where its file is not here, or faulty."""
    return find(name).experiment if name in experiment_names() else None


def write_claims(out: Path) -> tuple[pl.DataFrame, list[LabError]]:
    """Judge the claims of every finished result in a folder, and write claims.csv there.

    Return a row for each claim (experiment, sentence, statement, verdict, evidence), and what could not
    be judged and why: the claims are those of the experiment's file as it is now.
    """
    tables, faults = [pl.DataFrame(schema={"experiment": pl.String, **SCHEMA})], []
    for name in Places(out).names():
        try:
            found = find(name)
            if found.experiment is None:
                assert found.fault is not None
                raise found.fault
            judged = judge(found.experiment.claims, read(Places(out).finished(name)))
        except LabError as fault:
            faults.append(LabError(f"claims not judged: {fault}", where=name))
            continue
        tables.append(judged.select(pl.lit(name, pl.String).alias("experiment"), *SCHEMA))
    every = pl.concat(tables)
    if not every.is_empty():
        replace_file(out / "claims.csv", every.write_csv().encode())
    return every, faults


def write_tables(derived: Sequence[Derived], results: Results, folder: Path) -> list[LabError]:
    """Write the tables into the folder; return what could not be made and why.

    One that is left from an earlier run, and that these rows do not give, is removed.
    """
    faults: list[LabError] = []
    for each in derived:
        module = of_kind(each)
        try:
            rows = module.table(results, **each.options)
        except LabError as fault:
            (folder / module.FILE).unlink(missing_ok=True)
            where = f"{results.name}: no {module.FILE}"
            faults.append(LabError(fault.what, where=where, remedy=fault.remedy))
        else:
            replace_file(folder / module.FILE, rows.write_csv().encode())
    return faults


def said_by_tables(derived: Sequence[Derived], results: Results) -> list[str]:
    """Return what the tables say, a sentence each; nothing of those that cannot be made."""
    said: list[str] = []
    for each in derived:
        with suppress(LabError):  # whoever writes them says so
            module = of_kind(each)
            said += module.sentences(module.table(results, **each.options))
    return said


def of_kind(derived: Derived) -> Any:
    """Return the module that makes a table; it loads scipy."""
    return import_module(f"lab.analysis.predict.{derived.kind}")


def draw_all(results: Sequence[tuple[Path, Path]]) -> Iterator[Drawn]:
    """Draw the figures of several results, each an experiment's file and a folder; yield each as drawn.

    On several cores, in processes: matplotlib is Python, and threads would wait for each other.
    """
    if len(results) <= FEW or cores() == 1:
        yield from (draw_result(*each) for each in results)
        return
    from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
    from multiprocessing import get_context

    # Spawned: a fork would copy the locks of polars' threads as they are.
    with ProcessPoolExecutor(
        min(cores(), AT_ONCE), get_context("spawn"), initializer=ignore_sigint
    ) as pool:
        drawn = [pool.submit(draw_result, *each) for each in results]
        try:
            for (_, folder), future in zip(results, drawn, strict=True):
                try:
                    yield future.result()
                except BrokenExecutor:
                    what = "figures not drawn: the process that drew them died"
                    yield [], [LabError(what, where=folder.name, remedy=f"lab plot {folder.name}")]
        finally:
            for future in drawn:
                future.cancel()


def ignore_sigint() -> None:
    """Let Ctrl-C end the one who waits for the figures, and not the process that draws them as well."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def draw_result(experiment: Path, folder: Path) -> Drawn:
    """Draw the figures that an experiment's file declares, from the rows in the folder."""
    found, results = find(str(experiment)).experiment, read(folder)
    return draw(found.figures if found else (), results, summarise(results), folder)


def draw(figures: Sequence[Figure], results: Results, summary: pl.DataFrame, folder: Path) -> Drawn:
    """Draw the figures into the folder; return their files, and what could not be drawn and why."""
    if not figures:
        return [], []
    from lab.present.figures.render import render  # loads matplotlib

    paths: list[Path] = []
    faults: list[LabError] = []
    for figure in figures:
        try:
            paths += render(figure, results, summary, folder)
        except LabError as fault:
            where = f"{results.name}: {figure.kind} not drawn"
            faults.append(LabError(fault.what, where=where, remedy=fault.remedy))
    return paths, faults
