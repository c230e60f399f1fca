"""`lab doctor`: what this machine is, and what can be measured on it."""

from typing import Annotated, Any

import typer

from lab.cli.options import Json, print_json


def doctor(
    rounds: Annotated[int, typer.Option(min=1, help="Rounds of the A/A.")] = 5,
    pairs: Annotated[int, typer.Option(min=1, help="Disjoint pairs of equals, of each kind of work.")] = 3,
    as_json: Json = False,
) -> None:
    """Say what this machine is and what it can resolve: the baseline is measured against itself.

    Example: lab doctor --rounds 10
    """
    report = examine(rounds, pairs)
    if as_json:
        print_json(report)
    else:
        from lab.doctor.page import page

        print("\n".join(page(report)))


def examine(rounds: int, pairs: int) -> dict[str, Any]:
    """Collect and measure, with progress on stderr; return all of it, as JSON can hold it."""
    import secrets

    from lab.cli.progress import progress, watched
    from lab.doctor import ceiling, facts
    from lab.doctor.pairs import WORKS, judge, measure, plan
    from lab.doctor.remedies import remedies

    known = facts.collect()  # before anything is measured: the load is what others make
    seed = secrets.randbits(32)
    jobs = {work: plan(work, pairs, rounds, seed) for work in WORKS}
    judged = {}
    with progress(sum(len(job.trials()) for job in jobs.values())) as bar:
        for work, job in jobs.items():
            judged[work] = judge(measure(job, lambda trials, job: watched(trials, job, bar)))
    return {
        "facts": known,
        "seed": seed,
        "pairs": judged,
        "server": ceiling.measure(),
        "remedies": remedies(known),
    }
