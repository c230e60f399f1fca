"""`lab run`: measure, and show what was measured."""

from collections.abc import Mapping
from typing import Annotated

import typer

from lab.cli.options import RESULTS, Json, Out, chosen, experiments_and_all
from lab.core.errors import LabError

LIVE_URL = "https://www.floatrates.com"


def run(
    names: Annotated[
        list[str],
        typer.Argument(
            help="Experiments, paths to experiment files, or all.",
            metavar="NAME...|all",
            autocompletion=experiments_and_all,
        ),
    ],
    rounds: Annotated[
        int | None, typer.Option(min=1, help="Trials of every case.", show_default="5")
    ] = None,
    samples: Annotated[int | None, typer.Option(min=1, help="Recorded batches a trial.")] = None,
    warmups: Annotated[int | None, typer.Option(min=0, help="Batches before those, not recorded.")] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, help="Seed of the order.", show_default="drawn")
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option(metavar="AXIS=VALUE[,VALUE]", help="Only these cases; repeatable.")
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Everything once, to see that it works.")] = False,
    timeout: Annotated[float | None, typer.Option(min=0.1, help="Seconds a trial may take.")] = None,
    out: Out = RESULTS,
    live: Annotated[
        bool, typer.Option("--live", help="Fetch once, from the real feed; 1 s between cases.")
    ] = False,
    live_url: Annotated[
        str | None, typer.Option(help="Where the real feed is.", show_default=LIVE_URL)
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be measured.")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Finish what was interrupted.")] = False,
    as_json: Json = False,
) -> None:
    """Measure experiments; write CSV and figures, and print a table of each.

    Example: lab run fetch --only model=threads,asyncio --rounds 10
    """
    from lab.runner.plan import parse_only
    from lab.store.folders import Places

    found, filters = chosen(names), parse_only(only or [])  # a mistyped word is told before all is loaded
    import secrets

    from lab.runner.jobs import Settings, new_jobs, unfinished_jobs

    given: dict[str, object] = {"--rounds": rounds, "--samples": samples, "--warmups": warmups}
    if quick or live:
        refuse(given, where="--quick" if quick else "--live", why="everything runs once")
    if not live:
        refuse({"--live-url": live_url}, where="lab run", why="it is only heeded with --live")
    places = Places(out / "live" if live else out)
    if resume:
        given |= {"--seed": seed, "--only": only, "--quick": quick or None, "--timeout": timeout}
        refuse(given, where="--resume", why="the run that was interrupted has settled it")
        jobs = unfinished_jobs(found, places)
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
        jobs = new_jobs(found, settings)
    from lab.cli.measuring import measure_and_show, show_plan

    if dry_run:
        show_plan(jobs, places, as_json=as_json)
    else:
        measure_and_show(jobs, places, resume=resume, as_json=as_json)


def refuse(given: Mapping[str, object], *, where: str, why: str) -> None:
    """Raise LabError for the first option that was given although it can have no effect."""
    for option, value in given.items():
        if value is not None:
            raise LabError(f"{option} has no effect: {why}", where=where, remedy=f"leave out {option}")
