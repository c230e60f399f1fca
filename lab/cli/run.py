"""`lab run`: measure, and show what was measured."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Argument, Option

from lab.catalog.experiments import ALL, experiment_names
from lab.cli.guard import JSON_EVENTS
from lab.cli.options import Json, Out, chosen, print_json
from lab.core.errors import LabError
from lab.store.folders import RESULTS, ResultsFolder

if TYPE_CHECKING:
    from lab.runner.jobs import Job

NAMES_HELP = "Experiments, paths to experiment files, or all."
ITS_OWN = "the experiment's"
LIVE_URL = "https://www.floatrates.com"


def run(
    names: Annotated[
        list[str],
        Argument(help=NAMES_HELP, metavar="NAME...|all", autocompletion=lambda: [*experiment_names(), ALL]),
    ],
    rounds: Annotated[int | None, Option(min=1, help="Trials of each case.", show_default="5")] = None,
    samples: Annotated[
        int | None, Option(min=1, help="Recorded batches in each trial.", show_default=ITS_OWN)
    ] = None,
    warmups: Annotated[
        int | None, Option(min=0, help="Batches before the samples, not recorded.", show_default=ITS_OWN)
    ] = None,
    seed: Annotated[
        int | None, Option(min=0, help="Seed of the trials' order.", show_default="random")
    ] = None,
    only: Annotated[
        list[str] | None,
        Option(metavar="AXIS=VALUE[,VALUE]", help="Measure only these cases; can be repeated."),
    ] = None,
    quick: Annotated[bool, Option("--quick", help="Run each case once, to see that it works.")] = False,
    timeout: Annotated[
        float | None, Option(min=0.1, help="Seconds after which a trial is stopped.", show_default=ITS_OWN)
    ] = None,
    out: Out = RESULTS,
    live: Annotated[
        bool, Option("--live", help="Fetch from the live website: one round, a second between trials.")
    ] = False,
    live_url: Annotated[
        str | None, Option(help="The address of the live website.", show_default=LIVE_URL)
    ] = None,
    dry_run: Annotated[
        bool, Option("--dry-run", help="List the trials and how long they take; measure nothing.")
    ] = False,
    resume: Annotated[bool, Option("--resume", help="Finish a run that was interrupted.")] = False,
    as_json: Json = False,
    json_events: Annotated[
        bool, Option(JSON_EVENTS, help="Print each event of the run as a line of JSON.")
    ] = False,
) -> None:
    """Measure experiments: write CSV and figures, and print a table of each.

    Example: lab run fetch --only model=threads,asyncio --rounds 10
    """
    from lab.runner.plan import parse_only

    experiments, filters = chosen(names), parse_only(only or [])  # a slip is reported before all is loaded
    given: dict[str, object] = {"--rounds": rounds, "--samples": samples, "--warmups": warmups}
    if quick or live:
        refuse(given, where="--quick" if quick else "--live", why="everything runs once")
    if not live:
        refuse({"--live-url": live_url}, where="lab run", why="it needs --live")
    if json_events:
        given_too = {"--json": as_json or None, "--dry-run": dry_run or None}
        refuse(given_too, where=JSON_EVENTS, why="nothing but the events of a run is printed")
    store = ResultsFolder(out / "live" if live else out)
    import secrets

    from lab.runner.jobs import Settings, new_jobs, unfinished_jobs

    if resume:
        given |= {"--seed": seed, "--only": only, "--quick": quick or None, "--timeout": timeout}
        refuse(given, where="--resume", why="the run that was interrupted has settled it")
        jobs = unfinished_jobs(experiments, store)
    else:
        settings = Settings(
            rounds=rounds or 5,
            samples=samples,
            warmups=warmups,
            seed=secrets.randbits(32) if seed is None else seed,
            timeout_s=timeout,
            only=filters,
            quick=quick,
            live=(live_url or LIVE_URL).rstrip("/") if live else "",
        )
        jobs = new_jobs(experiments, settings)
    if dry_run:
        show_plan(jobs, store, as_json=as_json)
        return
    from contextlib import closing

    from lab import pipeline
    from lab.cli.terminal import Terminal, handled, print_event

    happening = pipeline.run(jobs, store, resume=resume)
    with closing(Terminal(as_json=as_json)) as show:
        raise typer.Exit(handled(happening, print_event if json_events else show))


def refuse(given: Mapping[str, object], *, where: str, why: str) -> None:
    """Raise LabError for the first option that was given although it can have no effect."""
    for option, value in given.items():
        if value is not None:
            raise LabError(f"{option} has no effect: {why}", where=where, remedy=f"leave out {option}")


def show_plan(jobs: Sequence["Job"], store: ResultsFolder, *, as_json: bool) -> None:
    """Print every trial in its order, and how long all of them may take."""
    from lab.runner.duration import estimated_s

    plans = [
        {
            "experiment": job.name,
            "seed": job.settings.seed,
            "estimated_s": round(estimated_s(job, store), 1),
            "trials": [{"round": each.round, **each.case.params} for each in job.trials()],
        }
        for job in jobs
    ]
    if as_json:
        print_json(plans)
        return
    for job in jobs:
        for each in job.trials():
            print(f"{job.name} round {each.round}: {each.case}")
    for job, plan in zip(jobs, plans, strict=True):
        settings = job.settings
        batches = f"{settings.warmups} warm-ups and {settings.samples} samples per trial"
        rounds = f"{len(job.cases)} cases, {settings.rounds} rounds, {batches}"
        print(f"{job.name}: {rounds}: about {plan['estimated_s']:.0f} s")
        print(f"{job.name}: the same order again with --seed {settings.seed}")
