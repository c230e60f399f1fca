"""`lab run`, as a stream of events: measure, publish, summarise, judge, derive, draw, write the page."""

import shlex
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, field

from lab.catalog.experiments import experiments_folder
from lab.core.errors import INTERRUPTED, SOME_FAILED, UNEXPECTED, LabError, attempted
from lab.present import events
from lab.present.events import Event, Warned
from lab.present.figures.draw import draw_all
from lab.present.findings import findings, write_tables
from lab.present.templates import say
from lab.runner.duration import estimated_s
from lab.runner.jobs import Job, begin
from lab.runner.plan import Planned
from lab.runner.trials import ServerWhenNeeded, check_live, measure
from lab.store.folders import RESULTS, ResultsFolder
from lab.store.reading import read
from lab.store.writing import Writer, publish

Events = Generator[Event, None, None]


@dataclass
class RunOutcome:
    """The experiments of a run that have ended so far, and whether anything failed."""

    ended: list[events.ExperimentEnded] = field(default_factory=list)
    failed: bool = False


def run(jobs: Sequence[Job], store: ResultsFolder, *, resume: bool = False, page: bool = True) -> Events:
    """Measure every job and show what follows from it; then draw, and write the page over all results.

    A fault in summarising, judging or drawing one experiment is a warning, and the others go on.
    An interruption, which may also be thrown in, ends the trial in flight and keeps the trials before it.
    Raises LabError where nothing can be measured or written.
    """
    if jobs[0].settings.live:
        check_live(jobs[0].settings.live)
    store.check_writable()
    outcome, exit_code = RunOutcome(), 0
    with store.locked():
        yield from began(jobs, store, resume=resume)
        try:
            yield from measured(jobs, store, outcome)
            yield from drawn(jobs, outcome)
        except KeyboardInterrupt:
            exit_code = INTERRUPTED
            yield interruption(jobs, store)
    if page and store.names():
        yield page_over(store, outcome)
    if exit_code != INTERRUPTED:
        yield from failures(outcome)
    yield events.Done(exit_code or (SOME_FAILED if outcome.failed else 0))


def began(jobs: Sequence[Job], store: ResultsFolder, *, resume: bool) -> Events:
    """Begin a run, or take one up again that was interrupted."""
    seconds = 0.0 if resume else sum(estimated_s(job, store) for job in jobs)
    advice = [] if resume else begin(jobs, store)
    rows = sum(len(Writer(store.partial(job.name)).committed) for job in jobs) if resume else 0
    yield events.RunBegan([job.name for job in jobs], sum(len(job.trials()) for job in jobs), rows, seconds)
    yield from (Warned(text, advice=True) for text in advice)


def measured(jobs: Sequence[Job], store: ResultsFolder, outcome: RunOutcome) -> Events:
    """Measure every job; publish each and say what follows from it."""
    with ServerWhenNeeded() as server:
        for job in jobs:
            writer = Writer(store.partial(job.name))
            yield from trials(job, writer, server)
            results = read(writer.folder)
            folder, note = publish(store, job.name, results)
            if note:
                yield Warned(note)
            result = findings(folder, results, job.experiment)
            write_tables(result)
            failed = int((~results.trials["status"].is_in(["ok", "skipped"])).sum())
            outcome.failed |= failed > 0
            outcome.ended.append(events.ExperimentEnded(job.name, folder, failed, result))
            yield outcome.ended[-1]
            yield from warned(result.faults, outcome)


def trials(job: Job, writer: Writer, server: ServerWhenNeeded) -> Events:
    """Measure the trials of a job that have no row yet."""
    rounds = job.settings.rounds
    for each in measure(job, writer, server):
        if isinstance(each, Planned):
            yield events.TrialBegan(job.name, each.round, rounds, each.trial, each.case)
            continue
        row = (each.status, each.reason, each.wall_s)
        yield events.TrialEnded(job.name, each.round, each.trial, each.case, *row)
        if each.trial % len(job.cases) == 0:
            yield events.RoundEnded(job.name, each.round, rounds)


def drawn(jobs: Sequence[Job], outcome: RunOutcome) -> Events:
    """Draw the figures of all experiments, when all are measured: it would disturb the trials."""
    drawings = draw_all([each.findings.drawing for each in outcome.ended])
    for job, each in zip(jobs, drawings, strict=True):
        yield from warned(each.faults, outcome)
        if each.paths:
            yield events.FiguresDrawn(job.name, each.paths)


def warned(faults: Iterable[LabError], outcome: RunOutcome) -> Events:
    """Warn of faults; the run has failed where one is unexpected, and not where numbers are missing."""
    for fault in faults:
        outcome.failed |= fault.exit_code == UNEXPECTED
        yield Warned(str(fault))


def page_over(store: ResultsFolder, outcome: RunOutcome) -> Event:
    """Write the page; a fault here loses no measurement."""
    from lab.report import write_report

    faults: list[LabError] = []
    at_hand = {each.folder: each.findings for each in outcome.ended if each.findings.summary.width}
    what = "the report was not written"
    page = attempted(lambda: write_report(store.out, at_hand=at_hand), None, what, faults)
    return events.PageWritten(page) if page else Warned(say("no_page", fault=faults[0]))


def failures(outcome: RunOutcome) -> Events:
    """Say which experiments have trials that failed, and where the reasons are."""
    for each in outcome.ended:
        if each.failed:
            yield Warned(say("failed_trials", failed=each.failed, path=each.folder / "trials.csv"))


def interruption(jobs: Sequence[Job], store: ResultsFolder) -> events.Interrupted:
    """Return what is kept after an interruption, and the command that goes on from there."""
    left = [job for job in jobs if store.partial(job.name).is_dir()]
    if not left:
        return events.Interrupted(store.out, "")
    names = [str(job.path) if job.path.parent != experiments_folder() else job.name for job in left]
    out = [] if store.out == RESULTS else ["--out", str(store.out)]
    command = f"lab run {shlex.join([*names, *out])} --resume"
    return events.Interrupted(store.partial(left[0].name), command)
