"""Measures jobs before the user's eyes: progress on stderr, a table of each as it ends on stdout."""

import shlex
import sys
from collections.abc import Sequence
from math import inf
from pathlib import Path
from typing import NoReturn

import polars as pl
import typer
from rich.console import Console
from rich.progress import Progress
from rich.text import Text

from lab.catalog.experiments import experiments_folder
from lab.cli.guard import INTERRUPTED, complain, listening_again
from lab.cli.options import RESULTS, print_json
from lab.cli.progress import progress, watched
from lab.cli.report import write_at_the_end
from lab.cli.tables import show_table
from lab.core.errors import LabError
from lab.core.experiment import Experiment
from lab.present import derive
from lab.runner import trials as runner
from lab.runner.duration import estimated_s
from lab.runner.jobs import Job, begin
from lab.store.folders import Places
from lab.store.reading import Results, read
from lab.store.writing import Writer

LONG_S = 90


def measure_and_show(jobs: Sequence[Job], places: Places, *, resume: bool, as_json: bool) -> None:
    """Measure every job and show it; exit with 1 where a trial failed, with 130 when interrupted."""
    if jobs[0].settings.live:
        runner.check_live(jobs[0].settings.live)
    places.check_writable()
    rows: list[dict[str, object]] = []
    shown: list[tuple[Path, Path]] = []
    failed: dict[str, int] = {}
    say_if_long(0 if resume else sum(estimated_s(job, places) for job in jobs), jobs)
    interrupted = False
    with places.locked():
        for warning in () if resume else begin(jobs, places):
            complain(f"careful: {warning}")
        try:
            with (
                runner.ServerWhenNeeded() as server,
                progress(sum(len(job.trials()) for job in jobs)) as bar,
            ):
                for job in jobs:
                    failed[job.name] = measured(job, places, server, bar)
                    bar.stop()
                    folder, summary = show(job, places, as_json=as_json)
                    rows += [{"experiment": job.name, **row} for row in summary.to_dicts()]
                    shown.append((job.path, folder))
                    bar.start()
            draw_and_say(shown)
        except KeyboardInterrupt:
            say_how_to_resume(jobs, places)
            interrupted = True
    if interrupted:
        leave_a_page(places)
    write_at_the_end(places.out)
    if as_json:
        print_json(rows)
    for name in filter(failed.get, failed):
        words = (
            "1 trial failed; the reason is"
            if failed[name] == 1
            else f"{failed[name]} trials failed; the reasons are"
        )
        folder = places.partial(name) if places.partial(name).exists() else places.finished(name)
        complain(f"{words} in {folder / 'trials.csv'}")
    if any(failed.values()):
        raise typer.Exit(1)


def say_if_long(seconds: float, jobs: Sequence[Job]) -> None:
    """Tell how long a run may take that is worth a coffee: the bar knows it only after a while."""
    if seconds >= LONG_S:
        trials = sum(len(job.trials()) for job in jobs)
        print(f"{trials:,} trials, about {seconds / 60:.0f} min", file=sys.stderr)


def measured(job: Job, places: Places, server: runner.ServerWhenNeeded, bar: Progress) -> int:
    """Measure a job to its end and put it in its place; return how many of its trials failed."""
    writer = Writer(places.partial(job.name))
    bar.update(bar.task_ids[0], advance=len(writer.committed))
    for _ in watched(runner.measure(job, writer, server), job, bar):
        pass
    statuses = read(places.partial(job.name)).trials["status"]
    if "ok" in statuses or not places.finished(job.name).exists():
        if statuses.eq("ok").sum() < good_trials(places.finished(job.name)):
            complain(f"the longer run of before is kept in {places.set_aside(job.name)}")
        places.publish(job.name)
    return statuses.filter(~statuses.is_in(["ok", "skipped"])).len()


def good_trials(folder: Path) -> float:
    """Return how many trials of a result were good; 0 where there is none, no end of them if unreadable."""
    if not folder.exists():
        return 0
    try:
        return int(read(folder).trials["status"].eq("ok").sum())
    except LabError:
        return inf


def show(job: Job, places: Places, *, as_json: bool) -> tuple[Path, pl.DataFrame]:
    """Summarise a finished job and print its table; return its folder and the summary."""
    folder = places.partial(job.name)
    if folder.exists():
        complain(f"nothing that counts was measured; {places.finished(job.name)} is left as it was")
    else:
        folder = places.finished(job.name)
    results = read(folder)
    summary = derive.write_summary(results, folder)
    if not as_json:
        show_table(results, summary, job.experiment.claims)
        say_tables(job.experiment, results)
    for fault in derive.write_tables(job.experiment.derived, results, folder):
        complain(fault)
    return folder, summary


def say_tables(experiment: Experiment, results: Results) -> None:
    """Print what the experiment's own tables say; nothing where it has none."""
    console = Console(highlight=False)
    for sentence in (said := derive.said_by_tables(experiment.derived, results)):
        console.print(Text(sentence))
    if said:
        console.print()


def draw_and_say(results: Sequence[tuple[Path, Path]]) -> list[list[Path]]:
    """Draw the figures of results, each an experiment's file and a folder, and return their files.

    Say where they are, and complain of what has no figure.
    """
    drawn = []
    for paths, faults in derive.draw_all(results):
        for fault in faults:
            complain(fault)
        if paths:
            pictures = ", ".join(str(path) for path in paths if path.suffix == ".png")
            print(f"Figures: {pictures}", file=sys.stderr)
        drawn.append(paths)
    return drawn


def leave_a_page(places: Places) -> NoReturn:
    """Write the page over what is finished, unless Ctrl-C comes once more; exit as interrupted."""
    with listening_again():
        if places.names():
            write_at_the_end(places.out)
    raise typer.Exit(INTERRUPTED)


def say_how_to_resume(jobs: Sequence[Job], places: Places) -> None:
    """Tell what is kept after an interruption, and the command that goes on from there."""
    left = [job for job in jobs if places.partial(job.name).is_dir()]
    if not left:
        complain(f"interrupted; everything was measured and is in {places.out}")
        return
    words = [str(job.path) if job.path.parent != experiments_folder() else job.name for job in left]
    words += [] if places.out == RESULTS else ["--out", str(places.out)]
    complain(f"interrupted; what was measured is kept in {places.partial(left[0].name)}")
    complain(f"to finish: lab run {shlex.join(words)} --resume")


def show_plan(jobs: Sequence[Job], places: Places, *, as_json: bool) -> None:
    """Print every trial in its order, and how long all of them may take."""
    if as_json:
        print_json(
            [
                {
                    "experiment": job.name,
                    "seed": job.settings.seed,
                    "estimated_s": round(estimated_s(job, places), 1),
                    "trials": [{"round": each.round, **each.case.params} for each in job.trials()],
                }
                for job in jobs
            ]
        )
        return
    for job in jobs:
        for each in job.trials():
            print(f"{job.name} round {each.round}: {each.case}")
    for job in jobs:
        settings = job.settings
        batches = f"{settings.warmups} warm-ups and {settings.samples} samples a trial"
        seconds = f"about {estimated_s(job, places):.0f} s"
        print(f"{job.name}: {len(job.cases)} cases, {settings.rounds} rounds, {batches}: {seconds}")
        print(f"{job.name}: the same order again with --seed {settings.seed}")
